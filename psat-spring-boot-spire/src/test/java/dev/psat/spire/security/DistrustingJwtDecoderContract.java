package dev.psat.spire.security;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECParameterTable;
import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.TestIdentity;
import dev.psat.support.CertificateWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a decoder makes of other trust domains that are not trusted, and of identities
 * that do not know them.
 */
@ExtendWith(OutputCaptureExtension.class)
abstract class DistrustingJwtDecoderContract {

	private static final TrustDomain PARTNER = FederatedIdentity.PARTNER;

	private static final String ORDERS = TestJwtAuthority.ORDERS;

	private static final String BILLING = FederatedIdentity.BILLING;

	private static final String WARNING = "A JWT decoder accepts the trust domain '%s', but the SPIRE identity does not know it";

	private final FederatedIdentity identity = new FederatedIdentity();

	private final TestJwtAuthority own = new TestJwtAuthority();

	private final TestJwtAuthority partner = new TestJwtAuthority();

	/**
	 * Create a decoder that accepts other trust domains, too.
	 */
	abstract TestDecoder decoder(SpireIdentity identity, TrustDomain... trustDomains);

	@BeforeEach
	void trustBoth() {
		this.identity.trust(this.own.published());
		this.identity.federate(PARTNER, this.partner.published());
	}

	@ParameterizedTest
	@EnumSource(names = { "NOT_FEDERATED", "NO_BUNDLE", "EMPTY" })
	void trustEndsAndComesBackWithoutARestart(FederationState end) {
		TestDecoder decoder = decoder(this.identity, PARTNER);
		decoder.assertAccepted(this.partner, BILLING);
		this.identity.federate(PARTNER, end);
		decoder.assertRefused(this.partner.issueTo(BILLING),
				"No JWT-SVID of 'partner.org' is accepted now: The test does not trust 'partner.org'");
		decoder.assertAccepted(this.own, ORDERS);
		this.identity.federate(PARTNER, this.partner.published());
		decoder.assertAccepted(this.partner, BILLING);
	}

	@Test
	void tokenIsNotToBlameUntilTheServerHasSaidWhetherItsTrustDomainIsTrusted() {
		TestDecoder decoder = decoder(this.identity, PARTNER);
		this.identity.federate(PARTNER, FederationState.UNKNOWN);
		decoder.assertUndecided(this.partner.issueTo(BILLING), "The test does not trust 'partner.org'");
		decoder.assertAccepted(this.own, ORDERS);
		this.identity.federate(PARTNER, this.partner.published());
		decoder.assertAccepted(this.partner, BILLING);
	}

	@Test
	void tokenIsNotToBlameWhileThereIsNoTrustBundleAtAll() {
		TestDecoder decoder = decoder(this.identity, PARTNER);
		this.identity.trustNobody();
		decoder.assertUndecided(this.own.issueTo(ORDERS), "There is none in a test");
		decoder.assertUndecided(this.partner.issueTo(BILLING), "There is none in a test");
		decoder.assertRefused(this.partner.issueTo("billing"), "The sub claim is not valid");
	}

	@Test
	void partnerDoesNotNeedAuthoritiesOfOurs() {
		TestDecoder decoder = decoder(this.identity, PARTNER);
		this.identity.trust();
		decoder.assertUndecided(this.own.issueTo(ORDERS),
				"The trust bundle of example.org has no JWT authority in force");
		decoder.assertAccepted(this.partner, BILLING);
	}

	@Test
	void authorityForX509SvidsVerifiesNoToken() {
		X509Authority authority = new X509Authority(new CertificateWriter().ca(null)
			.subject(this.partner.keyId())
			.key(this.partner.publicKey())
			.signedBy("root", CertificateWriter.KEYS.getPrivate()), false);
		this.identity.federate(PARTNER, TrustBundle.of(PARTNER, List.of(authority), List.of(), 0L, null));
		TestDecoder decoder = decoder(this.identity, PARTNER);
		decoder.assertRefused(this.partner.issueTo(BILLING),
				"No JWT-SVID of 'partner.org' is accepted now: The trust bundle of partner.org has no JWT authority in force");
		this.identity.federate(PARTNER,
				TrustBundle.of(PARTNER, List.of(authority), List.of(new TestJwtAuthority().published()), 0L, null));
		decoder.assertUnverified(this.partner.issueTo(BILLING), "no matching key(s) found");
	}

	@Test
	void partnerWhoseAuthoritiesHaveAllExpiredIsRefused() {
		this.identity.federate(PARTNER, this.partner.published(Instant.now().minusSeconds(1), false));
		decoder(this.identity, PARTNER).assertRefused(this.partner.issueTo(BILLING),
				"The trust bundle of partner.org has no JWT authority in force");
	}

	@ParameterizedTest
	@MethodSource("keysThatSignNoJwtSvids")
	void partnerIsToBlameForAnAuthorityWhoseKeySignsNoJwtSvids(PublicKey key) {
		this.identity.federate(PARTNER, new JwtAuthority(this.partner.keyId(), key, null, false));
		decoder(this.identity, PARTNER).assertRefused(this.partner.issueTo(BILLING),
				"No JWT-SVID of 'partner.org' is accepted now: The JWT authority has a key that cannot sign JWT-SVIDs");
	}

	static Stream<PublicKey> keysThatSignNoJwtSvids() throws GeneralSecurityException {
		KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
		rsa.initialize(512);
		return Stream.of(KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic(),
				rsa.generateKeyPair().getPublic(), new BitcoinKey());
	}

	@Test
	void trustDomainThatTheIdentityDoesNotKnowIsToldOnce(CapturedOutput output) throws Exception {
		TrustDomain third = TrustDomain.of("third.org");
		TestDecoder decoder = decoder(this.identity, third, PARTNER);
		assertThat(output).doesNotContain("A JWT decoder");
		int threads = 8;
		CountDownLatch ready = new CountDownLatch(threads);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> all = IntStream.range(0, threads).<Future<?>>mapToObj((i) -> executor.submit(() -> {
				ready.countDown();
				ready.await();
				decoder.assertAccepted(this.own, ORDERS);
				return null;
			})).toList();
			for (Future<?> each : all) {
				each.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
		decoder.assertRefused(this.partner.issueTo("spiffe://third.org/billing"),
				"No JWT-SVID of 'third.org' is accepted now: The test does not trust 'third.org'");
		decoder.assertAccepted(this.partner, BILLING);
		assertThat(output).containsOnlyOnce(WARNING.formatted(third) + ", so that its JWT-SVIDs are refused. "
				+ "Add it to 'spire.federates-with'");
		assertThat(output).doesNotContain(WARNING.formatted(PARTNER));
	}

	@Test
	void identityThatKnowsNothingOfFederationIsTold(CapturedOutput output) {
		TestIdentity identity = new TestIdentity();
		identity.trust(this.identity.trustBundle());
		TestDecoder decoder = decoder(identity, PARTNER);
		decoder.assertAccepted(this.own, ORDERS);
		assertThat(output).containsOnlyOnce(WARNING.formatted(PARTNER));
		decoder.assertRefused(this.partner.issueTo(BILLING), "The trust domain 'partner.org' is not trusted");
	}

	@Test
	void trustDomainsOfWhichNobodyCanComplainAreNotTold(CapturedOutput output) {
		this.identity.federate(TrustDomain.of("a.org"), FederationState.UNKNOWN);
		this.identity.federate(TrustDomain.of("b.org"), FederationState.NOT_FEDERATED);
		this.identity.federateUntold(TrustDomain.of("c.org"), this.partner.published());
		TestDecoder decoder = decoder(this.identity, TrustDomain.of("a.org"), TrustDomain.of("b.org"),
				TrustDomain.of("c.org"), TrustDomain.of("example.org"));
		decoder.assertAccepted(this.own, ORDERS);
		decoder.assertAccepted(this.partner, "spiffe://c.org/billing");
		assertThat(output).doesNotContain("A JWT decoder");
	}

	@Test
	void nothingIsToldBeforeThereIsATrustBundle(CapturedOutput output) {
		TrustDomain third = TrustDomain.of("third.org");
		TestDecoder decoder = decoder(this.identity, third);
		this.identity.trustNobody();
		decoder.assertUndecided(this.own.issueTo(ORDERS), "There is none in a test");
		assertThat(output).doesNotContain("A JWT decoder");
		this.identity.trust(this.own.published());
		decoder.assertAccepted(this.own, ORDERS);
		assertThat(output).containsOnlyOnce(WARNING.formatted(third));
	}

	@Test
	void identityThatMistakesATrustBundleForAnotherDecidesNothing() {
		this.identity.federate(PARTNER, this.identity.trustBundle());
		TestDecoder decoder = decoder(this.identity, PARTNER);
		decoder.assertUndecided(this.own.issueTo(BILLING),
				"The SPIRE identity has returned the trust bundle of example.org as that of partner.org");
		decoder.assertAccepted(this.own, ORDERS);
	}

	@Test
	void tokenIsNotToBlameForAnIdentityThatFails(CapturedOutput output) {
		FailingIdentity identity = new FailingIdentity();
		identity.trust(this.own.published());
		TestDecoder decoder = decoder(identity, PARTNER);
		decoder.assertAccepted(this.own, ORDERS);
		decoder.assertUndecided(this.partner.issueTo(BILLING), "It fails in a test");
		identity.failsAltogether = true;
		decoder.assertUndecided(this.own.issueTo(ORDERS), "It fails in a test");
		assertThat(output).doesNotContain("A JWT decoder");
	}

	/**
	 * An identity that knows its own trust domain at most.
	 */
	private static final class FailingIdentity extends FederatedIdentity {

		private boolean failsAltogether;

		@Override
		public TrustBundle trustBundle() {
			if (this.failsAltogether) {
				throw failure();
			}
			return super.trustBundle();
		}

		@Override
		public TrustBundle trustBundle(TrustDomain trustDomain) {
			throw failure();
		}

		@Override
		public SpireStatus status() {
			throw failure();
		}

		private static RuntimeException failure() {
			return new IllegalStateException("It fails in a test");
		}

	}

	/**
	 * A key that a JDK without further providers cannot read.
	 */
	private static final class BitcoinKey implements ECPublicKey {

		@Override
		public ECParameterSpec getParams() {
			return ECParameterTable.get(Curve.SECP256K1);
		}

		@Override
		public ECPoint getW() {
			return getParams().getGenerator();
		}

		@Override
		public String getAlgorithm() {
			return "EC";
		}

		@Override
		public String getFormat() {
			return "X.509";
		}

		@Override
		public byte[] getEncoded() {
			return new byte[0];
		}

	}

}
