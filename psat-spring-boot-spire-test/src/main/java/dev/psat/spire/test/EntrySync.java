package dev.psat.spire.test;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.psat.spire.test.proto.Entry;
import dev.psat.spire.test.proto.EntryMask;
import dev.psat.spire.test.proto.EntryRevision;
import dev.psat.spire.test.proto.SyncAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.SyncAuthorizedEntriesResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * Tells an agent its entries: at once, or if that would be more than a page, page by page
 * their revisions, and then those that it asks for. Source of order, codes and wording:
 * {@code api/entry/v1/service.go}.
 */
final class EntrySync implements StreamObserver<SyncAuthorizedEntriesRequest> {

	static final int PAGE = 500;

	private final List<Entry> entries;

	private final StreamObserver<SyncAuthorizedEntriesResponse> answers;

	private @Nullable EntryMask mask;

	private boolean begun;

	private boolean ended;

	EntrySync(List<Entry> entries, StreamObserver<SyncAuthorizedEntriesResponse> answers) {
		this.entries = entries;
		this.answers = answers;
	}

	@Override
	public void onNext(SyncAuthorizedEntriesRequest request) {
		if (this.ended) {
			return;
		}
		if (this.begun) {
			sendEntries(request.getIdsList());
			return;
		}
		this.begun = true;
		this.mask = request.hasOutputMask() ? request.getOutputMask() : null;
		if (request.getIdsCount() > 0) {
			refuse("specifying IDs on initial request is not supported");
		}
		else if (this.mask != null && !this.mask.getRevisionNumber()) {
			refuse("revision number cannot be masked");
		}
		else if (this.entries.size() > PAGE) {
			sendRevisions();
		}
		else {
			this.answers.onNext(page(this.entries, false));
			complete();
		}
	}

	private void refuse(String message) {
		this.ended = true;
		this.answers.onError(Statuses.of(Status.Code.INVALID_ARGUMENT, message));
	}

	private void sendRevisions() {
		for (int from = 0; from < this.entries.size(); from += PAGE) {
			int to = Math.min(from + PAGE, this.entries.size());
			SyncAuthorizedEntriesResponse.Builder page = SyncAuthorizedEntriesResponse.newBuilder()
				.setMore(to < this.entries.size());
			this.entries.subList(from, to)
				.forEach((entry) -> page.addEntryRevisions(EntryRevision.newBuilder()
					.setId(entry.getId())
					.setRevisionNumber(entry.getRevisionNumber())
					.setCreatedAt(entry.getCreatedAt())));
			this.answers.onNext(page.build());
		}
	}

	private void sendEntries(List<String> ids) {
		Map<String, Entry> known = this.entries.stream().collect(Collectors.toMap(Entry::getId, Function.identity()));
		List<Entry> found = ids.stream().sorted().filter(known::containsKey).map(known::get).toList();
		int from = 0;
		for (; found.size() - from > PAGE; from += PAGE) {
			this.answers.onNext(page(found.subList(from, from + PAGE), true));
		}
		this.answers.onNext(page(found.subList(from, found.size()), false));
	}

	private SyncAuthorizedEntriesResponse page(List<Entry> entries, boolean more) {
		SyncAuthorizedEntriesResponse.Builder page = SyncAuthorizedEntriesResponse.newBuilder().setMore(more);
		entries.forEach((entry) -> page.addEntries(EntryService.masked(entry, this.mask)));
		return page.build();
	}

	private void complete() {
		this.ended = true;
		this.answers.onCompleted();
	}

	@Override
	public void onError(Throwable ex) {
		// the agent has gone
	}

	@Override
	public void onCompleted() {
		if (this.begun) {
			if (!this.ended) {
				complete();
			}
		}
		else {
			this.answers.onError(Statuses.of(Status.Code.UNKNOWN, "EOF"));
		}
	}

}
