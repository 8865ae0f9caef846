package dev.psat.spire.http;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * What an authorized server answers over HTTPS leads nobody out of it, where neither the
 * request would be secret, nor the server known.
 */
final class Redirects {

	private static final String HTTPS = "https";

	private Redirects() {
	}

	/** So does a malformed location. A request without HTTPS leaves nothing. */
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
