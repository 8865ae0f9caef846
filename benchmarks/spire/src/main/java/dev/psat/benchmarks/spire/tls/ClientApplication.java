package dev.psat.benchmarks.spire.tls;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.X509KeyManager;

import dev.psat.benchmarks.tlsserver.QuickIdentity;
import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SvidRotatedEvent;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.util.Assert;

/**
 * The application that calls. It has an X.509-SVID, and the same one in PEM files.
 */
final class ClientApplication implements AutoCloseable {

	/** How long a connection and an answer may take. */
	static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final Duration LOOK = Duration.ofMillis(2);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final ConfigurableApplicationContext context;

	private final PemFiles pemFiles;

	private final SslBundle pem;

	private ClientApplication(ConfigurableApplicationContext context, PemFiles pemFiles) throws Exception {
		this.context = context;
		this.pemFiles = pemFiles;
		awaitChange(null);
		writePem();
		this.pem = pemFiles.bundle();
	}

	/**
	 * Start the application and wait for its X.509-SVID.
	 * @param world where
	 * @param quick whether it is to notice quickly that it needs another one
	 * @return the application, to be closed
	 * @throws Exception if it does not start
	 */
	static ClientApplication start(World world, boolean quick) throws Exception {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.logStartupInfo(false)
			.registerShutdownHook(false)
			.run(Stream
				.concat(world.properties(World.CLIENT).stream(),
						Stream.of("logging.level.root=warn", "spring.http.clients.imperative.factory=http-components",
								QuickIdentity.PROPERTY + "=" + quick))
				.map((property) -> "--" + property)
				.toArray(String[]::new));
		try {
			return new ClientApplication(context,
					new PemFiles(world.directory().resolve("svid.pem"), world.trustBundle()));
		}
		catch (Exception ex) {
			context.close();
			throw ex;
		}
	}

	SpiffeSslBundle svidBundle() {
		return this.context.getBean(SpiffeSslBundle.class);
	}

	SpireIdentity identity() {
		return this.context.getBean(SpireIdentity.class);
	}

	PemFiles pemFiles() {
		return this.pemFiles;
	}

	SslBundle pemBundle() {
		return this.pem;
	}

	/**
	 * Return which certificates it was told that it shows.
	 * @return each with the time from which on
	 */
	List<Publication> shown() {
		return List.copyOf(this.context.getBean(Application.class).shown);
	}

	/**
	 * Write the present X.509-SVID to the PEM files.
	 * @throws Exception if that fails
	 */
	void writePem() throws Exception {
		this.pemFiles.write((X509KeyManager) svidBundle().getManagers().getKeyManagers()[0]);
	}

	/**
	 * Wait for another X.509-SVID.
	 * @param before the serial number that it must not have, {@code null} for any
	 * @throws InterruptedException if interrupted
	 */
	void awaitChange(@Nullable BigInteger before) throws InterruptedException {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (svidBundle().isEmpty() || identity().x509Svid().serialNumber().equals(before)) {
			Assert.state(System.nanoTime() < end, "There is no other X.509-SVID");
			Thread.sleep(LOOK.toMillis());
		}
	}

	/**
	 * Make callers, each with a client of its own.
	 * @param count how many
	 * @param library what their clients are made of
	 * @param bundle what they have
	 * @return the callers
	 */
	Callers callers(int count, HttpLibrary library, Bundle bundle) {
		if (bundle == Bundle.SVID) {
			SpiffeSslBundle svidBundle = svidBundle();
			return new Callers(IntStream.range(0, count).mapToObj((caller) -> caller(library, svidBundle)).toList(),
					() -> svidBundle.handshakes().count(Direction.OUTBOUND, HandshakeOutcome.ACCEPTED));
		}
		LongAdder checks = new LongAdder();
		List<Caller> callers = new ArrayList<>();
		for (int caller = 0; caller < count; caller++) {
			PemClient client = PemClient.of(this.pem, checks);
			Caller resuming = caller(library, client.bundle());
			callers.add((bundle == Bundle.PEM) ? resuming.doing(client::forgetSessions) : resuming);
		}
		return new Callers(callers, checks::sum);
	}

	/**
	 * The bundle of Spring Boot needs what ours does by itself: or else HttpComponents
	 * keeps no connection for which it has shown a certificate.
	 */
	private Caller caller(HttpLibrary library, SslBundle bundle) {
		ClientHttpRequestFactoryBuilder<?> builder = switch (library) {
			case JDK -> ClientHttpRequestFactoryBuilder.jdk();
			case HTTP_COMPONENTS ->
				(bundle instanceof SpiffeSslBundle) ? this.context.getBean(ClientHttpRequestFactoryBuilder.class)
						: ClientHttpRequestFactoryBuilder.httpComponents()
							.withHttpClientCustomizer(HttpClientBuilder::disableConnectionState);
		};
		return new Caller(builder.build(HttpClientSettings.ofSslBundle(bundle).withTimeouts(TIMEOUT, TIMEOUT)), () -> {
		});
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

		@EventListener
		void onRotation(SvidRotatedEvent rotation) {
			this.shown.add(new Publication(rotation.serialNumber(), System.nanoTime()));
		}

	}

}
