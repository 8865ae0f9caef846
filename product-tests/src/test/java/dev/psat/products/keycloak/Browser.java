package dev.psat.products.keycloak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Logs in as Alice.
 */
final class Browser {

	private static final Pattern FORM = Pattern.compile("action=\"([^\"]+)\"");

	private final HttpClient client = HttpClient.newHttpClient();

	/**
	 * Log in at an authorization endpoint.
	 * @param request the URI of the authorization request
	 * @return the URI that the browser is sent back to
	 */
	URI logIn(String request) {
		HttpResponse<String> page = send(HttpRequest.newBuilder(URI.create(request)).build());
		Matcher form = FORM.matcher(page.body());
		if (!form.find()) {
			throw new IllegalStateException(page.body());
		}
		// they are marked as secure, and a CookieManager would not send them to this
		// address
		String cookies = page.headers()
			.allValues("Set-Cookie")
			.stream()
			.map((cookie) -> cookie.substring(0, cookie.indexOf(';')))
			.collect(Collectors.joining("; "));
		HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(form.group(1).replace("&amp;", "&")))
			.header("Cookie", cookies)
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString("username=alice&password=wonderland"))
			.build());
		return URI.create(answer.headers()
			.firstValue("Location")
			.orElseThrow(() -> new IllegalStateException("%d %s".formatted(answer.statusCode(), answer.body()))));
	}

	private HttpResponse<String> send(HttpRequest request) {
		try {
			return this.client.send(request, HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
