package dev.psat.tlstests;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;

import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.SeenPeer;
import dev.psat.support.AnyCertificate;
import dev.psat.support.Torture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The contract of any server with clients that nothing of ours has made: they replace
 * their connections before their SVIDs expire, and lose no call.
 */
public abstract class SoftEndContract {

	/** A connection lasts for ten seconds even if it begins late. */
	private static final Duration LIFE = Duration.ofSeconds(15);

	private static final String LATE = TlsWorld.LISTED + "/late";

	private static final int RETRIES = 3;

	private static final Duration LEEWAY = Duration.ofMinutes(2);

	/** Longer than a server waits before it closes what takes no further call. */
	private static final Duration LONG_CALL = Duration.ofSeconds(3);

	private static final int THREADS = Torture.times(1, 3);

	private static final Duration PACE = Torture.lasting(Duration.ofMillis(100), Duration.ofMillis(5));

	/**
	 * Return the application.
	 * @return the application
	 */
	protected abstract TlsApplication application();

	/**
	 * Return the clients.
	 * @return by their names, what makes them; those of the JDK unless overridden
	 */
	protected Map<String, Function<SSLContext, KeptClient>> clients() {
		return JdkKeptClient.ofBothVersions(application().port("server"));
	}

	/**
	 * Return where curl can call.
	 * @return the port, empty if it cannot
	 */
	protected OptionalInt curlPort() {
		return OptionalInt.of(application().port("server"));
	}

	/**
	 * Return whether a client leaves a connection open that takes no further call.
	 * @param client the name of the client
	 * @return whether it may, which it must not unless overridden
	 */
	protected boolean mayLeaveOpen(String client) {
		return false;
	}

	@Execution(ExecutionMode.CONCURRENT)
	@Test
	void clientsReplaceTheirConnectionsBeforeTheirSvidsExpire() throws Exception {
		Duration slowness = warm();
		Duration least = LIFE.plus(slowness);
		Duration life = least.plus(slowness.multipliedBy(2));
		for (int i = 0; !areReplaced(life, least); i++) {
			assertThat(i).as("attempts to connect in time").isLessThan(RETRIES);
			life = life.plus(LIFE);
		}
	}

	/**
	 * It never has another SVID, and uses a connection of ten seconds twice.
	 */
	@Execution(ExecutionMode.CONCURRENT)
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void curlReplacesItsConnections(boolean http2) {
		OptionalInt port = curlPort();
		assumeTrue(port.isPresent(), "curl does not call gRPC");
		TlsWorld world = application().world();
		CurlLoad.Calls calls = new CurlLoad(world.directory()).run(port.getAsInt(), http2,
				world.expiring(TlsWorld.LISTED, Duration.ofMinutes(4)), 15);
		Torture.tell("curl over HTTP/%s: %s".formatted(http2 ? "2" : "1.1", calls));
		assertThat(calls.failed()).as(calls.errors()).isZero();
		assertThat(calls.connections()).as("connections").isGreaterThan(1);
	}

	/**
	 * A connection that begins in the last sixth is replaced after ten seconds.
	 */
	@Execution(ExecutionMode.CONCURRENT)
	@Test
	void whatIsUnderWayGoesOnWhereItsConnectionIsReplaced() throws Exception {
		Gate gate = application().bean(Gate.class);
		Policy policy = application().bean(Policy.class);
		policy.invite(LATE);
		Credential late = application().world().expiring(LATE, Duration.ofMinutes(4));
		try {
			for (Map.Entry<String, Function<SSLContext, KeptClient>> each : clients().entrySet()) {
				if (mayLose(each.getKey(), 1) == 0) {
					gate.close();
					try (KeptClient client = each.getValue().apply(late.sslContext(new AnyCertificate()))) {
						assertThatCallsUnderWayGoOn(client);
					}
					finally {
						gate.open();
					}
				}
			}
		}
		finally {
			policy.invite(null);
		}
	}

	private void assertThatCallsUnderWayGoOn(KeptClient client) throws Exception {
		KeptClient.Begun stream = client.stream();
		KeptClient.Begun call = client.begin();
		assertThat(client.call()).isEqualTo("hello");
		TlsApplication.patiently().until(() -> stream.count() > 3);
		long accepted = accepted();
		TlsApplication.patiently().until(() -> {
			assertThat(client.call()).isEqualTo("hello");
			return accepted() > accepted;
		});
		long replaced = System.nanoTime();
		TlsApplication.patiently().until(() -> System.nanoTime() - replaced > LONG_CALL.toNanos());
		assertThat(call.end()).isNotDone();
		application().bean(Gate.class).open();
		assertThat(call.await()).isEqualTo("hello");
		long count = stream.count();
		TlsApplication.patiently().until(() -> stream.count() > count + 5);
		assertThat(stream.end()).isNotDone();
		stream.cancel();
	}

	private long accepted() {
		return application().clients()
			.filter((client) -> client.id().toString().equals(LATE))
			.mapToLong(SeenPeer::accepted)
			.sum();
	}

	/**
	 * Return how many calls a client may lose whose connection goes. Older ones of the
	 * JDK fail whatever is in flight when a server says that it will serve no more.
	 */
	private static int mayLose(String client, int inFlight) {
		return (client.contains("HTTP_2") && Runtime.version().feature() < 25) ? inFlight : 0;
	}

	/**
	 * Let clients connect as fast as they can.
	 * @return how long that takes
	 */
	private Duration warm() throws Exception {
		long begin = System.nanoTime();
		try (Loads loads = new Loads(new ChangingCredential(application().world().credential(Peer.LISTED)))) {
			loads.goOn();
		}
		return Duration.ofNanos(System.nanoTime() - begin);
	}

	/**
	 * Have clients replace their connections.
	 * @param life how long the first ones last
	 * @param least how much of that must be left once all have begun
	 * @return whether it was
	 */
	private boolean areReplaced(Duration life, Duration least) throws Exception {
		TlsWorld world = application().world();
		Credential old = world.expiring(TlsWorld.LISTED, life.minus(LEEWAY));
		Instant end = old.leaf().getNotAfter().toInstant().plus(LEEWAY);
		ChangingCredential credential = new ChangingCredential(old);
		long expired = application().ended(EndCause.EXPIRED);
		boolean inTime;
		Loads loads = new Loads(credential);
		try (loads) {
			loads.goOn();
			credential.change(world.credential(Peer.LISTED));
			// by then, those have begun that the clients wanted before
			loads.goOn();
			inTime = Instant.now().isBefore(end.minus(least));
			TlsApplication.patiently(life).until(() -> end.plusSeconds(1).isBefore(Instant.now()));
		}
		if (!inTime) {
			return false;
		}
		Torture.tell("connections were replaced while " + loads.all);
		assertThat(application().ended(EndCause.EXPIRED) - expired).as("connections that were still open")
			.isLessThanOrEqualTo(loads.all.stream().filter((load) -> mayLeaveOpen(load.client)).count());
		assertThat(loads.all).allSatisfy((load) -> assertThat(load.failures.size()).as("%s: %s", load, load.failures)
			.isLessThanOrEqualTo(mayLose(load.client, THREADS)));
		return true;
	}

	/**
	 * Threads that call with all clients, each of which has two: one for GETs, and one
	 * for POSTs.
	 */
	private final class Loads implements AutoCloseable {

		private final AtomicBoolean over = new AtomicBoolean();

		private final List<Load> all = new CopyOnWriteArrayList<>();

		private final List<KeptClient> clients = new CopyOnWriteArrayList<>();

		Loads(ChangingCredential credential) {
			clients().forEach((name, maker) -> {
				for (boolean post : new boolean[] { false, true }) {
					KeptClient client = maker.apply(credential.sslContext());
					this.clients.add(client);
					for (int i = 0; i < THREADS; i++) {
						this.all.add(new Load(name, client, post, this.over));
					}
				}
			});
			this.all.forEach(Thread::start);
		}

		/**
		 * Wait until each thread has made some further calls.
		 */
		void goOn() {
			Map<Load, Long> enough = this.all.stream()
				.collect(Collectors.toMap((load) -> load, (load) -> load.calls() + 3));
			TlsApplication.patiently()
				.until(() -> enough.entrySet().stream().allMatch((load) -> load.getKey().calls() > load.getValue()));
		}

		@Override
		public void close() throws InterruptedException {
			this.over.set(true);
			for (Load load : this.all) {
				load.join();
			}
			this.clients.forEach(KeptClient::close);
		}

	}

	private static final class Load extends Thread {

		private final String client;

		private final KeptClient kept;

		private final boolean post;

		private final AtomicBoolean over;

		private final AtomicLong calls = new AtomicLong();

		private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

		Load(String client, KeptClient kept, boolean post, AtomicBoolean over) {
			super("load");
			this.client = client;
			this.kept = kept;
			this.post = post;
			this.over = over;
		}

		@Override
		public void run() {
			while (!this.over.get()) {
				try {
					assertThat(this.post ? this.kept.post() : this.kept.call()).isEqualTo("hello");
					Thread.sleep(PACE.toMillis());
				}
				catch (Exception ex) {
					this.failures.add(ex);
				}
				this.calls.incrementAndGet();
			}
		}

		long calls() {
			return this.calls.get();
		}

		@Override
		public String toString() {
			return "%s made %d %s, %d of which failed".formatted(this.client, this.calls.get(),
					this.post ? "POSTs" : "GETs", this.failures.size());
		}

	}

}
