package dev.psat.spire.test;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.psat.spire.test.proto.Entry;
import dev.psat.spire.test.proto.EntryMask;
import dev.psat.spire.test.proto.EntryRevision;
import dev.psat.spire.test.proto.SyncAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.SyncAuthorizedEntriesResponse;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EntrySync}.
 */
class EntrySyncTests {

	private static final SyncAuthorizedEntriesRequest FIRST = SyncAuthorizedEntriesRequest.newBuilder()
		.setOutputMask(EntryMask.newBuilder().setRevisionNumber(true).setSpiffeId(true))
		.build();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.entryCacheReload(Duration.ZERO)
		.limitAttestations(false)
		.workload(this.kubelet)
		.build();

	private final TestSvid agent = TestClient.attest(this.server, this.kubelet.token());

	@AutoClose
	private final TestClient client = TestClient.of(this.server, this.agent);

	@Test
	void fewEntriesAreSentAtOnceAndMasked() {
		assertThat(sync(FIRST)).singleElement().satisfies((answer) -> {
			assertThat(answer.getMore()).isFalse();
			assertThat(answer.getEntriesList()).singleElement().satisfies((entry) -> {
				assertThat(entry.getSpiffeId().getPath()).isEqualTo("/ns/shop/sa/orders");
				assertThat(entry.getHint()).isEmpty();
			});
		});
		assertThat(sync(SyncAuthorizedEntriesRequest.getDefaultInstance()).get(0).getEntriesList())
			.isEqualTo(this.client.entries());
		assertThat(this.server.journal().calls(SpireMethod.SYNC_AUTHORIZED_ENTRIES)).isEqualTo(2);
	}

	@Test
	void noEntriesAreAnAnswerToo() {
		this.server.entries().delete(this.client.entries().get(0).getId());
		assertThat(sync(FIRST)).containsExactly(SyncAuthorizedEntriesResponse.getDefaultInstance());
	}

	@Test
	void ofManyEntriesRevisionsAreSentAndThenWhatIsAskedFor() {
		List<String> ids = createUpTo(2 * EntrySync.PAGE + 1);
		this.server.entries().change(ids.get(0), (entry) -> {
		});
		List<SyncAuthorizedEntriesResponse> answers = sync(FIRST, ask(ids), ask(List.of("unknown", ids.get(1))));
		assertThat(answers).extracting(SyncAuthorizedEntriesResponse::getMore)
			.containsExactly(true, true, false, true, true, false, false);
		List<EntryRevision> revisions = answers.stream()
			.flatMap((answer) -> answer.getEntryRevisionsList().stream())
			.toList();
		assertThat(revisions).extracting(EntryRevision::getId).containsExactlyInAnyOrderElementsOf(ids);
		assertThat(revisions).filteredOn((revision) -> revision.getRevisionNumber() == 1)
			.extracting(EntryRevision::getId)
			.containsExactly(ids.get(0));
		assertThat(revisions).allSatisfy((revision) -> assertThat(revision.getCreatedAt()).isPositive());
		assertThat(answers.subList(3, 6).stream().flatMap((answer) -> answer.getEntriesList().stream()))
			.extracting(Entry::getId)
			.containsExactlyElementsOf(ids.stream().sorted().toList());
		assertThat(answers.get(6).getEntriesList()).extracting(Entry::getId).containsExactly(ids.get(1));
	}

	@Test
	void aFullPageIsSentAtOnce() {
		createUpTo(EntrySync.PAGE);
		assertThat(sync(FIRST)).singleElement()
			.satisfies((answer) -> assertThat(answer.getEntriesList()).hasSize(EntrySync.PAGE));
	}

	@Test
	void whatAServerRefusesIsRefused() {
		assertRefused(ask(List.of("some")), "specifying IDs on initial request is not supported");
		assertRefused(SyncAuthorizedEntriesRequest.newBuilder()
			.setOutputMask(EntryMask.newBuilder().setSpiffeId(true))
			.build(), "revision number cannot be masked");
		assertThat(TestClient.status(() -> sync()).getCode()).isEqualTo(Status.Code.UNKNOWN);
		try (TestClient anonymous = TestClient.anonymous(this.server)) {
			assertThat(TestClient.status(() -> anonymous.stream(SpireMethods.SYNC_AUTHORIZED_ENTRIES, FIRST)).getCode())
				.isEqualTo(Status.Code.PERMISSION_DENIED);
		}
	}

	private void assertRefused(SyncAuthorizedEntriesRequest request, String message) {
		Status status = TestClient.status(() -> sync(request));
		assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
		assertThat(status.getDescription()).isEqualTo(message);
	}

	private List<String> createUpTo(int number) {
		String parent = this.agent.id();
		List<Entry> before = this.client.entries();
		Stream<String> created = IntStream.range(before.size(), number)
			.mapToObj((i) -> this.server.entries().create(parent, "spiffe://example.org/workload/" + i));
		return Stream.concat(before.stream().map(Entry::getId), created).toList();
	}

	private static SyncAuthorizedEntriesRequest ask(List<String> ids) {
		return SyncAuthorizedEntriesRequest.newBuilder().addAllIds(ids).build();
	}

	private List<SyncAuthorizedEntriesResponse> sync(SyncAuthorizedEntriesRequest... requests) {
		return this.client.stream(SpireMethods.SYNC_AUTHORIZED_ENTRIES, requests);
	}

}
