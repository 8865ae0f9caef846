package dev.psat.spire.ssl;

import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

import dev.psat.support.ClassicAuthority;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslStoreBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BundleTrust} and {@link IdentitySslBundle.IdentityStores}.
 */
class BundleTrustTests {

	private final KeyStore store = new ClassicAuthority().trustStore();

	private final AtomicReference<@Nullable SslBundle> bundle = new AtomicReference<>(bundle(this.store));

	private final BundleTrust trust = new BundleTrust(this.bundle::get);

	private final IdentitySslBundle.IdentityStores stores = new IdentitySslBundle.IdentityStores(this.trust);

	@Test
	void trustManagerIsKeptForAsLongAsTheBundleIsTheSame() throws Exception {
		X509ExtendedTrustManager before = this.trust.trustManager();
		assertThat(this.trust.trustManager()).isSameAs(before);
		this.bundle.set(bundle(new ClassicAuthority().trustStore()));
		assertThat(this.trust.trustManager()).isNotSameAs(before);
		assertThat(this.trust.trustManager().getAcceptedIssuers()).hasSize(1).isNotEqualTo(before.getAcceptedIssuers());
	}

	@Test
	void storesHaveTheTrustStoreAndNoKey() throws Exception {
		assertThat(this.stores.getTrustStore()).isSameAs(this.store);
		assertThat(this.stores.getKeyStore().size()).isZero();
		assertThat(this.stores.getKeyStorePassword()).isNull();
	}

	@Test
	void jvmIsTrustedAsByTheJdk() throws Exception {
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init((KeyStore) null);
		BundleTrust jvm = BundleTrust.ofJvm();
		assertThat(jvm.trustManager().getAcceptedIssuers()).isNotEmpty()
			.containsExactlyInAnyOrder(((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers());
		assertThat(jvm.trustManager()).isSameAs(jvm.trustManager());
		assertThat(new IdentitySslBundle.IdentityStores(jvm).getTrustStore()).isNull();
	}

	@Test
	void withoutABundleNobodyIsTrusted() throws Exception {
		this.bundle.set(null);
		assertRefused(this.trust, "There is no SSL bundle that verifies servers yet");
		KeyStore empty = this.stores.getTrustStore();
		assertThat(empty).as("not that of the JVM").isNotNull();
		assertThat(empty.size()).isZero();
	}

	@Test
	void missingBundleIsNamed() {
		assertRefused(new BundleTrust(() -> {
			throw new NoSuchSslBundleException("corporate", "SSL bundle name 'corporate' cannot be found");
		}), "The SSL bundle that verifies servers is missing: SSL bundle name 'corporate' cannot be found");
	}

	@Test
	void bundleThatCannotBeReadTrustsNobody() {
		SslBundle unreadable = Mockito.mock(SslBundle.class);
		Mockito.when(unreadable.getStores()).thenThrow(new IllegalStateException("no such file"));
		this.bundle.set(unreadable);
		assertRefused(this.trust, "The SSL bundle that verifies servers cannot be read: no such file");
	}

	@Test
	void trustManagerThatChecksNoHostNameTrustsNobody() {
		SslManagerBundle managers = SslManagerBundle.from(Mockito.mock(X509TrustManager.class));
		SslBundle bundle = Mockito.spy(bundle(this.store));
		Mockito.doReturn(managers).when(bundle).getManagers();
		this.bundle.set(bundle);
		assertRefused(this.trust, "has no X509ExtendedTrustManager");
	}

	private static SslBundle bundle(KeyStore trustStore) {
		return SslBundle.of(SslStoreBundle.of(null, null, trustStore));
	}

	private static void assertRefused(BundleTrust trust, String problem) {
		assertThatExceptionOfType(CertificateException.class).isThrownBy(trust::trustManager)
			.withMessageContaining(problem);
	}

}
