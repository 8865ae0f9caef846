package dev.psat.spire.ssl;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import dev.psat.spire.tls.internal.EngineHandshake;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link SpiffeSslBundle} with an identity of the application that offers TLS
 * its key.
 */
class OfferedIdentityTests {

	private static final String ID = "spiffe://example.org/orders";

	private final SvidMint mint = new SvidMint("authority");

	private final Minted minted = this.mint.mint(ID);

	private final KeyedSvid keyed = new KeyedSvid(this.minted.svid(), this.minted.privateKey(), 1);

	@Test
	void fakeServesAndIsServed() throws Exception {
		SpiffeSslBundle bundle = SpiffeSslBundle.of(new Fake(new TlsSnapshot(this.keyed, this.mint.bundle())))
			.authorizing((peer) -> peer.toString().equals(ID));
		SSLContext context = bundle.createSslContext();
		SSLEngine client = EngineHandshake.begin(context, context, "TLSv1.3").end().client();
		assertThat(client.getSession().getPeerCertificates()[0]).isEqualTo(this.minted.chain().get(0));
		for (Direction direction : Direction.values()) {
			assertThat(bundle.handshakes().count(direction, HandshakeOutcome.ACCEPTED)).isOne();
		}
	}

	@Test
	void fakeThatTrustsNobodyRefuses() {
		SSLContext context = SpiffeSslBundle.of(new Fake(new TlsSnapshot(this.keyed, new SvidMint("other").bundle())))
			.authorizing((peer) -> true)
			.createSslContext();
		assertThatThrownBy(() -> EngineHandshake.begin(context, context, "TLSv1.3").end())
			.isInstanceOf(SSLException.class);
	}

	@Test
	void bundleOfAnotherTrustDomainIsThatOfTheIdentity() {
		TrustBundle own = this.mint.bundle();
		BundleIdentity identity = new BundleIdentity(() -> new Fake(new TlsSnapshot(this.keyed, own)));
		assertThat(identity.bundle(TrustDomain.of("partner.org"))).isSameAs(Fake.PARTNER);
		assertThat(identity.bundle(SvidMint.TRUST_DOMAIN)).isSameAs(own);
	}

	@Test
	void fakeThatBreaksDownServesNobodyAndSaysSo() {
		BundleIdentity identity = new BundleIdentity(() -> new Fake(null));
		assertThat(identity.snapshot()).isSameAs(TlsSnapshot.EMPTY);
		assertThat(identity.bundle(SvidMint.TRUST_DOMAIN)).isNull();
		assertThat(identity.absence()).isEqualTo("The SPIRE identity failed: " + IllegalStateException.class.getName());
	}

	/**
	 * An identity that has what it is given, or nothing but an exception.
	 */
	private record Fake(@Nullable TlsSnapshot given) implements SpireIdentity, TlsIdentity {

		private static final TrustBundle PARTNER = new SvidMint("partner").bundle();

		@Override
		public TlsSnapshot snapshot() {
			if (this.given == null) {
				throw new IllegalStateException("on purpose");
			}
			return this.given;
		}

		@Override
		public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
			return trustDomain.toString().equals("partner.org") ? PARTNER : TlsIdentity.super.bundle(trustDomain);
		}

		@Override
		public String absence() {
			snapshot();
			return "The test has one";
		}

		@Override
		public X509Svid x509Svid() {
			throw new UnsupportedOperationException();
		}

		@Override
		public JwtSvid jwtSvid(String audience, String... more) {
			throw new UnsupportedOperationException();
		}

		@Override
		public TrustBundle trustBundle() {
			throw new UnsupportedOperationException();
		}

		@Override
		public SpireStatus status() {
			return TestIdentity.bare(SpireState.READY);
		}

	}

}
