package dev.psat.tlstests.tomcat.soak;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;

import dev.psat.support.soak.Thrown;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed.
 *
 * @param application the application that called
 * @param caller the thread that called
 * @param time how long the call took
 * @param kind why it failed
 * @param text what was thrown
 */
record Failure(String application, String caller, Duration time, Kind kind, String text) {

	private static final Pattern NOT_TRUSTED = Pattern
		.compile("The X\\.509-SVID of \\S+ (expired at|does not chain to an authority of the trust bundle)");

	private static final String EXPIRED = "There is no X.509-SVID to connect with: The last one expired at";

	/**
	 * What the JDK says of a server that ends the connection and shows no certificate.
	 */
	private static final String ENDED = "Remote host terminated the handshake";

	private static final String ALERT = "Received fatal alert: ";

	private static final Pattern CERTIFICATE_ALERT = Pattern
		.compile(ALERT + "(bad_certificate|certificate_expired|certificate_unknown|unknown_ca)");

	static Failure of(String application, String caller, Duration time, Throwable thrown) {
		return new Failure(application, caller, time, Kind.of(thrown), Thrown.describe(thrown));
	}

	/**
	 * Why a call failed.
	 */
	enum Kind {

		/** The application does not trust the SVID of its peer. */
		PEER_REFUSED,

		/**
		 * The peer does not trust the SVID of the application, or so it seems: with TLS
		 * 1.3 a client may only see that its connection ends.
		 */
		REFUSED_BY_PEER,

		/**
		 * The application does not connect, since its own SVID has expired for too long.
		 */
		OWN_EXPIRED,

		/** For a reason that no SVID can explain. */
		OTHER;

		static Kind of(Throwable thrown) {
			Kind kind = OTHER;
			for (@Nullable
			Throwable cause = thrown; cause != null; cause = cause.getCause()) {
				String message = String.valueOf(cause.getMessage());
				if (cause instanceof CertificateException && message.startsWith(EXPIRED)) {
					return OWN_EXPIRED;
				}
				if (cause instanceof CertificateException) {
					return NOT_TRUSTED.matcher(message).lookingAt() ? PEER_REFUSED : OTHER;
				}
				if (cause instanceof SSLException && message.contains(ALERT)) {
					return CERTIFICATE_ALERT.matcher(message).find() ? REFUSED_BY_PEER : OTHER;
				}
				if (cause instanceof SSLException && message.equals(ENDED)) {
					return REFUSED_BY_PEER;
				}
				if (cause instanceof HttpTimeoutException || cause instanceof SocketTimeoutException
						|| cause instanceof ConnectException) {
					return OTHER;
				}
				if (cause instanceof IOException) {
					kind = (cause instanceof SSLException) ? OTHER : REFUSED_BY_PEER;
				}
			}
			return kind;
		}

	}

}
