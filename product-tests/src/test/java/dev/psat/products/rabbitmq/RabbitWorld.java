package dev.psat.products.rabbitmq;

import java.util.EnumMap;
import java.util.Map;

import dev.psat.products.CorporateAuthority;
import dev.psat.products.Recipe;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsWorld;

/**
 * Brokers, which start when they are needed, and the applications that use them.
 */
final class RabbitWorld implements AutoCloseable {

	private final TlsWorld world = new TlsWorld();

	private final Map<ServerCertificate, RabbitBroker> brokers = new EnumMap<>(ServerCertificate.class);

	private final String[] configuration;

	/**
	 * Create a world without brokers.
	 * @param configuration further lines of the configuration of each
	 */
	RabbitWorld(String... configuration) {
		this.configuration = configuration;
	}

	TlsWorld world() {
		return this.world;
	}

	/**
	 * Return a broker that runs.
	 * @param certificate what it presents
	 * @return the broker, always the same one for a certificate
	 */
	RabbitBroker broker(ServerCertificate certificate) {
		return this.brokers.computeIfAbsent(certificate, (missing) -> {
			RabbitBroker broker = RabbitBroker.of(this.world, certificate, this.configuration);
			broker.start();
			return broker;
		});
	}

	Recipe recipe(String file, RabbitBroker broker) {
		return Recipe.of(file)
			.with("products.wanted=amqp", "spring.rabbitmq.host=localhost", "spring.rabbitmq.port=" + broker.port(),
					"spring.rabbitmq.stream.host=localhost", "spring.rabbitmq.stream.port=" + broker.streamPort(),
					CorporateAuthority.property(this.world));
	}

	@Override
	public void close() {
		this.brokers.values().forEach(RabbitBroker::close);
		this.world.close();
	}

}
