package dev.psat.benchmarks.spire.tls;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import dev.psat.benchmarks.spire.World;
import dev.psat.benchmarks.tlsserver.QuickIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStateChangedEvent;
import dev.psat.spire.SvidRotatedEvent;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

/**
 * The application that calls. It has an X.509-SVID, and another one in a PEM file.
 */
final class ClientApplication implements AutoCloseable {

	/** The service account of its pod. */
	static final String SERVICE_ACCOUNT = "checkout";

	/** How long a connection and an answer may take. */
	static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final ConfigurableApplicationContext context;

	/**
	 * Start the application and wait for its X.509-SVID.
	 * @param world where
	 * @param properties further properties
	 * @throws InterruptedException if interrupted
	 */
	ClientApplication(World world, String... properties) throws InterruptedException {
		this.context = run(Stream.of(world.target(SERVICE_ACCOUNT).properties().stream(),
				world.pemProperties().stream(), Stream.of(properties),
				Stream.of("spring.http.clients.imperative.factory=http-components",
						"spire.bundle.authorized-clients=" + World.id(SERVICE_ACCOUNT),
						"spire.bundle.authorized-servers=" + World.id("*")))
			.flatMap((some) -> some));
		Wait.until(() -> !svidBundle().isEmpty(), () -> "There is no X.509-SVID");
	}

	/**
	 * Run an application that logs nothing.
	 * @param properties its properties
	 * @param initializers what to do before it starts
	 * @return its context
	 */
	static ConfigurableApplicationContext run(Stream<String> properties,
			ApplicationContextInitializer<?>... initializers) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.logStartupInfo(false)
			.registerShutdownHook(false)
			.initializers(initializers)
			.run(Stream.concat(properties, Stream.of("logging.level.root=warn", "spring.main.banner-mode=off"))
				.map((property) -> "--" + property)
				.toArray(String[]::new));
	}

	SpiffeSslBundle svidBundle() {
		return this.context.getBean(SpiffeSslBundle.class);
	}

	SpireIdentity identity() {
		return this.context.getBean(SpireIdentity.class);
	}

	SslBundle bundle(Bundle bundle) {
		return switch (bundle) {
			case SVID, AGAIN -> svidBundle();
			case KEPT -> svidBundle().keepingConnections();
			case PEM -> pemBundle();
		};
	}

	SslBundle pemBundle() {
		return this.context.getBean(SslBundles.class).getBundle(World.PEM);
	}

	BigInteger serialNumber() {
		return identity().x509Svid().serialNumber();
	}

	/**
	 * Return which certificates it was told that it shows.
	 * @return each with the time from which on
	 */
	List<Publication> shown() {
		return List.copyOf(this.context.getBean(Application.class).shown);
	}

	/**
	 * Make a caller. The bundle of Spring Boot needs what ours does by itself: or else
	 * HttpComponents keeps no connection for which it has shown a certificate.
	 * @param library what its client is made of
	 * @param bundle what it has
	 * @param uri what it calls
	 * @return the caller
	 */
	Caller caller(HttpLibrary library, Bundle bundle, URI uri) {
		PemClient pem = PemClient.of(pemBundle());
		boolean ours = bundle != Bundle.PEM;
		ClientHttpRequestFactoryBuilder<?> builder = switch (library) {
			case JDK -> ClientHttpRequestFactoryBuilder.jdk();
			case HTTP_COMPONENTS -> ours ? this.context.getBean(ClientHttpRequestFactoryBuilder.class)
					: ClientHttpRequestFactoryBuilder.httpComponents()
						.withHttpClientCustomizer(HttpClientBuilder::disableConnectionState);
		};
		return new Caller(builder
			.build(HttpClientSettings.ofSslBundle(ours ? bundle(bundle) : pem.bundle()).withTimeouts(TIMEOUT, TIMEOUT)),
				ours ? () -> {
				} : pem::forgetSessions, uri);
	}

	@Override
	public void close() {
		this.context.close();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(QuickIdentity.class)
	static class Application {

		private final List<Publication> shown = new CopyOnWriteArrayList<>();

		private final ObjectProvider<SpireIdentity> identity;

		Application(ObjectProvider<SpireIdentity> identity) {
			this.identity = identity;
		}

		/**
		 * The first certificate is no rotation.
		 */
		@EventListener
		void onState(SpireStateChangedEvent change) {
			if (this.shown.isEmpty() && change.state().isUp()) {
				this.shown.add(new Publication(this.identity.getObject().x509Svid().serialNumber(), System.nanoTime()));
			}
		}

		@EventListener
		void onRotation(SvidRotatedEvent rotation) {
			this.shown.add(new Publication(rotation.serialNumber(), System.nanoTime()));
		}

	}

}
