package dev.psat.spire.http;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * The rule for redirects: what an authorized server answers over HTTPS leads nobody out
 * of it, since neither the request would be secret there, nor the server known.
 */
final class Redirects {

	private static final String HTTPS = "https";

	private Redirects() {
	}

	/**
	 * Return whether a redirect leaves HTTPS.
	 * @param scheme the scheme of the request
	 * @param location the header {@code Location} of the answer
	 * @return whether it does; {@code true} if the location is malformed, and
	 * {@code false} for a request that did not use HTTPS itself
	 */
	static boolean leaveHttps(String scheme, String location) {
		if (!HTTPS.equalsIgnoreCase(scheme)) {
			return false;
		}
		try {
			String target = new URI(location).getScheme();
			return target != null && !HTTPS.equalsIgnoreCase(target);
		}
		catch (URISyntaxException ex) {
			return true;
		}
	}

}
