package dev.psat.spire.client;

import java.net.ConnectException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.psat.spiffe.internal.Quoted;
import org.jspecify.annotations.Nullable;

final class Unreachable {

	private final List<String> attempts = new ArrayList<>();

	private final List<Throwable> causes = new ArrayList<>();

	private String lastAddress = "";

	void add(InetAddress address, Throwable cause) {
		this.lastAddress = address.getHostAddress();
		this.attempts.add("%s (%s)".formatted(address.getHostAddress(), describe(cause)));
		this.causes.add(cause);
	}

	String after(InetAddress address) {
		return this.attempts.isEmpty() ? address.getHostAddress()
				: "%s, after %s".formatted(address.getHostAddress(), this);
	}

	/** A server that is not accepted says more than one that is away. */
	SpireException exception(ServerAddress server) {
		ServerVerifier.RejectedException rejection = this.causes.stream()
			.map(Unreachable::rejection)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		SpireException exception = exception(server, rejection);
		this.causes.stream().skip(1).forEach(exception::addSuppressed);
		return exception;
	}

	private SpireException exception(ServerAddress server, ServerVerifier.@Nullable RejectedException rejection) {
		Throwable first = this.causes.get(0);
		if (rejection != null) {
			String message = (this.causes.size() == 1)
					? "%s at %s is not accepted: %s".formatted(server, this.lastAddress, rejection.getMessage())
					: "%s is not accepted: %s".formatted(server, this);
			return new SpireException(rejection.reason(), message, first);
		}
		if (this.causes.stream().anyMatch(Unreachable::isAboutVersion)) {
			return new SpireException(FailureReason.TLS_VERSION,
					"%s shares no TLS version with this client, which only uses 1.3: %s".formatted(server, this),
					first);
		}
		if (this.causes.stream().anyMatch(Unreachable::isAboutParameters)) {
			return new SpireException(FailureReason.TLS_PARAMETERS,
					"%s accepts no key exchange, or no other parameter of TLS, that this JDK offers: %s"
						.formatted(server, this),
					first);
		}
		boolean slow = this.causes.stream().anyMatch(Handshake.TooSlowException.class::isInstance);
		return new SpireException(slow ? FailureReason.HANDSHAKE_TIMED_OUT : FailureReason.UNREACHABLE,
				"%s cannot be reached: %s".formatted(server, this), first);
	}

	static ServerVerifier.@Nullable RejectedException rejection(Throwable cause) {
		return (ServerVerifier.RejectedException) chain(cause)
			.filter(ServerVerifier.RejectedException.class::isInstance)
			.findFirst()
			.orElse(null);
	}

	/** The server's alert, or the JDK's message for a version that was not offered. */
	private static boolean isAboutVersion(Throwable cause) {
		return mentions(cause, "protocol_version") || mentions(cause, "selected protocol version");
	}

	/** Not about our certificate: the server has not presented its own yet. */
	private static boolean isAboutParameters(Throwable cause) {
		return mentions(cause, "fatal alert: handshake_failure");
	}

	private static boolean mentions(Throwable cause, String fragment) {
		return chain(cause).anyMatch((link) -> String.valueOf(link.getMessage()).contains(fragment));
	}

	/** The HTTP client usually loses the message of a refused connection. */
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

	@Override
	public String toString() {
		return String.join(", ", this.attempts);
	}

}
