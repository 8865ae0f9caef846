package dev.psat.spire.test;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.psat.spire.test.proto.Entry;
import dev.psat.spire.test.proto.EntryMask;
import dev.psat.spire.test.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.GetAuthorizedEntriesResponse;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * The Entry API. Source: {@code api/entry/v1/service.go}; the transcripts {@code entries}
 * and {@code federation/entries-*} prove it, masks included. Fields that the client's
 * messages lack, such as the parent ID, are omitted.
 */
final class EntryService {

	private final SimulatedEntries entries;

	EntryService(SimulatedEntries entries) {
		this.entries = entries;
	}

	ServerServiceDefinition definition() {
		return ServerServiceDefinition.builder(SpireMethod.GET_AUTHORIZED_ENTRIES.service())
			.addMethod(SpireMethods.GET_AUTHORIZED_ENTRIES, ServerCalls.asyncUnaryCall(this::getAuthorizedEntries))
			.addMethod(SpireMethods.SYNC_AUTHORIZED_ENTRIES,
					ServerCalls.asyncBidiStreamingCall((answers) -> new EntrySync(authorizedEntries(), answers)))
			.build();
	}

	private void getAuthorizedEntries(GetAuthorizedEntriesRequest request,
			StreamObserver<GetAuthorizedEntriesResponse> answer) {
		GetAuthorizedEntriesResponse.Builder response = GetAuthorizedEntriesResponse.newBuilder();
		@Nullable EntryMask mask = request.hasOutputMask() ? request.getOutputMask() : null;
		authorizedEntries().forEach((entry) -> response.addEntries(masked(entry, mask)));
		answer.onNext(response.build());
		answer.onCompleted();
	}

	private List<Entry> authorizedEntries() {
		return this.entries.authorizedFor(Caller.KEY.get().requiredSpiffeId())
			.stream()
			.map((cached) -> cached.entry().toMessage(cached.id()))
			.toList();
	}

	static Entry masked(Entry entry, @Nullable EntryMask mask) {
		if (mask == null) {
			return entry;
		}
		Entry.Builder masked = entry.toBuilder();
		clear(mask, EntryMask::getSpiffeId, masked, Entry.Builder::clearSpiffeId);
		clear(mask, EntryMask::getSelectors, masked, Entry.Builder::clearSelectors);
		clear(mask, EntryMask::getFederatesWith, masked, Entry.Builder::clearFederatesWith);
		clear(mask, EntryMask::getAdmin, masked, Entry.Builder::clearAdmin);
		clear(mask, EntryMask::getDownstream, masked, Entry.Builder::clearDownstream);
		clear(mask, EntryMask::getRevisionNumber, masked, Entry.Builder::clearRevisionNumber);
		clear(mask, EntryMask::getStoreSvid, masked, Entry.Builder::clearStoreSvid);
		clear(mask, EntryMask::getHint, masked, Entry.Builder::clearHint);
		clear(mask, EntryMask::getCreatedAt, masked, Entry.Builder::clearCreatedAt);
		clear(mask, EntryMask::getAdditionalAttributes, masked, Entry.Builder::clearAdditionalAttributes);
		return masked.build();
	}

	private static void clear(EntryMask mask, Predicate<EntryMask> wanted, Entry.Builder entry,
			Consumer<Entry.Builder> clear) {
		if (!wanted.test(mask)) {
			clear.accept(entry);
		}
	}

}
