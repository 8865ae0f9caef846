package dev.psat.sample;

import java.util.Objects;

import org.springframework.test.web.servlet.client.RestTestClient;

/**
 * What the sample answers.
 */
public final class Body {

	private Body() {
	}

	public static String get(RestTestClient client, String uri) {
		String body = client.get()
			.uri(uri)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		return Objects.requireNonNull(body);
	}

}
