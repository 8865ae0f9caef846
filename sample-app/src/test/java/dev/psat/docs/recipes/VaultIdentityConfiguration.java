package dev.psat.docs.recipes;

import java.net.URI;

import dev.psat.spire.SpireIdentity;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.vault.authentication.ClientCertificateAuthentication;
import org.springframework.vault.authentication.ClientCertificateAuthenticationOptions;
import org.springframework.vault.authentication.KubernetesAuthentication;
import org.springframework.vault.authentication.KubernetesAuthenticationOptions;
import org.springframework.vault.client.VaultClients;
import org.springframework.vault.client.VaultEndpoint;

@Configuration(proxyBeanMethods = false)
class VaultIdentityConfiguration {

	// tag::jwt[]
	@Bean
	KubernetesAuthentication vaultAuthentication(@Value("${vault.uri}") URI uri, SpireIdentity identity) {
		KubernetesAuthenticationOptions options = KubernetesAuthenticationOptions.builder()
			.path("jwt")
			.role("orders")
			.jwtSupplier(() -> identity.jwtSvid("vault").token())
			.build();
		return new KubernetesAuthentication(options,
				VaultClients.createRestTemplate(VaultEndpoint.from(uri), new JdkClientHttpRequestFactory()));
	}
	// end::jwt[]

	// tag::certificate[]
	@Bean
	ClientCertificateAuthentication vaultCertificateAuthentication(@Value("${vault.uri}") URI uri, SslBundles bundles) {
		HttpClientSettings settings = HttpClientSettings.ofSslBundle(bundles.getBundle("spire-web"))
			.withRedirects(HttpRedirects.DONT_FOLLOW);
		ClientCertificateAuthenticationOptions options = ClientCertificateAuthenticationOptions.builder()
			.role("orders")
			.build();
		return new ClientCertificateAuthentication(options, VaultClients.createRestTemplate(VaultEndpoint.from(uri),
				ClientHttpRequestFactoryBuilder.jdk().build(settings)));
	}
	// end::certificate[]

}
