package dev.psat.spire.autoconfigure.ssl;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.ClassUtils;

/**
 * What gets an SSL bundle by properties of Spring Boot: classes of its library, any of
 * which has to be there, and those of Spring Boot without which nothing looks after it.
 */
enum BundleUse {

	/** The management server, too. */
	WEB_SERVERS("web servers",
			List.of("org.apache.catalina.startup.Tomcat", "org.eclipse.jetty.server.Server",
					"reactor.netty.http.server.HttpServer",
					"org.springframework.boot.web.server.AbstractConfigurableWebServerFactory"),
			List.of("web.server.AbstractConfigurableWebServerFactory", "web.server.context.WebServerInitializedEvent"),
			"server", "management.server"),

	RSOCKET_SERVER("the RSocket server", List.of("io.rsocket.core.RSocketServer"), List.of("web.server.Ssl"),
			"spring.rsocket.server"),

	GRPC_SERVER("the gRPC server", List.of("org.springframework.grpc.server.GrpcServerFactory"),
			List.of("grpc.server.autoconfigure.GrpcServerFactoryCustomizer",
					"grpc.server.autoconfigure.GrpcServerProperties"),
			"spring.grpc.server"),

	GRPC_CLIENTS("gRPC channels", List.of("org.springframework.grpc.client.ChannelCredentialsProvider"),
			List.of("grpc.client.autoconfigure.GrpcClientProperties"), "spring.grpc.client"),

	HTTP_CLIENTS("HTTP clients", List.of("org.springframework.http.client.ClientHttpRequestFactory"),
			List.of("http.client.ClientHttpRequestFactoryBuilder",
					"http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer",
					"http.client.reactive.ClientHttpConnectorBuilder",
					"http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer",
					"http.client.HttpClientSettings"),
			"spring.http"),

	KAFKA("clients of Kafka", List.of("org.springframework.kafka.core.KafkaTemplate"),
			List.of("kafka.autoconfigure.KafkaConnectionDetails", "kafka.autoconfigure.KafkaProperties"),
			"spring.kafka"),

	/** More of its properties than the next. */
	RABBITMQ_STREAMS("clients of RabbitMQ's streams", List.of("com.rabbitmq.stream.EnvironmentBuilder"),
			List.of("amqp.autoconfigure.EnvironmentBuilderCustomizer",
					"amqp.autoconfigure.RabbitStreamConnectionDetails"),
			"spring.rabbitmq.stream"),

	RABBITMQ("clients of RabbitMQ", List.of("org.springframework.amqp.rabbit.connection.ConnectionFactory"),
			List.of("amqp.autoconfigure.RabbitProperties"), "spring.rabbitmq"),

	REDIS("clients of Redis", List.of("org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory"),
			List.of("data.redis.autoconfigure.DataRedisConnectionDetails"), "spring.data.redis");

	private static final ConfigurationPropertyName SSL_BUNDLE = ConfigurationPropertyName.of("ssl.bundle");

	private static final String SERVER_NAME_BUNDLES = ".ssl.server-name-bundles[";

	private final String description;

	private final List<String> library;

	private final List<String> springBoot;

	private final List<ConfigurationPropertyName> prefixes;

	BundleUse(String description, List<String> library, List<String> springBoot, String... prefixes) {
		this.description = description;
		this.library = library;
		this.springBoot = springBoot.stream().map("org.springframework.boot."::concat).toList();
		this.prefixes = Stream.of(prefixes).map(ConfigurationPropertyName::of).toList();
	}

	static @Nullable BundleUse of(ConfigurationPropertyName property) {
		for (BundleUse use : values()) {
			if (use.prefixes.stream().anyMatch((prefix) -> prefix.isAncestorOf(property))) {
				return use;
			}
		}
		return null;
	}

	static boolean isBundle(ConfigurationPropertyName name) {
		int size = name.getNumberOfElements();
		return (size > 2 && SSL_BUNDLE.equals(name.subName(size - 2)))
				|| (name.toString().contains(SERVER_NAME_BUNDLES) && name.toString().endsWith("].bundle"));
	}

	/** What can be asked for if a property source does not list its own. */
	Stream<ConfigurationPropertyName> names() {
		return this.prefixes.stream().map((prefix) -> prefix.append(SSL_BUNDLE));
	}

	boolean isUnknown(@Nullable ClassLoader classLoader) {
		return this.library.stream().anyMatch((name) -> ClassUtils.isPresent(name, classLoader))
				&& !this.springBoot.stream().allMatch((name) -> ClassUtils.isPresent(name, classLoader));
	}

	@Override
	public String toString() {
		return this.description;
	}

}
