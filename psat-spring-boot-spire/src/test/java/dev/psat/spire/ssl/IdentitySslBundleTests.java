package dev.psat.spire.ssl;

import java.util.Objects;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.internal.EngineHandshake;
import dev.psat.spire.tls.internal.ForeignTls;
import dev.psat.support.ClassicAuthority;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link IdentitySslBundle}.
 */
class IdentitySslBundleTests {

	private static final ClassicAuthority AUTHORITY = new ClassicAuthority();

	private static final SSLContext SERVER = ForeignTls.server(AUTHORITY, "localhost");

	private final KeyedIdentity identity = new KeyedIdentity();

	private final IdentitySslBundle bundle = IdentitySslBundle.of(() -> this.identity,
			() -> SslBundle.of(SslStoreBundle.of(null, null, AUTHORITY.trustStore())), SslOptions.NONE);

	@Test
	void serverIsVerifiedByWhatTheOtherBundleTrusts() throws Exception {
		this.identity.rotate();
		EngineHandshake.begin(this.bundle.createSslContext(), SERVER, "TLSv1.3").end();
		assertThat(this.bundle.handshakes().count(Direction.OUTBOUND, HandshakeOutcome.ACCEPTED)).isOne();
	}

	@Test
	void serverOfAnotherCaIsNotTrustedByTheJvm() {
		this.identity.rotate();
		for (IdentitySslBundle jvm : new IdentitySslBundle[] { IdentitySslBundle.of(this.identity),
				IdentitySslBundle.of(() -> this.identity, SslOptions.NONE) }) {
			assertThatExceptionOfType(SSLException.class)
				.isThrownBy(() -> EngineHandshake.begin(jvm.createSslContext(), SERVER, "TLSv1.3").end())
				.withMessageContaining("PKIX path");
			assertThat(jvm.handshakes().count(Direction.OUTBOUND, HandshakeOutcome.UNTRUSTED)).isOne();
		}
	}

	@Test
	void withoutAnSvidThereIsNoConnection() {
		assertThat(this.bundle.isEmpty()).isTrue();
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> EngineHandshake.begin(this.bundle.createSslContext(), SERVER, "TLSv1.3").end())
			.withMessageContaining("There is no X.509-SVID to connect with: The test has not rotated it yet");
		this.identity.rotate();
		assertThat(this.bundle.isEmpty()).isFalse();
	}

	@Test
	void identityThatComesLaterIsPresented() {
		IdentitySslBundle late = IdentitySslBundle.of(() -> null, SslOptions.NONE);
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> EngineHandshake.begin(late.createSslContext(), SERVER, "TLSv1.3").end())
			.withMessageContaining("The application has not started yet");
	}

	@Test
	void isAsSpringBootExpectsABundle() throws Exception {
		assertThat(this.bundle.verifiesHostName()).isTrue();
		assertThat(this.bundle.getKey()).isSameAs(SslBundleKey.NONE);
		assertThat(this.bundle.getOptions()).isSameAs(SslOptions.NONE);
		assertThat(this.bundle.getProtocol()).isEqualTo("TLS");
		assertThat(this.bundle.createSslContext()).isSameAs(this.bundle.createSslContext())
			.isSameAs(this.bundle.getManagers().createSslContext("TLSv1.2"));
		assertThat(this.bundle.getManagers()).isSameAs(this.bundle.getManagers());
		assertThat(Objects.requireNonNull(this.bundle.getStores().getKeyStore()).size()).isZero();
		assertThat(Objects.requireNonNull(this.bundle.getStores().getTrustStore()).size()).isOne();
		assertThat(this.bundle).hasToString("IdentitySslBundle");
	}

	@Test
	void limitsAreThoseOfTheOptions() {
		SslOptions options = SslOptions.of(null, new String[] { "TLSv1.3" });
		IdentitySslBundle limited = IdentitySslBundle.of(() -> this.identity, options);
		assertThat(limited.tlsOptions().getEnabledProtocols()).containsExactly("TLSv1.3");
		assertThat(limited.tlsOptions().getCiphers()).isNull();
		assertThat(limited.createSslContext().createSSLEngine().getEnabledProtocols()).containsExactly("TLSv1.3");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> IdentitySslBundle.of(() -> this.identity, SslOptions.of(null, new String[] { "SSLv3" })));
	}

}
