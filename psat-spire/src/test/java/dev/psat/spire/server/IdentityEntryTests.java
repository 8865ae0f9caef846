package dev.psat.spire.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.test.SimulatedEntries;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Registration entries that come late, go, come back, and change.
 */
@ExtendWith(OutputCaptureExtension.class)
class IdentityEntryTests {

	private static final String OTHER = "spiffe://example.org/other";

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	@Test
	void missingEntryIsWaitedForByOneCallEach() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.withoutEntry());
		this.fixture.start();
		this.fixture.awaitState(SpireState.WAITING_FOR_ENTRY);
		assertThat(this.fixture.status().lastError()).isNull();
		this.fixture.await().until(() -> this.fixture.calls(SpireMethod.GET_AUTHORIZED_ENTRIES) > 1);
		assertThat(this.fixture.status().candidates()).isZero();
		assertThat(this.fixture.calls(SpireMethod.GET_BUNDLE)).isEqualTo(1);
		server.register(this.fixture.pod(), "demo");
		this.fixture.awaitState(SpireState.READY);
	}

	@Test
	void entryThatTheServerDoesNotKnowOfANewAgentYetIsWaitedFor() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload().entryCacheReload(Duration.ofHours(1)));
		this.fixture.start();
		this.fixture.awaitState(SpireState.WAITING_FOR_ENTRY);
		server.entries().reload();
		this.fixture.awaitState(SpireState.READY);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void entriesOfMoreThanAWorkloadOrOfAnotherAreNone() throws IOException {
		SimulatedEntries entries = this.fixture.serve(this.fixture.withoutEntry()).entries();
		entries.createAlias(IdentityFixture.ALIAS, "k8s_psat:cluster:demo");
		entries.create(IdentityFixture.ALIAS, OTHER + "/1", (entry) -> entry.selectors("k8s:ns:shop").admin(true));
		entries.create(IdentityFixture.ALIAS, OTHER + "/2", (entry) -> entry.selectors("k8s:ns:shop").downstream(true));
		entries.create(IdentityFixture.ALIAS, OTHER + "/3", (entry) -> entry.selectors("k8s:ns:shop").storeSvid(true));
		entries.create(IdentityFixture.ALIAS, OTHER + "/4", (entry) -> entry.selectors("k8s:sa:returns"));
		entries.create(IdentityFixture.ALIAS, "spiffe://example.org/spire/other",
				(entry) -> entry.selectors("k8s:ns:shop"));
		entries.create(IdentityFixture.ALIAS, "spiffe://example.com/other", (entry) -> entry.selectors("k8s:ns:shop"));
		this.fixture.start();
		this.fixture.awaitState(SpireState.WAITING_FOR_ENTRY);
		this.fixture.await().untilAsserted(() -> assertThat(this.fixture.status().candidates()).isZero());
		assertThat(this.fixture.calls(SpireMethod.BATCH_NEW_X509_SVID)).isZero();
		entries.create(IdentityFixture.ALIAS, IdentityFixture.ORDERS, (entry) -> entry.selectors("k8s:sa:orders"));
		this.fixture.awaitState(SpireState.READY);
		assertThat(this.fixture.status().candidates()).isEqualTo(1);
	}

	@Test
	void severalIdsAreLeftToTheApplication() throws IOException {
		SimulatedEntries entries = this.fixture.serve(this.fixture.workload()).entries();
		entries.create(IdentityFixture.ALIAS, OTHER, (entry) -> entry.selectors("k8s:ns:shop"));
		SpireIdentity undecided = this.fixture.start();
		this.fixture.awaitReason("AMBIGUOUS_ENTRY");
		assertThat(undecided.status().state()).isEqualTo(SpireState.WAITING_FOR_ENTRY);
		assertThat(undecided.status().candidates()).isEqualTo(2);
		assertThat(this.fixture.lastError().message()).contains(IdentityFixture.ORDERS, OTHER);
		undecided.close();
		this.fixture.ready(this.fixture.builder().spiffeId(SpiffeId.parse(OTHER)));
		assertThat(this.fixture.identity().x509Svid().spiffeId()).hasToString(OTHER);
	}

	@Test
	void idInForceStaysAmongSeveralWithAWarning(CapturedOutput output) throws IOException {
		SimulatedEntries entries = this.fixture.serve(this.fixture.workload()).entries();
		this.fixture.ready();
		entries.create(IdentityFixture.ALIAS, OTHER, (entry) -> entry.selectors("k8s:ns:shop"));
		this.fixture.await().untilAsserted(() -> assertThat(this.fixture.status().candidates()).isEqualTo(2));
		this.fixture.awaitVisits(3);
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.READY);
		assertThat(this.fixture.status().lastError()).isNull();
		assertThat(this.fixture.identity().x509Svid().spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(this.fixture.generation()).isEqualTo(1);
		assertThat(output.getOut().lines().filter((line) -> line.contains("remains the identity"))).singleElement()
			.asString()
			.contains("WARN");
		assertThat(output.getOut().lines().filter((line) -> line.contains("can obtain 2 identities"))).hasSize(1);
	}

	@Test
	void entryThatIsGoneIsMissedAfterThreeMinutesAndItsSvidServes() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.withoutEntry());
		String orders = server.register(this.fixture.pod(), "demo");
		this.fixture.ready();
		server.entries().delete(orders);
		this.fixture.await().untilAsserted(() -> assertThat(this.fixture.status().candidates()).isZero());
		assertThat(this.fixture.status().lastError()).isNull();
		this.fixture.time().pass(Duration.ofMinutes(3));
		this.fixture.awaitReason("NO_ENTRY");
		assertThat(this.fixture.lastError().advice()).contains("'k8s:sa:orders'");
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.READY);
		assertThat(this.fixture.identity().x509Svid().spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(this.fixture.generation()).isEqualTo(1);
		server.register(this.fixture.pod(), "demo");
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		this.fixture.await().until(() -> this.fixture.status().lastError() == null);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void anotherEntryDoesNotReplaceTheOneInForceThatIsMissing() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.withoutEntry());
		String orders = server.register(this.fixture.pod(), "demo");
		this.fixture.ready();
		server.entries().create(this.fixture.agentId(), OTHER, (entry) -> entry.selectors("k8s:ns:shop"));
		server.entries().delete(orders);
		int looks = this.fixture.calls(SpireMethod.GET_AUTHORIZED_ENTRIES);
		this.fixture.await().until(() -> this.fixture.calls(SpireMethod.GET_AUTHORIZED_ENTRIES) >= looks + 2);
		assertThat(this.fixture.status().candidates()).isEqualTo(1);
		assertThat(this.fixture.identity().x509Svid().spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(this.fixture.generation()).isEqualTo(1);
		server.register(this.fixture.pod(), "demo");
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		assertThat(this.fixture.identity().x509Svid().spiffeId()).hasToString(IdentityFixture.ORDERS);
	}

	@Test
	void changeOfTheEntryIsTakenAtOnce() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.withoutEntry());
		String orders = server.register(this.fixture.pod(), "demo");
		SpireIdentity identity = this.fixture.ready();
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
		server.entries().change(orders, (entry) -> entry.dnsNames("orders.shop"));
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		assertThat(identity.x509Svid().spiffeId()).hasToString(IdentityFixture.ORDERS);
		server.entries().change(orders, (entry) -> entry.spiffeId(OTHER));
		this.fixture.await().until(() -> this.fixture.generation() == 3);
		assertThat(identity.x509Svid().spiffeId()).hasToString(OTHER);
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(OTHER);
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.generation()).isEqualTo(3);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void jwtSvidIsReusedWhileAnObserverHoldsBackTheSvidOfAChangedEntry() throws Exception {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.withoutEntry());
		String orders = server.register(this.fixture.pod(), "demo");
		SpireIdentity identity = this.fixture.ready();
		CompletableFuture<Void> obtained = new CompletableFuture<>();
		CompletableFuture<Void> released = new CompletableFuture<>();
		identity.addObserver(new SpireObserver() {

			@Override
			public Ending requesting(Request request) {
				return (outcome) -> {
					if (request.type() == Request.Type.X509_SVID) {
						obtained.complete(null);
						IdentityEntryTests.this.fixture.time().hangStubbornly(released);
					}
				};
			}

		});
		server.entries().change(orders, (entry) -> entry.hint("other"));
		this.fixture.await().until(obtained::isDone);
		int before = this.fixture.calls(SpireMethod.NEW_JWT_SVID);
		for (int i = 0; i < 5; i++) {
			identity.jwtSvid("bank");
		}
		assertThat(this.fixture.calls(SpireMethod.NEW_JWT_SVID)).isEqualTo(before + 1);
		released.complete(null);
		this.fixture.await().until(() -> this.fixture.generation() == 2);
	}

}
