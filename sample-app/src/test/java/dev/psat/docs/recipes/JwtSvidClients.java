package dev.psat.docs.recipes;

import dev.psat.spire.SpireIdentity;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;

@Configuration(proxyBeanMethods = false)
class JwtSvidClients {

	// tag::rest[]
	@Bean
	RestClient inventoryClient(RestClient.Builder builder, SpireIdentity identity,
			@Value("${inventory.url}") String url) {
		return builder.baseUrl(url).requestInterceptor((request, body, execution) -> {
			request.getHeaders().setBearerAuth(identity.jwtSvid("inventory").token());
			return execution.execute(request, body);
		}).build();
	}
	// end::rest[]

	// tag::web[]
	@Bean
	WebClient inventoryWebClient(WebClient.Builder builder, SpireIdentity identity,
			@Value("${inventory.url}") String url) {
		return builder.baseUrl(url)
			.filter((request, next) -> Mono.fromCallable(() -> identity.jwtSvid("inventory").token())
				.subscribeOn(Schedulers.boundedElastic())
				.map((token) -> ClientRequest.from(request).headers((headers) -> headers.setBearerAuth(token)).build())
				.flatMap(next::exchange))
			.build();
	}
	// end::web[]

}
