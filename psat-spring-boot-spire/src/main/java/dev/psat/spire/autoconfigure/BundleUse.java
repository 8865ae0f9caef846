package dev.psat.spire.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * What Spring Boot's properties give an SSL bundle to, as far as this library knows what
 * is made of it. Public only for the auto-configuration of servers and clients.
 *
 * @since 0.1.0
 */
public enum BundleUse {

	/** The web server and the management server. */
	WEB_SERVERS("web servers", "server", "management.server"),

	/** The RSocket server. */
	RSOCKET_SERVER("the RSocket server", "spring.rsocket.server"),

	/** The gRPC server. */
	GRPC_SERVER("the gRPC server", "spring.grpc.server"),

	/** Channels of gRPC. */
	GRPC_CLIENTS("gRPC channels", "spring.grpc.client"),

	/** HTTP clients. */
	HTTP_CLIENTS("HTTP clients", "spring.http"),

	/** Clients of Kafka. */
	KAFKA("clients of Kafka", "spring.kafka"),

	/** Clients of RabbitMQ. */
	RABBITMQ("clients of RabbitMQ", "spring.rabbitmq"),

	/** Clients of the streams of RabbitMQ. */
	RABBITMQ_STREAMS("clients of RabbitMQ's streams", "spring.rabbitmq.stream"),

	/** Clients of Redis. */
	REDIS("clients of Redis", "spring.data.redis");

	private static final ConfigurationPropertyName SSL_BUNDLE = ConfigurationPropertyName.of("ssl.bundle");

	private static final String SERVER_NAME_BUNDLES = ".ssl.server-name-bundles[";

	private final String description;

	private final List<ConfigurationPropertyName> prefixes;

	BundleUse(String description, String... prefixes) {
		this.description = description;
		this.prefixes = Stream.of(prefixes).map(ConfigurationPropertyName::of).toList();
	}

	/**
	 * Return the names that need not be listed by any property source.
	 */
	Stream<ConfigurationPropertyName> names() {
		return this.prefixes.stream().map((prefix) -> prefix.append(SSL_BUNDLE));
	}

	/**
	 * Return whether a property is one of these.
	 * @param name the name of a property that {@link #isBundle may name an SSL bundle}
	 * @return whether it is
	 */
	boolean includes(ConfigurationPropertyName name) {
		return this.prefixes.stream().anyMatch((prefix) -> prefix.isAncestorOf(name));
	}

	/**
	 * Return whether a property may name an SSL bundle.
	 * @param name the name of the property
	 * @return whether it may
	 */
	static boolean isBundle(ConfigurationPropertyName name) {
		int size = name.getNumberOfElements();
		return (size > 2 && SSL_BUNDLE.equals(name.subName(size - 2)))
				|| (name.toString().contains(SERVER_NAME_BUNDLES) && name.toString().endsWith("].bundle"));
	}

	@Override
	public String toString() {
		return this.description;
	}

}
