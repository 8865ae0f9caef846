package dev.psat.spire.client;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TestAuthority;
import dev.psat.spiffe.Transcripts;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spiffe.internal.Certificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Answers.ReturnedSvid}.
 */
public class ReturnedSvidTests {

	private static final Instant NOW = TestAuthority.NOW;

	private static final Predicate<SpiffeId> EXPECTED = SpiffeId.parse(TestAuthority.ORDERS)::equals;

	private final TestAuthority root = TestAuthority.root("root");

	@Test
	void acceptsWhatWasAskedFor() {
		TestAuthority intermediate = this.root.intermediate("intermediate");
		X509Certificate leaf = intermediate.leaf();
		X509Svid svid = new Answers.ReturnedSvid(List.of(encoded(leaf), encoded(intermediate.certificate())), "orders")
			.accept(TestAuthority.KEYS.getPublic(), EXPECTED, this.root.bundle(), NOW);
		assertThat(svid.spiffeId()).hasToString(TestAuthority.ORDERS);
		assertThat(svid.chain()).containsExactly(leaf, intermediate.certificate());
		assertThat(svid.hint()).isEqualTo("orders");
	}

	@ParameterizedTest
	@ValueSource(strings = { "rotation-prepared", "rotation-activated", "rotation-tainted", "rotation-revoked" })
	void acceptsWhatARealServerReturned(String step) throws Exception {
		TrustBundle bundle = Recorded.bundle(step + "-bundle");
		Answers.ReturnedSvid agent = Recorded.agentSvid(step + "-attest");
		Answers.ReturnedSvid workload = Recorded.workloadSvid(step + "-x509svid");
		assertThat(accept(agent, bundle, Transcripts.step(step + "-attest").at()).spiffeId().path())
			.startsWith("/spire/agent/k8s_psat/demo/");
		X509Svid svid = accept(workload, bundle, Transcripts.step(step + "-x509svid").at());
		assertThat(svid.spiffeId()).hasToString(TestAuthority.ORDERS);
		assertThat(Transcripts.step(step + "-x509svid").at()).isBetween(svid.issuedAt(),
				svid.issuedAt().plusSeconds(2));
	}

	@Test
	void clockOffTheServerIsNoReasonToRefuse() throws Exception {
		Answers.ReturnedSvid svid = Recorded.workloadSvid("x509svid");
		TrustBundle bundle = Recorded.bundle("bundle");
		for (long seconds : List.of(-1_000_000L, 1_000_000L)) {
			assertThat(accept(svid, bundle, Transcripts.step("x509svid").at().plusSeconds(seconds)).spiffeId())
				.hasToString(TestAuthority.ORDERS);
		}
	}

	private static X509Svid accept(Answers.ReturnedSvid returned, TrustBundle bundle, Instant now) {
		return returned.accept(Certificates.read(returned.chain().get(0)).getPublicKey(), (id) -> true, bundle, now);
	}

	@Test
	void anotherKeyIsRefused() {
		Answers.ReturnedSvid returned = new Answers.ReturnedSvid(List.of(encoded(this.root.leaf())), null);
		assertThatExceptionOfType(SpireException.class)
			.isThrownBy(
					() -> returned.accept(KeyType.EC_P256.generate().getPublic(), EXPECTED, this.root.bundle(), NOW))
			.withMessage("The SPIRE Server returned an X.509-SVID for %s with a different key", TestAuthority.ORDERS)
			.satisfies(ReturnedSvidTests::isInvalid);
	}

	@Test
	void idThatWasNotAskedForIsRefused() {
		assertRefused(List.of(encoded(this.root.sign(TestAuthority.unsigned().uri("spiffe://example.org/other")))),
				"an X.509-SVID for spiffe://example.org/other, which was not requested");
	}

	@Test
	void svidThatDoesNotChainToTheBundleIsRefused() {
		assertRefused(List.of(encoded(TestAuthority.root("other").leaf())), "an X.509-SVID that cannot be trusted: "
				+ "The X.509-SVID of %s does not chain to".formatted(TestAuthority.ORDERS));
	}

	@ParameterizedTest
	@ValueSource(longs = { -1_000_000, -90, 0, 59, 60, 61, 90, 1_000_000 })
	void shortLivedSvidIsAcceptedHoweverFarOffTheClockIs(long seconds) {
		X509Certificate leaf = this.root
			.sign(TestAuthority.unsigned().uri(TestAuthority.ORDERS).valid(NOW.minusSeconds(10), NOW.plusSeconds(60)));
		X509Svid svid = new Answers.ReturnedSvid(List.of(encoded(leaf)), null).accept(TestAuthority.KEYS.getPublic(),
				EXPECTED, this.root.bundle(), NOW.plusSeconds(seconds));
		assertThat(svid.leaf()).isEqualTo(leaf);
	}

	@Test
	void svidThatEndsBeforeItBeginsIsRefused() {
		X509Certificate leaf = this.root
			.sign(TestAuthority.unsigned().uri(TestAuthority.ORDERS).valid(NOW.plusSeconds(60), NOW.minusSeconds(60)));
		assertRefused(List.of(encoded(leaf)),
				"an X.509-SVID that cannot be trusted: The X.509-SVID of %s is not valid before %s"
					.formatted(TestAuthority.ORDERS, NOW.plusSeconds(60)));
	}

	@Test
	void svidOfAnAuthorityThatEndedBeforeItIsRefused() {
		TestAuthority ended = TestAuthority.root("ended",
				TestAuthority.unsigned().ca(null).valid(NOW.minusSeconds(100), NOW.minusSeconds(1)));
		X509Certificate leaf = ended
			.sign(TestAuthority.unsigned().uri(TestAuthority.ORDERS).valid(NOW, NOW.plusSeconds(60)));
		assertThatExceptionOfType(SpireException.class)
			.isThrownBy(() -> new Answers.ReturnedSvid(List.of(encoded(leaf)), null)
				.accept(TestAuthority.KEYS.getPublic(), EXPECTED, ended.bundle(), NOW.plusSeconds(600)))
			.withMessageContaining("does not chain")
			.satisfies(ReturnedSvidTests::isInvalid);
	}

	@Test
	void emptyChainIsRefused() {
		assertRefused(List.of(), "an X.509-SVID without certificates");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 100 })
	void garbageIsRefused(int length) {
		byte[] leaf = encoded(this.root.leaf());
		assertRefused(List.of(Arrays.copyOf(leaf, length)),
				"something that is not an X.509-SVID: a certificate is not X.509 in DER");
		assertRefused(List.of(leaf, Arrays.copyOf(leaf, length)),
				"something that is not an X.509-SVID: a certificate is not X.509 in DER");
	}

	@Test
	void certificateThatIsNoLeafIsRefused() {
		assertRefused(List.of(encoded(this.root.certificate())),
				"something that is not an X.509-SVID: it is a CA certificate");
	}

	private void assertRefused(List<byte[]> chain, String message) {
		assertThatExceptionOfType(SpireException.class)
			.isThrownBy(() -> new Answers.ReturnedSvid(chain, null).accept(TestAuthority.KEYS.getPublic(), EXPECTED,
					this.root.bundle(), NOW))
			.withMessageStartingWith("The SPIRE Server returned " + message)
			.satisfies(ReturnedSvidTests::isInvalid);
	}

	private static void isInvalid(SpireException ex) {
		assertThat(ex.reason()).isEqualTo(FailureReason.INVALID_SVID);
	}

	public static byte[] encoded(X509Certificate certificate) {
		try {
			return certificate.getEncoded();
		}
		catch (CertificateEncodingException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
