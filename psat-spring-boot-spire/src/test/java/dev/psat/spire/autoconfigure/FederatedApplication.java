package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import dev.psat.PsatAttestor;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.security.SpiffeJwtDecoder;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application on one side of a federation.
 */
final class FederatedApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private FederatedApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start an application, and wait for its first visit to be complete. What a visit
	 * cannot mend is not waited for.
	 */
	static FederatedApplication start(Map<String, Object> properties) {
		FederatedApplication application = new FederatedApplication(
				new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
					.properties(properties)
					.properties("spring.main.banner-mode=off")
					.run());
		await()
			.failFast(() -> assertThat(application.identity().status())
				.doesNotMatch((status) -> status.state() == SpireState.NODE_IDENTITY))
			.untilAsserted(() -> assertThat(application.identity().status())
				.matches((status) -> status.state() == SpireState.READY && status.lastError() == null));
		return application;
	}

	SpireIdentity identity() {
		return this.context.getBean(SpireIdentity.class);
	}

	SpiffeSslBundle bundle() {
		return this.context.getBean(SpiffeSslBundle.class);
	}

	SSLContext tls() {
		return bundle().createSslContext();
	}

	/**
	 * Return a peer that trusts this application, but presents any certificate.
	 */
	SSLContext peer(List<X509Certificate> chain, PrivateKey key) throws GeneralSecurityException, IOException {
		KeyStore keys = KeyStore.getInstance("PKCS12");
		keys.load(null, null);
		keys.setKeyEntry("svid", key, new char[0], chain.toArray(X509Certificate[]::new));
		KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keyManagers.init(keys, new char[0]);
		TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trustManagers.init(bundle().getStores().getTrustStore());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
		return context;
	}

	byte[] attestation() {
		return this.context.getBean(PsatAttestor.class).payload().toBytes();
	}

	FederationState state(TrustDomain trustDomain) {
		return identity().status()
			.federation()
			.stream()
			.filter((federation) -> federation.trustDomain().equals(trustDomain))
			.map(SpireStatus.Federation::state)
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Return who another application is by a JWT-SVID that it has obtained for this one.
	 */
	@Nullable String caller(FederatedApplication other, TrustDomain... accepted) {
		String audience = identity().x509Svid().spiffeId().toString();
		return SpiffeJwtDecoder.of(identity(), audience)
			.federatedWith(accepted)
			.decode(other.identity().jwtSvid(audience).token())
			.getSubject();
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
