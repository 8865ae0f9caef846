package dev.psat.docs.recipes;

import java.nio.file.Path;

// tag::bearer[]
import dev.psat.token.TokenSource;
// end::bearer[]

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

// tag::bearer[]
@Configuration(proxyBeanMethods = false)
class BearerConfiguration {

	@Bean(defaultCandidate = false)
	TokenSource inventoryTokenSource(@Value("${inventory.token-path}") Path path) {
		return TokenSource.builder(path).audience("inventory").build();
	}

	@Bean
	RestClient inventoryClient(@Value("${inventory.url}") String url,
			@Qualifier("inventoryTokenSource") TokenSource source) {
		return RestClient.builder().baseUrl(url).requestInterceptor((request, body, execution) -> {
			request.getHeaders().setBearerAuth(source.value());
			return execution.execute(request, body);
		}).build();
	}

}
// end::bearer[]
