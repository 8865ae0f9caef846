package dev.psat.spire.tomcat;

import java.io.IOException;
import java.util.HexFormat;

import org.apache.tomcat.util.net.SSLSupport;
import org.jspecify.annotations.Nullable;

/**
 * The IDs of TLS sessions, which Tomcat tells in hexadecimal.
 */
final class TomcatSessionIds {

	private TomcatSessionIds() {
	}

	/**
	 * Return the ID of a session.
	 * @param support knows the session, {@code null} if there is none
	 * @return the ID, {@code null} if there is none
	 */
	static byte @Nullable [] of(@Nullable SSLSupport support) {
		try {
			String id = (support != null) ? support.getSessionId() : null;
			return (id != null) ? HexFormat.of().parseHex(id) : null;
		}
		catch (IOException | IllegalArgumentException ex) {
			return null;
		}
	}

}
