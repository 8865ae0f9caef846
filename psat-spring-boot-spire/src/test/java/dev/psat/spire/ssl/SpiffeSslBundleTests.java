package dev.psat.spire.ssl;

import java.util.Objects;

import javax.net.ssl.SSLContext;

import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.internal.EngineHandshake;
import org.junit.jupiter.api.Test;

import org.springframework.boot.info.SslInfo;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link SpiffeSslBundle}.
 */
class SpiffeSslBundleTests {

	@Test
	void bundleIsEmptyAndWholeBeforeThereIsAnIdentity() throws Exception {
		SpiffeSslBundle bundle = SpiffeSslBundle.of(() -> null, (peer) -> "is refused", (peer) -> "is refused",
				SslOptions.NONE);
		assertThat(Objects.requireNonNull(bundle.getStores().getKeyStore()).size()).isZero();
		assertThat(Objects.requireNonNull(bundle.getStores().getTrustStore()).size()).isZero();
		assertThat(bundle.getStores().getKeyStorePassword()).isNull();
		assertThat(bundle.getKey()).isSameAs(SslBundleKey.NONE);
		assertThat(bundle.getOptions()).isSameAs(SslOptions.NONE);
		assertThat(bundle.getProtocol()).isEqualTo("TLS");
		assertThat(bundle.createSslContext()).isSameAs(bundle.createSslContext())
			.isSameAs(bundle.getManagers().createSslContext("TLSv1.3"));
		assertThat(bundle.createSslContext().getSocketFactory()).isSameAs(bundle.createSslContext().getSocketFactory());
		assertThat(bundle.getManagers()).isSameAs(bundle.getManagers());
		assertThat(bundle.getManagers().getKeyManagers()).hasSize(1);
		assertThat(bundle.getManagers().getTrustManagers()).hasSize(1);
		assertThat(bundle.getManagers().getKeyManagerFactory()).isSameAs(bundle.getManagers().getKeyManagerFactory());
		assertThat(bundle.getManagers().getTrustManagerFactory())
			.isSameAs(bundle.getManagers().getTrustManagerFactory());
		assertThat(bundle).hasToString("SpiffeSslBundle");
		DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("spire", bundle);
		assertThat(registry.getBundle("spire")).isSameAs(bundle);
		assertThat(new SslInfo(registry).getBundle("spire").getCertificateChains()).isEmpty();
	}

	@Test
	void bundleServesAndCallsByTheIdentityOfTheMoment() throws Exception {
		KeyedIdentity identity = new KeyedIdentity();
		SpiffeSslBundle nobody = SpiffeSslBundle.of(identity);
		SpiffeSslBundle bundle = nobody.authorizing((peer) -> peer.toString().equals(KeyedIdentity.ID));
		SSLContext context = bundle.createSslContext();
		assertThatIOException().isThrownBy(() -> EngineHandshake.begin(context, context, "TLSv1.3").end());
		identity.rotate();
		EngineHandshake.begin(context, context, "TLSv1.3").end();
		assertThatIOException()
			.isThrownBy(() -> EngineHandshake.begin(nobody.createSslContext(), context, "TLSv1.3").end())
			.withMessageContaining("is not authorized, since nobody is");
		assertThat(bundle.handshakes()).isSameAs(nobody.handshakes());
		assertThat(bundle.handshakes().count(Direction.OUTBOUND, HandshakeOutcome.UNAUTHORIZED)).isOne();
		assertThat(bundle.handshakes().count(Direction.INBOUND, HandshakeOutcome.ACCEPTED)).isPositive();
		assertThat(Objects.requireNonNull(bundle.getStores().getKeyStore()).size()).isZero();
		assertThat(Objects.requireNonNull(bundle.getStores().getTrustStore()).size())
			.isEqualTo(identity.trustBundle().x509Authorities().size());
		SslInfo info = new SslInfo(new DefaultSslBundleRegistry("spire", bundle));
		assertThat(info.getBundle("spire").getCertificateChains()).isEmpty();
	}

}
