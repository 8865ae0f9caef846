package dev.psat.docs.recipes;

import java.net.URI;
import java.nio.file.Path;

import dev.psat.token.TokenSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.vault.authentication.KubernetesAuthentication;
import org.springframework.vault.authentication.KubernetesAuthenticationOptions;
import org.springframework.vault.client.VaultClients;
import org.springframework.vault.client.VaultEndpoint;
import org.springframework.web.client.RestOperations;

// tag::vault[]
@Configuration(proxyBeanMethods = false)
class VaultConfiguration {

	@Bean(defaultCandidate = false)
	TokenSource vaultTokenSource(@Value("${vault.token-path}") Path path) {
		return TokenSource.builder(path).audience("vault").build();
	}

	@Bean
	KubernetesAuthentication vaultAuthentication(@Value("${vault.uri}") URI uri,
			@Qualifier("vaultTokenSource") TokenSource source) {
		RestOperations vault = VaultClients.createRestTemplate(VaultEndpoint.from(uri),
				new JdkClientHttpRequestFactory());
		KubernetesAuthenticationOptions options = KubernetesAuthenticationOptions.builder()
			.role("orders")
			.jwtSupplier(source::value)
			.build();
		return new KubernetesAuthentication(options, vault);
	}

}
// end::vault[]
