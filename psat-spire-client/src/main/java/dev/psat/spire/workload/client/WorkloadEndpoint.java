package dev.psat.spire.workload.client;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where a Workload API is served: {@code unix:///absolute/path} or {@code tcp://IP:port},
 * as URIs without query or fragment (<a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_Endpoint.md">SPIFFE
 * Workload Endpoint</a>, section 4). Private keys travel in the clear: a TCP endpoint
 * must be on the loopback interface or link-local.
 *
 * @since 0.1.0
 */
public final class WorkloadEndpoint {

	/**
	 * The environment variable that clients without another configuration have to use.
	 */
	public static final String ENVIRONMENT_VARIABLE = "SPIFFE_ENDPOINT_SOCKET";

	/** What the JDK accepts, which is one byte less than Linux does. */
	private static final int MAX_PATH_LENGTH = 106;

	private static final Pattern SLASHES = Pattern.compile("/{2,}");

	private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

	private static final Pattern IP_V4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");

	private static final Pattern AUTHORITY = Pattern
		.compile("(?:\\[([0-9a-fA-F:.]+)(?:%(?:25)?([0-9a-zA-Z._-]+))?]|([0-9.]+)):([0-9]{1,5})");

	private final @Nullable Path path;

	private final String host;

	private final int port;

	private final String text;

	private WorkloadEndpoint(Path path, String text) {
		this.path = path;
		this.host = "";
		this.port = 0;
		this.text = text;
	}

	private WorkloadEndpoint(String host, int port) {
		this.path = null;
		this.host = host;
		this.port = port;
		this.text = "tcp://%s:%s".formatted(host.contains(":") ? "[" + host.replace("%", "%25") + "]" : host,
				Integer.toString(port));
	}

	/**
	 * Parse an endpoint.
	 * @param endpoint {@code unix:///absolute/path}, at most 106 bytes of it, or {@code
	 * tcp://IP:port}, an IPv6 address in brackets
	 * @return the endpoint
	 * @throws IllegalArgumentException if the endpoint is anything else
	 */
	public static WorkloadEndpoint parse(String endpoint) {
		Objects.requireNonNull(endpoint, "'endpoint' must not be null");
		URI uri = uri(endpoint);
		if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
			throw refused(endpoint, "has a query or a fragment");
		}
		return switch (String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT)) {
			case "unix" -> unix(endpoint, uri);
			case "tcp" -> tcp(endpoint, uri);
			default -> throw refused(endpoint, "is neither of the form unix:///absolute/path nor tcp://IP:port");
		};
	}

	/**
	 * Return the endpoint that {@value #ENVIRONMENT_VARIABLE} names.
	 * @param environment the environment
	 * @return the endpoint, {@code null} if the variable is not set or empty
	 * @throws IllegalArgumentException if its value is not an endpoint
	 */
	public static @Nullable WorkloadEndpoint ofEnvironment(Map<String, String> environment) {
		String value = environment.get(ENVIRONMENT_VARIABLE);
		return (value != null && !value.isEmpty()) ? parse(value) : null;
	}

	private static URI uri(String endpoint) {
		try {
			return new URI(endpoint);
		}
		catch (URISyntaxException ex) {
			throw refused(endpoint, "is not a URI (%s)".formatted(ex.getReason()));
		}
	}

	private static WorkloadEndpoint unix(String endpoint, URI uri) {
		if (uri.isOpaque() || uri.getRawAuthority() != null) {
			throw refused(endpoint, "is not of the form unix:///absolute/path, with three slashes");
		}
		// several slashes are one, and two at the beginning would begin a host
		String path = SLASHES.matcher(uri.getPath()).replaceAll("/");
		if (path.chars().anyMatch((character) -> Character.isISOControl(character) || character == '\uFFFD')) {
			throw refused(endpoint, "has a path with characters that are not allowed");
		}
		if (path.endsWith("/")) {
			throw refused(endpoint, "names a directory instead of a socket");
		}
		int length = path.getBytes(StandardCharsets.UTF_8).length;
		if (length > MAX_PATH_LENGTH) {
			throw refused(endpoint, "has a path of %d bytes, and the path of a socket has at most %d".formatted(length,
					MAX_PATH_LENGTH));
		}
		try {
			return new WorkloadEndpoint(Path.of(path), "unix://" + ascii(new URI(null, null, path, null).getRawPath()));
		}
		catch (InvalidPathException | URISyntaxException ex) {
			throw refused(endpoint, "has a path that this system does not know");
		}
	}

	/**
	 * The JDK would normalize other characters before it encodes them: that would be
	 * another path.
	 */
	private static String ascii(String rawPath) {
		StringBuilder ascii = new StringBuilder();
		for (byte octet : rawPath.getBytes(StandardCharsets.UTF_8)) {
			ascii.append((octet < 0) ? "%" + HexFormat.of().withUpperCase().toHexDigits(octet) : (char) octet);
		}
		return ascii.toString();
	}

	private static WorkloadEndpoint tcp(String endpoint, URI uri) {
		if (uri.isOpaque() || !uri.getRawPath().isEmpty()) {
			throw refused(endpoint, "is not of the form tcp://IP:port, without anything after the port");
		}
		Matcher authority = AUTHORITY.matcher(String.valueOf(uri.getRawAuthority()));
		if (!authority.matches()) {
			throw refused(endpoint, "is not of the form tcp://IP:port, with an IPv6 address in brackets");
		}
		int port = Integer.parseInt(authority.group(4));
		if (port < 1 || port > 65535) {
			throw refused(endpoint, "has a port that is not between 1 and 65535");
		}
		String literal = Objects.requireNonNullElse(authority.group(1), authority.group(3));
		InetAddress address = address(endpoint, literal, authority.group(3) == null);
		if (!address.isLoopbackAddress() && !address.isLinkLocalAddress()) {
			throw refused(endpoint, "is neither on the loopback interface nor link-local,"
					+ " and private keys would travel in the clear");
		}
		String zone = authority.group(2);
		if (zone != null && !(address instanceof Inet6Address && address.isLinkLocalAddress())) {
			throw refused(endpoint, "has a zone, but not a link-local IPv6 address");
		}
		return new WorkloadEndpoint(address.getHostAddress() + ((zone != null) ? "%" + zone : ""), port);
	}

	/** Never asks a name server. */
	private static InetAddress address(String endpoint, String literal, boolean v6) {
		if (v6 ? literal.contains(":") : IP_V4.matcher(literal).matches()) {
			try {
				return InetAddress.getByName(literal);
			}
			catch (UnknownHostException ex) {
				// said below
			}
		}
		throw refused(endpoint, "has a host that is not an IP address");
	}

	private static IllegalArgumentException refused(String endpoint, String reason) {
		return new IllegalArgumentException("'%s' %s".formatted(endpoint, reason));
	}

	@Nullable Path path() {
		return this.path;
	}

	SocketAddress socketAddress() throws IOException {
		return (this.path != null) ? UnixDomainSocketAddress.of(this.path)
				: new InetSocketAddress(InetAddress.getByName(this.host), this.port);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof WorkloadEndpoint endpoint && this.text.equals(endpoint.text);
	}

	@Override
	public int hashCode() {
		return this.text.hashCode();
	}

	/**
	 * Return the URI that {@link #parse(String)} accepts, without what has no meaning.
	 */
	@Override
	public String toString() {
		return this.text;
	}

}
