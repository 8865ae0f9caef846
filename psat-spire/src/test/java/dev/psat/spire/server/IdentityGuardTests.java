package dev.psat.spire.server;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.internal.VisitException;
import dev.psat.token.TokenClaims;
import dev.psat.token.TokenClaims.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link Attestation.IdentityGuard}.
 */
class IdentityGuardTests {

	private static final SpiffeId NODE = SpiffeId.parse("spiffe://example.org/spire/agent/k8s_psat/demo/9c2d");

	private static final SpiffeId POD = SpiffeId
		.parse("spiffe://example.org/spire/agent/k8s_psat/demo/pod/" + TestClaims.POD_UID);

	private final Attestation.IdentityGuard guard = new Attestation.IdentityGuard(false);

	private final Attestation.IdentityGuard permissive = new Attestation.IdentityGuard(true);

	@Test
	void tokenOfAPodMayBeSent() {
		assertThatNoException().isThrownBy(() -> this.guard.checkBefore(TestClaims.POD));
	}

	@Test
	void tokenThatNamesNoPodIsNotSent() {
		assertNotSent(TokenClaims.NONE);
		assertNotSent(withPod(new Reference("orders-1", null)));
		assertNotSent(withPod(new Reference("orders-1", "")));
	}

	@Test
	void identityOfThePodIsTaken() {
		assertThatNoException().isThrownBy(() -> this.guard.checkAfter(POD, TestClaims.POD));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/spire/agent/k8s_psat/demo/9c2d", "/spire/agent/k8s_psat/demo/pod/other",
			"/spire/agent/k8s_psat/demo/" + TestClaims.POD_UID,
			"/spire/agent/k8s_psat/demo/pod/" + TestClaims.POD_UID + "/x",
			"/spire/agent/k8s_psat/demo/pod/x" + TestClaims.POD_UID })
	void anyOtherIdentityIsRefused(String path) {
		SpiffeId id = SpiffeId.parse("spiffe://example.org" + path);
		assertThatExceptionOfType(VisitException.class).isThrownBy(() -> this.guard.checkAfter(id, TestClaims.POD))
			.withMessageContaining(id.toString())
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("NODE_IDENTITY"));
	}

	@Test
	void adviceShowsWhatBelongsIntoTheConfigurationOfTheServer() {
		assertThatExceptionOfType(VisitException.class).isThrownBy(() -> this.guard.checkAfter(NODE, TestClaims.POD))
			.satisfies((ex) -> assertThat(ex.advice()).contains("use_pod_uid_for_agent_id = true",
					"service_account_allow_list = [\"shop:orders\"]", "'spire.server.allow-node-identity'"));
	}

	@Test
	void adviceForATokenThatNamesNothingHoldsPlacesToFillIn() {
		assertThatExceptionOfType(VisitException.class).isThrownBy(() -> this.guard.checkAfter(NODE, TokenClaims.NONE))
			.satisfies((ex) -> assertThat(ex.advice()).contains("[\"<namespace>:<service account>\"]"));
	}

	@Test
	void identityOfTheNodeIsTakenWhereThatIsAllowed() {
		assertThatNoException().isThrownBy(() -> {
			this.permissive.checkBefore(TokenClaims.NONE);
			this.permissive.checkAfter(NODE, TestClaims.POD);
		});
	}

	private void assertNotSent(TokenClaims claims) {
		assertThatExceptionOfType(VisitException.class).isThrownBy(() -> this.guard.checkBefore(claims))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("TOKEN_UNAVAILABLE"));
	}

	private static TokenClaims withPod(Reference pod) {
		return TokenClaims.builder().namespace("shop").pod(pod).build();
	}

}
