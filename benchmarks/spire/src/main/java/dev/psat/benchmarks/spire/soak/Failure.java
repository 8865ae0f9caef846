package dev.psat.benchmarks.spire.soak;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * A call that failed.
 *
 * @param caller who called
 * @param begun the {@link System#nanoTime()} when the call began
 * @param ended the {@link System#nanoTime()} when it had failed
 * @param kind what became of it
 * @param text what was thrown
 */
record Failure(String caller, long begun, long ended, Kind kind, String text) {

	static Failure of(String caller, long begun, long ended, Throwable thrown) {
		return new Failure(caller, begun, ended, Kind.of(thrown), describe(thrown));
	}

	private static String describe(Throwable thrown) {
		StringBuilder text = new StringBuilder(thrown.toString());
		for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
			text.append(" <- ").append(cause);
		}
		return text.toString();
	}

	/**
	 * What can become of a call.
	 */
	enum Kind {

		/** One side does not accept the SVID of the other, and this one knows. */
		REFUSED,

		/**
		 * The connection has ended. With TLS 1.3 a client may learn no more when it is
		 * the server that does not accept its SVID.
		 */
		BROKEN,

		/** Nothing that the trouble of an SVID can explain. */
		OTHER;

		static Kind of(Throwable thrown) {
			Kind kind = OTHER;
			for (@Nullable
			Throwable cause = thrown; cause != null; cause = cause.getCause()) {
				if (cause instanceof SSLException) {
					return REFUSED;
				}
				if (cause instanceof HttpTimeoutException || cause instanceof SocketTimeoutException
						|| cause instanceof ConnectException) {
					return OTHER;
				}
				if (cause instanceof IOException) {
					kind = BROKEN;
				}
			}
			return kind;
		}

	}

}
