package dev.psat.token;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Warns where nothing may be thrown: at the bottom of a thread. Logging itself can fail.
 */
final class SafeLog {

	private static final Log logger = LogFactory.getLog(TokenSource.class);

	private SafeLog() {
	}

	static void warn(String message, Throwable cause) {
		try {
			logger.warn(message, cause);
		}
		catch (RuntimeException | Error ex) {
			// there is nobody left to tell
		}
	}

}
