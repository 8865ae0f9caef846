package dev.psat.spire.oauth2;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.util.MultiValueMap;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.client.RestClient;

final class TokenEndpoint {

	private final Supplier<RestClient> client;

	TokenEndpoint() {
		this(TokenRequests.READ_TIMEOUT);
	}

	TokenEndpoint(Duration readTimeout) {
		this.client = SingletonSupplier.of(() -> client(readTimeout));
	}

	private static RestClient client(Duration readTimeout) {
		JdkClientHttpRequestFactory requestFactory = new JdkClientHttpRequestFactory(TokenRequests.httpClient());
		requestFactory.setReadTimeout(readTimeout);
		return RestClient.builder()
			.requestFactory(requestFactory)
			.configureMessageConverters(
					(converters) -> converters.addCustomConverter(new ByteArrayHttpMessageConverter())
						.addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
			.defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
			.build();
	}

	OAuth2AccessTokenResponse ask(String uri, HttpHeaders headers, MultiValueMap<String, String> parameters) {
		try {
			OAuth2AccessTokenResponse response = this.client.get()
				.post()
				.uri(uri)
				.headers((all) -> all.addAll(headers))
				.body(form(parameters))
				.retrieve()
				.onStatus(HttpStatusCode::is3xxRedirection, (request, redirect) -> {
					throw TokenRequests.redirected(redirect.getStatusCode().value());
				})
				.body(OAuth2AccessTokenResponse.class);
			if (response == null) {
				throw new OAuth2AuthorizationException(TokenRequests.error("The token endpoint answered with nothing"));
			}
			return response;
		}
		catch (RuntimeException ex) {
			throw new TokenFailures(parameters).of(ex);
		}
	}

	/** The client logs a map at level debug, and so the JWT-SVID, but not bytes. */
	private static byte[] form(MultiValueMap<String, String> parameters) {
		return parameters.entrySet()
			.stream()
			.flatMap((parameter) -> parameter.getValue()
				.stream()
				.map((value) -> encode(parameter.getKey()) + "=" + encode(value)))
			.collect(Collectors.joining("&"))
			.getBytes(StandardCharsets.US_ASCII);
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

}
