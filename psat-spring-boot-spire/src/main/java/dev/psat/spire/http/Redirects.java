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
	 * A malformed location does. A request that did not use HTTPS itself leaves nothing.
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
