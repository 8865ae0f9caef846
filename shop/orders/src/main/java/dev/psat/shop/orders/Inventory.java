package dev.psat.shop.orders;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/**
 * Asks the inventory what the shop has, by mutual TLS.
 */
@Component
class Inventory {

	private final RestClient client;

	Inventory(RestClient.Builder builder, RestClientSsl ssl, @Value("${inventory.url}") String url) {
		this.client = builder.baseUrl(url).apply(ssl.fromBundle("spire")).build();
	}

	@Nullable Stock stock(String article) {
		return this.client.get().uri("/stock/{article}", article).retrieve().body(Stock.class);
	}

	record Stock(String article, int inStock, String caller, String serialNumber) {

	}

}
