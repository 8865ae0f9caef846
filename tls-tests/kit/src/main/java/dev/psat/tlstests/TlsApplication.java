package dev.psat.tlstests;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStateChangedEvent;
import dev.psat.spire.SvidRotatedEvent;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.test.SimulatedAuthority;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.SeenPeer;
import dev.psat.support.Patience;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application with the bundle {@code spire}, within its {@link TlsWorld}. It ends no
 * later than its world.
 */
public final class TlsApplication implements AutoCloseable {

	private static final Duration PATIENCE = Patience.LIMIT;

	private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

	private final TlsWorld world;

	private final ConfigurableApplicationContext context;

	private final AtomicBoolean up = new AtomicBoolean();

	private final Queue<BigInteger> rotated = new ConcurrentLinkedQueue<>();

	private TlsApplication(TlsWorld world, SpringApplicationBuilder builder, String... properties) {
		this.world = world;
		this.context = builder.listeners(new Events(this.up, this.rotated))
			.initializers(this::registerIdentity)
			.run(arguments(world.properties(properties)));
		world.add(this);
		patiently().untilTrue(this.up);
	}

	/**
	 * Start an application.
	 * @param world the world around it
	 * @param source the configuration
	 * @param properties the properties, besides those that refer to the world
	 * @return the application, which has an X.509-SVID
	 */
	public static TlsApplication run(TlsWorld world, Class<?> source, String... properties) {
		return new TlsApplication(world,
				new SpringApplicationBuilder(source).properties(Map.of("spring.main.banner-mode", "off")), properties);
	}

	private void registerIdentity(ConfigurableApplicationContext context) {
		((GenericApplicationContext) context).registerBean(SpireIdentity.class,
				() -> new MortalIdentity(this.world.identity(context)));
	}

	private static String[] arguments(String... properties) {
		return Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new);
	}

	public TlsWorld world() {
		return this.world;
	}

	public ConfigurableApplicationContext context() {
		return this.context;
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	public SpiffeSslBundle bundle() {
		return bean(SpiffeSslBundle.class);
	}

	public SpireIdentity identity() {
		return bean(SpireIdentity.class);
	}

	MortalIdentity mortal() {
		return bean(MortalIdentity.class);
	}

	/**
	 * Return the port of one of its servers.
	 * @param server {@code server} or {@code management}
	 * @return the port
	 */
	public int port(String server) {
		return this.context.getEnvironment().getRequiredProperty("local.%s.port".formatted(server), Integer.class);
	}

	/**
	 * Return the serial number of the X.509-SVID in force.
	 * @return the serial number
	 */
	public BigInteger serialNumber() {
		return identity().x509Svid().serialNumber();
	}

	public long count(Direction direction, HandshakeOutcome outcome) {
		return bundle().handshakes().count(direction, outcome);
	}

	/**
	 * Return how many handshakes with peers of a trust domain had an outcome.
	 * @param trustDomain the name, {@code null} for peers that nobody vouches for
	 */
	long count(Direction direction, HandshakeOutcome outcome, @Nullable String trustDomain) {
		return bundle().handshakes()
			.count(direction, outcome, (trustDomain != null) ? TrustDomain.of(trustDomain) : null);
	}

	/**
	 * Return how many connections of clients have ended with a cause.
	 */
	long ended(EndCause cause) {
		return bundle().connections().ended(Direction.INBOUND, cause);
	}

	/**
	 * Return how many connections of a client are open.
	 */
	int open(String spiffeId) {
		return clients().filter((client) -> client.id().toString().equals(spiffeId))
			.mapToInt(SeenPeer::openConnections)
			.sum();
	}

	/**
	 * Return the clients that have been seen.
	 */
	Stream<SeenPeer> clients() {
		return bundle().peers().peers(Direction.INBOUND).stream();
	}

	/**
	 * Replace the X.509-SVID, and wait for the application's event.
	 */
	public void rotate() {
		BigInteger before = serialNumber();
		this.world.changeEntry();
		if (this.world.workloadApi() == null) {
			// ensures that there is an agent, without which the change would go unnoticed
			identity().jwtSvid("audience-" + before);
		}
		patiently().untilAsserted(() -> assertThat(serialNumber()).isNotEqualTo(before).isIn(this.rotated));
	}

	/**
	 * Restart what the X.509-SVID comes from if that is an agent, which then has another
	 * one, or else replace it.
	 */
	void restart() {
		SimulatedWorkloadApi agent = this.world.workloadApi();
		if (agent == null) {
			rotate();
			return;
		}
		BigInteger before = serialNumber();
		agent.stop();
		agent.start();
		patiently().untilAsserted(() -> assertThat(serialNumber()).isNotEqualTo(before).isIn(this.rotated));
	}

	/**
	 * Replace the authority of the trust domain, so that everything signed by its
	 * predecessor is no longer trusted, and wait until the application knows.
	 */
	public void replaceAuthority() {
		replaceAuthority(() -> {
		});
	}

	/**
	 * Replace the authority of the trust domain, and pause before its predecessor is
	 * revoked: handshakes that have begun with what it signed would fail.
	 * @param pause returns when the pause is over
	 */
	void replaceAuthority(Runnable pause) {
		replaceAuthority(() -> {
		}, pause);
	}

	/**
	 * Replace the authority of the trust domain, and pause before its predecessor is
	 * revoked.
	 * @param renewal renews what peers have from the predecessor, before it is tainted
	 * @param pause returns when the pause is over
	 */
	void replaceAuthority(Runnable renewal, Runnable pause) {
		activateAuthority();
		renewal.run();
		this.world.server().authority().taint();
		pause.run();
		this.world.server().authority().revoke();
		awaitTrustBundle();
	}

	/**
	 * Begin to replace the authority of the trust domain, and wait until the application
	 * has an X.509-SVID of the next one. Both are trusted.
	 */
	void activateAuthority() {
		SimulatedAuthority authority = this.world.server().authority();
		authority.prepare();
		awaitTrustBundle();
		authority.activate();
		rotate();
	}

	/**
	 * Revoke the authority that was replaced without a pause.
	 */
	void revokeAuthority() {
		this.world.server().authority().taint();
		this.world.server().authority().revoke();
		awaitTrustBundle();
	}

	private void awaitTrustBundle() {
		TrustDomain trustDomain = TrustDomain.of(this.world.server().trustDomain());
		List<X509Certificate> current = certificates(TrustBundle.parse(trustDomain,
				this.world.server().trustBundle().toJwks().getBytes(StandardCharsets.UTF_8)));
		patiently().untilAsserted(() -> assertThat(certificates(identity().trustBundle())).isEqualTo(current));
	}

	private static List<X509Certificate> certificates(TrustBundle bundle) {
		return bundle.x509Authorities().stream().map(X509Authority::certificate).toList();
	}

	static ConditionFactory patiently() {
		return patiently(Duration.ZERO);
	}

	/**
	 * Return how to wait for something that cannot happen before some time has passed.
	 * @param later the time, which may be negative
	 */
	static ConditionFactory patiently(Duration later) {
		return await().atMost(later.isNegative() ? PATIENCE : PATIENCE.plus(later))
			.pollDelay(Duration.ZERO)
			.pollInterval(POLL_INTERVAL);
	}

	@Override
	public void close() {
		if (this.context.isActive()) {
			SpringApplication.exit(this.context);
		}
	}

	/**
	 * What the application was told of its identity.
	 */
	private record Events(AtomicBoolean up,
			Queue<BigInteger> rotated) implements ApplicationListener<PayloadApplicationEvent<?>> {

		@Override
		public void onApplicationEvent(PayloadApplicationEvent<?> event) {
			if (event.getPayload() instanceof SvidRotatedEvent rotation) {
				this.rotated.add(rotation.serialNumber());
			}
			else if (event.getPayload() instanceof SpireStateChangedEvent change && change.state().isUp()) {
				this.up.set(true);
			}
		}

	}

}
