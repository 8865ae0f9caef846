package dev.psat.spire.server;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.VisitException;
import dev.psat.token.TokenClaims;
import dev.psat.token.TokenClaims.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureAdvice} and for the reasons that need none.
 */
class FailureAdviceTests {

	private static final TokenClaims NAMELESS = TokenClaims.builder()
		.namespace("shop")
		.serviceAccount(new Reference(null, null))
		.build();

	@ParameterizedTest
	@EnumSource(FailureReason.class)
	void everyReasonHasAdviceInWholeSentences(FailureReason reason) {
		assertThat(FailureAdvice.of(reason, TestClaims.POD)).matches("[A-Z].*[^ .]\\.")
			.doesNotContain("  ", "%", "..", "null");
	}

	@ParameterizedTest
	@EnumSource(FailureReason.class)
	void adviceNeedsNoClaims(FailureReason reason) {
		String advice = FailureAdvice.of(reason, null);
		assertThat(advice).doesNotContain("null");
		assertThat(FailureAdvice.of(reason, TokenClaims.NONE)).isEqualTo(advice);
		assertThat(FailureAdvice.of(reason, NAMELESS)).doesNotContain("null");
	}

	@ParameterizedTest
	@EnumSource(FailureReason.class)
	void adviceHoldsNothingOfTheTokenButItsServiceAccount(FailureReason reason) {
		TokenClaims claims = TokenClaims.builder()
			.issuer("issuer-claim")
			.subject("subject-claim")
			.audiences(List.of("audience-claim"))
			.id("id-claim")
			.namespace("shop")
			.serviceAccount(new Reference("orders", "account-uid"))
			.pod(new Reference("pod-claim", "pod-uid-claim"))
			.node(new Reference("node-claim", "node-uid"))
			.build();
		assertThat(FailureAdvice.of(reason, claims)).doesNotContain("-claim", "account-uid", "node-uid");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a\nb", "a b", "a\"b", "A", "-a", "a-", "a:b", "\u00e4", "${a}" })
	void whatIsNoNameOfKubernetesIsNotShown(String name) {
		TokenClaims claims = TokenClaims.builder().namespace(name).serviceAccount(new Reference(name, null)).build();
		assertThat(FailureAdvice.of(FailureReason.SERVICE_ACCOUNT_NOT_ALLOWED, claims))
			.contains("\"<namespace>:<service account>\"");
		assertThat(FailureAdvice.namespace(claims)).isEqualTo("<namespace>");
		assertThat(FailureAdvice.serviceAccount(claims)).isEqualTo("<service account>");
	}

	@Test
	void nameOfKubernetesIsShownUpToItsLength() {
		assertThat(shown("a")).isEqualTo("a");
		assertThat(shown("orders.v1-b")).isEqualTo("orders.v1-b");
		assertThat(shown("a".repeat(253))).hasSize(253);
		assertThat(shown("a".repeat(254))).isEqualTo("<service account>");
	}

	private static String shown(String name) {
		return FailureAdvice.serviceAccount(TokenClaims.builder().serviceAccount(new Reference(name, null)).build());
	}

	@Test
	void serviceAccountThatIsNotAllowedIsNamedAsTheListOfTheServerNamesIt() {
		assertThat(FailureAdvice.of(FailureReason.SERVICE_ACCOUNT_NOT_ALLOWED, TestClaims.POD))
			.contains("\"shop:orders\"");
		assertThat(FailureAdvice.of(FailureReason.SERVICE_ACCOUNT_NOT_ALLOWED, null))
			.contains("\"<namespace>:<service account>\"");
	}

	/**
	 * An API server answers with an error, and never without one, to a token that another
	 * cluster signed.
	 */
	@Test
	void tokenOfAnotherClusterIsACauseOfAFailedReviewAlone() {
		assertThat(FailureAdvice.of(FailureReason.TOKEN_REVIEW_FAILED, null))
			.contains("API server of the pod's own cluster");
		assertThat(FailureAdvice.of(FailureReason.TOKEN_NOT_AUTHENTICATED, null)).contains("webhook")
			.doesNotContain("cluster");
	}

	@Test
	void callThatWasCancelledNeedNotHaveBeenSoByTheEndOfTheApplication() {
		assertThat(FailureAdvice.of(FailureReason.CANCELLED, null)).contains("interrupted", "tries again unless");
	}

	@Test
	void serverThatLimitsAttestationsIsWaitedForAsLongAsTheTimeoutAllows() {
		assertThat(FailureAdvice.of(FailureReason.RATE_LIMITED, null)).contains("'spire.server.attest-timeout'");
	}

	@Test
	void reasonsOfOursAreNotThoseOfTheClient() {
		Set<String> reasons = Arrays.stream(FailureReason.values()).map(Enum::name).collect(Collectors.toSet());
		assertThat(VisitException.OwnReason.values()).extracting(Enum::name).doesNotContainAnyElementsOf(reasons);
	}

}
