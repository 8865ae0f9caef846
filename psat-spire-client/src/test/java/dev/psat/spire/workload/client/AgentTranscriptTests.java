package dev.psat.spire.workload.client;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.Transcripts;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.MessageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a real SPIRE Agent answers, by our messages and values.
 */
class AgentTranscriptTests {

	private static final WorkloadAnswers ANSWERS = new WorkloadAnswers();

	private static final TrustDomain OWN = TrustDomain.of("example.org");

	private static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	@ParameterizedTest
	@CsvSource({ "x509-in-force, EC", "x509, EC", "x509-rotated, EC", "two-equal-hints, EC", "rsa-x509, RSA",
			"jwt-off-x509, EC" })
	void svidComesWithItsKeyAndItsBundle(String step, String algorithm) {
		WorkloadX509Svid svid = only(step);
		assertThat(svid.svid().spiffeId().toString()).startsWith("spiffe://example.org/orders");
		assertThat(svid.privateKey().getAlgorithm()).isEqualTo(algorithm);
		assertThat(svid.trustBundle().trustDomain()).isEqualTo(OWN);
		assertThat(svid.trustBundle().x509Authorities()).hasSize(1);
		assertThat(svid.trustBundle().jwtAuthorities()).isEmpty();
		assertThat(x509(step).federatedBundles()).isEmpty();
	}

	@Test
	void newStreamBeginsWithTheSvidInForce() {
		assertThat(leaf("x509")).isEqualTo(leaf("x509-in-force"));
		assertThat(leaf("x509-rotated")).isNotEqualTo(leaf("x509"));
		assertThat(only("x509-after-exchange").svid().hint()).isEqualTo("v2");
	}

	@Test
	void hintsTellSvidsApart() {
		assertThat(x509("two").svids()).extracting((svid) -> svid.svid().hint())
			.containsExactlyInAnyOrder("internal", "external");
		assertThat(only("two-one-deleted").svid().hint()).isEqualTo("internal");
		assertThat(only("two-equal-hints").svid().hint()).isEqualTo("same");
	}

	@Test
	void federatedBundlesComeWithTheSvidsUntilFederationEnds() {
		assertThat(x509("federated-x509").federatedBundles()).containsOnlyKeys(PARTNER);
		assertThat(x509("federated-x509-ended").federatedBundles()).isEmpty();
		assertThat(leaf("federated-x509-ended")).isEqualTo(leaf("federated-x509"));
		Map<TrustDomain, TrustBundle> bundles = bundles("federated-x509-bundles");
		assertThat(bundles).containsOnlyKeys(OWN, PARTNER);
		assertThat(bundles.get(PARTNER)).isEqualTo(x509("federated-x509").federatedBundles().get(PARTNER));
		assertThat(jwtAuthorities("federated-jwt-bundles")).containsOnlyKeys(OWN, PARTNER)
			.allSatisfy((trustDomain, bundle) -> assertThat(bundle.jwtAuthorities()).hasSize(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "x509-bundles", "verifier-x509-bundles" })
	void bundlesHaveTheOwnTrustDomain(String step) {
		assertThat(bundles(step)).containsOnlyKeys(OWN);
	}

	@ParameterizedTest
	@CsvSource({ "jwt-bundles, 1", "verifier-jwt-bundles, 1", "rotation-jwt-before, 1", "rotation-jwt-prepared, 2",
			"rotation-jwt-revoked, 1", "jwt-off-jwt-bundles, 0" })
	void jwtAuthoritiesAreReadWithoutTheirUse(String step, int authorities) {
		assertThat(jwtAuthorities(step)).containsOnlyKeys(OWN);
		assertThat(bundle(step).jwtAuthorities()).hasSize(authorities);
	}

	@Test
	void rotationOfTheAuthorityReachesSvidAndBundle() {
		List<X509Authority> before = authorities("rotation-before");
		List<X509Authority> prepared = authorities("rotation-prepared");
		assertThat(prepared).hasSize(2).containsAll(before);
		assertThat(authorities("rotation-tainted-same")).isEqualTo(prepared);
		assertThat(leaf("rotation-tainted-same")).isEqualTo(leaf("rotation-before"));
		assertThat(authorities("rotation-tainted")).containsExactlyInAnyOrderElementsOf(prepared);
		assertThat(leaf("rotation-tainted")).isNotEqualTo(leaf("rotation-before"));
		assertThat(authorities("rotation-revoked")).hasSize(1).doesNotContainAnyElementsOf(before);
		assertThat(leaf("rotation-revoked")).isEqualTo(leaf("rotation-tainted"));
	}

	@Test
	void rotationOfTheJwtAuthorityReachesTheBundle() {
		List<JwtAuthority> before = bundle("rotation-jwt-before").jwtAuthorities();
		assertThat(bundle("rotation-jwt-prepared").jwtAuthorities()).containsAll(before);
		assertThat(bundle("rotation-jwt-revoked").jwtAuthorities()).doesNotContainAnyElementsOf(before);
	}

	@ParameterizedTest
	@CsvSource({ "jwtsvid, orders", "jwtsvid-two-audiences, orders billing", "jwtsvid-by-id, orders",
			"jwtsvid-two-entries, orders" })
	void jwtSvidIsForItsAudiences(String step, String audience) {
		List<String> requested = List.of(audience.split(" "));
		List<WorkloadJwtSvid> svids = ANSWERS.jwtSvids(reply(step), requested, null);
		assertThat(svids).hasSize(step.endsWith("-entries") ? 2 : 1)
			.noneMatch(WorkloadJwtSvid::isSingleUse)
			.allSatisfy((svid) -> assertThat(svid.svid().audience()).isEqualTo(requested));
	}

	@ParameterizedTest
	@CsvSource({ "jwtsvid, orders, ''", "jwtsvid-two-audiences, orders billing, ''",
			"jwtsvid-by-id, orders, spiffe://example.org/orders-web" })
	void requestIsWrittenAsItWasByAnother(String step, String audience, String spiffeId) {
		assertThat(new MessageWriter().texts(WorkloadFields.JWTSVID_REQUEST_AUDIENCE, List.of(audience.split(" ")))
			.text(WorkloadFields.JWTSVID_REQUEST_SPIFFE_ID, spiffeId)
			.toByteArray()).isEqualTo(step(step).request());
	}

	@Test
	void validatedTokenHasItsSubject() {
		assertThat(ANSWERS.validated(reply("validate"))).isEqualTo(SpiffeId.parse("spiffe://example.org/orders"));
	}

	private static List<X509Authority> authorities(String step) {
		return only(step).trustBundle().x509Authorities();
	}

	private static X509Certificate leaf(String step) {
		return only(step).svid().leaf();
	}

	private static WorkloadX509Svid only(String step) {
		assertThat(x509(step).svids()).hasSize(1);
		return x509(step).svids().get(0);
	}

	private static WorkloadX509Update x509(String step) {
		return ANSWERS.x509(reply(step));
	}

	private static Map<TrustDomain, TrustBundle> bundles(String step) {
		return ANSWERS.x509Bundles(reply(step));
	}

	private static Map<TrustDomain, TrustBundle> jwtAuthorities(String step) {
		return ANSWERS.jwtBundles(reply(step));
	}

	private static TrustBundle bundle(String step) {
		return Objects.requireNonNull(jwtAuthorities(step).get(OWN));
	}

	private static Message reply(String step) {
		return new Message(step(step).reply(), () -> new IllegalArgumentException(step));
	}

	private static Transcripts.Step step(String name) {
		return Transcripts.steps("workload")
			.stream()
			.filter((step) -> step.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

}
