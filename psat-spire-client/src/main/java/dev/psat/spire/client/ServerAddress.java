package dev.psat.spire.client;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a SPIRE Server.
 *
 * @param host a name or an address literal, an IPv6 literal without brackets
 * @param port the port, from 1 to 65535
 * @since 0.1.0
 */
public record ServerAddress(String host, int port) {

	private static final Pattern FORMAT = Pattern.compile("(?:\\[([^\\[\\]]*)]|([^:\\[\\]]*)):([0-9]{1,5})");

	private static final Pattern LITERAL = Pattern.compile("[0-9a-fA-F]*:.*|[0-9]+(?:\\.[0-9]+){3}");

	private static final Pattern HOST = Pattern
		.compile("[0-9a-zA-Z._-]+|[0-9a-fA-F]*:[0-9a-fA-F:.]*(?:%[0-9a-zA-Z._-]+)?");

	/**
	 * Create an address.
	 * @param host a name or an address literal, an IPv6 literal without brackets
	 * @param port the port, from 1 to 65535
	 * @throws IllegalArgumentException if the host is malformed, or the port is out of
	 * range
	 */
	public ServerAddress {
		Objects.requireNonNull(host, "'host' must not be null");
		if (!HOST.matcher(host).matches()) {
			throw new IllegalArgumentException("'%s' is neither a host name nor an address".formatted(host));
		}
		if (port < 1 || port > 65535) {
			throw new IllegalArgumentException("Port %d is not between 1 and 65535".formatted(port));
		}
	}

	/**
	 * Parse an address.
	 * @param address {@code host:port}, an IPv6 literal in brackets
	 * @return the address
	 * @throws IllegalArgumentException if the address is malformed
	 */
	public static ServerAddress parse(String address) {
		Objects.requireNonNull(address, "'address' must not be null");
		Matcher matcher = FORMAT.matcher(address);
		if (!matcher.matches()) {
			throw new IllegalArgumentException(
					"'%s' is not of the form host:port, with an IPv6 address in brackets".formatted(address));
		}
		String literal = matcher.group(1);
		if (literal != null && !literal.contains(":")) {
			throw new IllegalArgumentException("'%s' is not an IPv6 address".formatted(literal));
		}
		return new ServerAddress((literal != null) ? literal : matcher.group(2), Integer.parseInt(matcher.group(3)));
	}

	/** TLS must not send a literal as a server name (RFC 6066, section 3). */
	boolean isLiteral() {
		return LITERAL.matcher(this.host).matches();
	}

	/** Return the form that {@link #parse(String)} accepts. */
	@Override
	public String toString() {
		return (this.host.contains(":") ? "[" + this.host + "]" : this.host) + ":" + this.port;
	}

}
