package dev.psat.spire.oauth2;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import reactor.core.publisher.Mono;

import org.springframework.core.codec.Hints;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.codec.HttpMessageReader;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.web.reactive.function.OAuth2BodyExtractors;
import org.springframework.util.MultiValueMap;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.function.BodyExtractor;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/** A {@link TokenEndpoint} that does not block. */
final class ReactiveTokenEndpoint {

	private final Duration readTimeout;

	private final Supplier<WebClient> client;

	ReactiveTokenEndpoint() {
		this(TokenRequests.READ_TIMEOUT);
	}

	ReactiveTokenEndpoint(Duration readTimeout) {
		this.readTimeout = readTimeout;
		this.client = SingletonSupplier.of(() -> client(readTimeout));
	}

	private static WebClient client(Duration readTimeout) {
		JdkClientHttpConnector connector = new JdkClientHttpConnector(TokenRequests.httpClient());
		connector.setReadTimeout(readTimeout);
		return WebClient.builder().clientConnector(connector).build();
	}

	Mono<OAuth2AccessTokenResponse> ask(String uri, HttpHeaders headers, MultiValueMap<String, String> parameters) {
		return this.client.get()
			.post()
			.uri(uri)
			.headers((all) -> all.addAll(headers))
			.body(BodyInserters.fromFormData(parameters))
			.exchangeToMono((response) -> inTime(read(response)))
			.onErrorMap(Exception.class, (ex) -> new TokenFailures(parameters).ofAny((Exception) ex));
	}

	/** The connector's limit ends with the head of the answer. */
	private Mono<OAuth2AccessTokenResponse> inTime(Mono<OAuth2AccessTokenResponse> answer) {
		return answer.timeout(this.readTimeout)
			.onErrorMap(TimeoutException.class, (ex) -> new OAuth2AuthorizationException(
					TokenRequests.error("The token endpoint began to answer, but did not end"), ex));
	}

	private static Mono<OAuth2AccessTokenResponse> read(ClientResponse response) {
		if (response.statusCode().is3xxRedirection()) {
			return response.releaseBody()
				.then(Mono.error(() -> TokenRequests.redirected(response.statusCode().value())));
		}
		return response.body((message, context) -> OAuth2BodyExtractors.oauth2AccessTokenResponse()
			.extract(message, new QuietContext(context)));
	}

	/** Decoders do not log what they read: tokens, and what the server echoes. */
	private record QuietContext(BodyExtractor.Context context) implements BodyExtractor.Context {

		@Override
		public List<HttpMessageReader<?>> messageReaders() {
			return this.context.messageReaders();
		}

		@Override
		public Optional<ServerHttpResponse> serverResponse() {
			return this.context.serverResponse();
		}

		@Override
		public Map<String, Object> hints() {
			return Hints.merge(this.context.hints(), Hints.SUPPRESS_LOGGING_HINT, true);
		}

	}

}
