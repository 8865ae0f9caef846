package dev.psat.spire.client;

import java.net.ConnectException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses of a server that could not be reached, and why.
 */
final class Unreachable {

	private final List<String> attempts = new ArrayList<>();

	private final List<Throwable> causes = new ArrayList<>();

	void add(InetAddress address, Throwable cause) {
		this.attempts.add("%s (%s)".formatted(address.getHostAddress(), describe(cause)));
		this.causes.add(cause);
	}

	SpireException exception(ServerAddress server) {
		boolean version = this.causes.stream().anyMatch(Unreachable::isAboutVersion);
		SpireException exception = new SpireException(version ? FailureReason.TLS_VERSION : FailureReason.UNREACHABLE,
				(version ? "%s shares no TLS version with this client, which only uses 1.3: %s"
						: "%s cannot be reached: %s")
					.formatted(server, String.join(", ", this.attempts)),
				this.causes.get(0));
		this.causes.stream().skip(1).forEach(exception::addSuppressed);
		return exception;
	}

	/**
	 * Return whether a failure is about the TLS version: either the server's alert, or
	 * the JDK's message for a version that the client did not offer.
	 */
	private static boolean isAboutVersion(Throwable cause) {
		return chain(cause).map((link) -> String.valueOf(link.getMessage()))
			.anyMatch(
					(message) -> message.contains("protocol_version") || message.contains("selected protocol version"));
	}

	/**
	 * Describe a failure. The HTTP client usually loses the message of a refused
	 * connection.
	 */
	private static String describe(Throwable cause) {
		return chain(cause).map(Throwable::getMessage)
			.filter((message) -> message != null && !message.isBlank())
			.findFirst()
			.map(Quoted::line)
			.orElse((cause instanceof ConnectException) ? "no connection" : cause.getClass().getSimpleName());
	}

	private static Stream<Throwable> chain(Throwable cause) {
		return Stream.iterate(cause, (link) -> link != null, Throwable::getCause);
	}

}
