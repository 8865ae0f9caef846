package dev.psat.products.kafka;

import java.util.HashMap;
import java.util.Map;

import dev.psat.products.CorporateAuthority;
import dev.psat.products.Recipe;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;

/**
 * A broker and the applications that use it.
 */
final class KafkaWorld implements AutoCloseable {

	private final TlsWorld world = new TlsWorld();

	private final KafkaBroker broker = new KafkaBroker(this.world);

	TlsWorld world() {
		return this.world;
	}

	KafkaBroker broker() {
		return this.broker;
	}

	/**
	 * Run an application.
	 * @param recipe the file of its recipe
	 * @param listener the listener to use
	 * @param source the configuration
	 * @param properties what differs from the recipe
	 * @return the application, which has an X.509-SVID
	 */
	TlsApplication run(String recipe, ServerCertificate listener, Class<?> source, String... properties) {
		return recipe(recipe, listener).with(properties).run(this.world, source);
	}

	Recipe recipe(String file, ServerCertificate listener) {
		return Recipe.of(file)
			.with("products.wanted=kafka", "spring.kafka.bootstrap-servers=" + this.broker.address(listener),
					"spring.kafka.producer.properties.max.block.ms=20000",
					"spring.kafka.consumer.auto-offset-reset=earliest", CorporateAuthority.property(this.world));
	}

	/**
	 * Return what an administrator needs who has the X.509-SVID of a workload in files.
	 * @param spiffeId the workload
	 * @return the properties
	 */
	Map<String, Object> administrator(String spiffeId) {
		Map<String, Object> properties = new HashMap<>();
		properties.put("bootstrap.servers", this.broker.address(ServerCertificate.SPIRE));
		properties.put("security.protocol", "SSL");
		properties.put("ssl.endpoint.identification.algorithm", "");
		properties.put("ssl.keystore.type", "PEM");
		properties.put("ssl.keystore.location",
				Credential.of(this.world.server().mintX509Svid(spiffeId)).writeTo(this.world.directory()).toString());
		properties.put("ssl.truststore.type", "PEM");
		properties.put("ssl.truststore.location", this.broker.directory().resolve("authorities.pem").toString());
		return properties;
	}

	@Override
	public void close() {
		this.broker.close();
		this.world.close();
	}

}
