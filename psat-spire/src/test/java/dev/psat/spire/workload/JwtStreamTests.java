package dev.psat.spire.workload;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import dev.psat.support.HangingLog;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JwtKeeper} and its stream.
 */
@ExtendWith(OutputCaptureExtension.class)
class JwtStreamTests {

	private static final TrustDomain OWN = TrustDomain.of("example.org");

	private static final Map<TrustDomain, TrustBundle> FEDERATED = Map.of(ScriptedAgent.PARTNER,
			ScriptedAgent.bundle(ScriptedAgent.PARTNER, ScriptedAgent.OTHER));

	private final ScriptedAgent agent = new ScriptedAgent(new SvidPreference(null, null), ScriptedAgent.PARTNER);

	@Test
	void authoritiesOfBothStreamsAreServedTogether() {
		this.agent.message(FEDERATED, this.agent.svid("orders", null));
		assertThat(keys(OWN)).isEmpty();
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "1"), ScriptedAgent.jwtBundle(ScriptedAgent.PARTNER, "2"),
				ScriptedAgent.jwtBundle(ScriptedAgent.STRANGER, "3"));
		assertThat(keys(OWN)).containsExactly("1");
		assertThat(keys(ScriptedAgent.PARTNER)).containsExactly("2");
		assertThat(this.agent.view().federation().bundle(ScriptedAgent.STRANGER, true)).isNull();
		TrustBundle own = this.agent.view().trustBundle();
		assertThat(own).isNotNull().satisfies((bundle) -> assertThat(bundle.x509Authorities()).isNotEmpty());
		// neither stream takes away what the other has brought
		this.agent.message(FEDERATED, this.agent.svid("orders", null));
		assertThat(this.agent.view().trustBundle()).isSameAs(own);
		assertThat(keys(ScriptedAgent.PARTNER)).containsExactly("2");
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "4"));
		assertThat(keys(OWN)).containsExactly("4");
		assertThat(keys(ScriptedAgent.PARTNER)).isEmpty();
	}

	@Test
	void authoritiesThatComeFirstAreServedWithTheSvid() {
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "1"));
		assertThat(this.agent.view().trustBundle()).isNull();
		this.agent.message(this.agent.svid("orders", null));
		assertThat(keys(OWN)).containsExactly("1");
	}

	@Test
	void trustDomainThatIsNotOfferedIsNotTrustedForJwtSvidsEither() {
		this.agent.message(FEDERATED, this.agent.svid("orders", null));
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "1"), ScriptedAgent.jwtBundle(ScriptedAgent.PARTNER, "2"));
		this.agent.message(this.agent.svid("orders", null));
		assertThat(this.agent.view().federation().bundle(ScriptedAgent.PARTNER, true)).isNull();
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "1"), ScriptedAgent.jwtBundle(ScriptedAgent.PARTNER, "2"));
		assertThat(this.agent.view().federation().bundle(ScriptedAgent.PARTNER, true)).isNull();
	}

	/**
	 * Whichever stream is the first to tell.
	 */
	@Test
	void trustThatComesAndGoesWithJwtAuthoritiesIsLoggedOnce(CapturedOutput output) {
		Map<TrustDomain, TrustBundle> empty = Map.of(ScriptedAgent.PARTNER,
				TrustBundle.of(ScriptedAgent.PARTNER, List.of(), List.of(), null, null));
		TrustBundle jwt = ScriptedAgent.jwtBundle(ScriptedAgent.PARTNER, "2");
		this.agent.message(empty, this.agent.svid("orders", null));
		this.agent.jwtMessage(jwt);
		assertThat(output).containsOnlyOnce("Trusting workloads of partner.org from now on (0 X.509 and 1 JWT");
		this.agent.message(FEDERATED, this.agent.svid("orders", null));
		this.agent.message(empty, this.agent.svid("orders", null));
		this.agent.jwtMessage(jwt);
		assertThat(output).containsOnlyOnce("Trusting workloads of partner.org")
			.doesNotContain("No longer trusting workloads of partner.org");
		this.agent.jwtMessage();
		assertThat(output).containsOnlyOnce("No longer trusting workloads of partner.org");
		this.agent.message(empty, this.agent.svid("orders", null));
		assertThat(output).containsOnlyOnce("No longer trusting workloads of partner.org");
	}

	/**
	 * They never expire, and an agent that is gone tells of no revocation.
	 */
	@Test
	void ownAuthoritiesCountAsLongAsAnSvidIsInForce() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "1"));
		this.agent.failure(WorkloadFailureReason.NOBODY_LISTENS);
		this.agent.pass(ScriptedAgent.LIFE.minusSeconds(2));
		assertThat(keys(OWN)).containsExactly("1");
		this.agent.pass(Duration.ofSeconds(1));
		assertThat(this.agent.state()).isEqualTo(SpireState.EXPIRED);
		assertThat(keys(OWN)).isEmpty();
		assertThat(this.agent.view().trustBundle()).isNotNull()
			.satisfies((bundle) -> assertThat(bundle.x509Authorities()).isNotEmpty());
		this.agent.message(this.agent.svid("orders", null));
		assertThat(keys(OWN)).containsExactly("1");
	}

	@Test
	void authoritiesGoWithTheSvid() {
		this.agent.message(FEDERATED, this.agent.svid("orders", null));
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "1"));
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		this.agent.pass(Duration.ofSeconds(30));
		assertThat(this.agent.view().trustBundle()).isNull();
		assertThat(this.agent.view().federation().bundle(ScriptedAgent.PARTNER, true)).isNull();
		this.agent.jwtFailure(WorkloadFailureReason.NO_IDENTITY);
		this.agent.time.pass(Duration.ofSeconds(30));
		this.agent.jwtFailure(WorkloadFailureReason.NO_IDENTITY);
		this.agent.message(this.agent.svid("orders", null));
		assertThat(keys(OWN)).isEmpty();
	}

	@Test
	void authoritiesGoBeforeAnythingIsLogged() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "1"));
		CompletableFuture<Duration> refusal;
		try (HangingLog log = new HangingLog(SpireIdentity.class.getName(), "UNIMPLEMENTED")) {
			refusal = CompletableFuture.supplyAsync(() -> this.agent.jwtFailure(WorkloadFailureReason.UNIMPLEMENTED),
					(task) -> new Thread(task).start());
			log.awaitHanging();
			assertThat(keys(OWN)).isEmpty();
		}
		assertThat(refusal).succeedsWithin(Patience.LIMIT);
	}

	@Test
	void authoritiesOfAStreamThatWasNotRefusedComeBackWithTheSvid() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "1"));
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		this.agent.pass(Duration.ofSeconds(30));
		assertThat(this.agent.view().trustBundle()).isNull();
		this.agent.message(this.agent.svid("orders", null));
		assertThat(keys(OWN)).containsExactly("1");
	}

	@Test
	void agentWithoutJwtSvidsIsNoFailure(CapturedOutput output) {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "1"));
		for (int i = 0; i < 2; i++) {
			assertThat(this.agent.jwtFailure(WorkloadFailureReason.UNIMPLEMENTED)).isEqualTo(Duration.ofMinutes(10));
			assertThat(this.agent.state()).isEqualTo(SpireState.READY);
			assertThat(this.agent.reason()).isNull();
			assertThat(keys(OWN)).isEmpty();
		}
		assertThat(output).containsOnlyOnce("UNIMPLEMENTED: ");
		assertThat(this.agent.refreshed).doesNotContain("unimplemented");
	}

	@Test
	void rejectedRequestIsNotRepeated() {
		this.agent.message(this.agent.svid("orders", null));
		assertThat(this.agent.jwtFailure(WorkloadFailureReason.INVALID_REQUEST)).isEqualTo(Duration.ofMinutes(10));
		assertThat(this.agent.reason()).isEqualTo("INVALID_REQUEST");
		assertThat(this.agent.state()).isEqualTo(SpireState.READY);
	}

	@Test
	void refusalThatStandsTakesTheAuthorities() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "1"));
		this.agent.jwtFailure(WorkloadFailureReason.NO_IDENTITY);
		this.agent.time.pass(Duration.ofSeconds(29));
		this.agent.jwtFailure(WorkloadFailureReason.NO_IDENTITY);
		assertThat(keys(OWN)).containsExactly("1");
		this.agent.time.pass(Duration.ofSeconds(1));
		this.agent.jwtFailure(WorkloadFailureReason.NO_IDENTITY);
		assertThat(keys(OWN)).isEmpty();
		assertThat(this.agent.state()).isEqualTo(SpireState.READY);
		assertThat(this.agent.reason()).isEqualTo("NO_IDENTITY");
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "1"));
		assertThat(this.agent.reason()).isNull();
	}

	@ParameterizedTest
	@EnumSource(names = { "SOCKET_MISSING", "UNAVAILABLE", "TIMED_OUT" })
	void outageTakesNothing(WorkloadFailureReason reason) {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.jwtMessage(ScriptedAgent.jwtBundle(OWN, "1"));
		assertThat(this.agent.jwtFailure(reason)).isLessThanOrEqualTo(Duration.ofSeconds(5));
		this.agent.pass(Duration.ofMinutes(20));
		this.agent.jwtFailure(reason);
		assertThat(keys(OWN)).containsExactly("1");
		assertThat(this.agent.reason()).isEqualTo(reason.name());
	}

	private List<String> keys(TrustDomain trustDomain) {
		TrustBundle bundle = trustDomain.equals(OWN) ? this.agent.view().trustBundle()
				: this.agent.view().federation().bundle(trustDomain, true);
		return (bundle != null) ? bundle.jwtAuthorities().stream().map((authority) -> authority.keyId()).toList()
				: List.of("none");
	}

}
