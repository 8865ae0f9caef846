package dev.psat.docs.stock;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

// tag::client[]
record StockClient(RestClient client) {

	@Nullable String stock(String article) {
		return this.client.get().uri("/stock/{article}", article).retrieve().body(String.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class Calls {

		@Bean
		StockClient stockClient(RestClient.Builder builder, RestClientSsl ssl, @Value("${inventory.url}") String url) {
			return new StockClient(builder.baseUrl(url).apply(ssl.fromBundle("spire")).build());
		}

	}

}
// end::client[]
