package dev.psat.docs.tls;

// tag::authorizing[]
import dev.psat.spire.ssl.SpiffeSslBundle;
// end::authorizing[]

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

// tag::authorizing[]
@Configuration(proxyBeanMethods = false)
class PaymentsConfiguration {

	@Bean
	RestClient paymentsClient(RestClient.Builder builder, ClientHttpRequestFactoryBuilder<?> factories,
			HttpClientSettings settings, SpiffeSslBundle bundle, @Value("${payments.url}") String url) {
		SpiffeSslBundle payments = bundle.authorizing((peer) -> peer.path().equals("/ns/shop/sa/payments"));
		return builder.baseUrl(url).requestFactory(factories.build(settings.withSslBundle(payments))).build();
	}

}
// end::authorizing[]
