package dev.psat.tlstests;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.support.Torture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of any server with clients that nothing of ours has made: they replace
 * their connections before their SVIDs expire, and lose no call.
 */
public abstract class SoftEndContract {

	/** A connection lasts for ten seconds even if it begins late. */
	private static final Duration LIFE = Duration.ofSeconds(15);

	private static final Duration LEEWAY = Duration.ofMinutes(2);

	private static final int THREADS = Torture.times(1, 3);

	private static final Duration PACE = Duration.ofMillis(5);

	/**
	 * Return the application.
	 * @return the application
	 */
	protected abstract TlsApplication application();

	/**
	 * Return the clients.
	 * @return by their names, what makes them
	 */
	protected abstract Map<String, Function<SSLContext, KeptClient>> clients();

	/**
	 * Return how many calls a client may lose whose connection goes.
	 * @param client the name of the client
	 * @param inFlight how many are in flight
	 * @return how many it may lose, none unless overridden
	 */
	protected int mayLose(String client, int inFlight) {
		return 0;
	}

	@Test
	void clientsReplaceTheirConnectionsBeforeTheirSvidsExpire() throws Exception {
		TlsWorld world = application().world();
		Credential old = world.expiring(TlsWorld.LISTED, LIFE.minus(LEEWAY));
		ChangingCredential credential = new ChangingCredential(old);
		long expired = expired();
		AtomicBoolean over = new AtomicBoolean();
		List<Load> loads = new ArrayList<>();
		List<KeptClient> clients = new ArrayList<>();
		try {
			clients().forEach((name, maker) -> {
				for (boolean post : new boolean[] { false, true }) {
					KeptClient client = maker.apply(credential.sslContext());
					clients.add(client);
					for (int i = 0; i < THREADS; i++) {
						loads.add(new Load(name, client, post, over));
					}
				}
			});
			loads.forEach(Thread::start);
			TlsApplication.patiently().until(() -> loads.stream().allMatch((load) -> load.calls.get() > 3));
			credential.change(world.credential(Peer.LISTED));
			TlsApplication.patiently()
				.until(() -> old.leaf().getNotAfter().toInstant().plus(LEEWAY).plusSeconds(1).isBefore(Instant.now()));
		}
		finally {
			over.set(true);
			for (Load load : loads) {
				load.join();
			}
			clients.forEach(KeptClient::close);
		}
		Torture.tell("connections were replaced while " + loads);
		assertThat(expired() - expired).as("connections that were still open").isZero();
		assertThat(loads).allSatisfy((load) -> assertThat(load.failures.size()).as("%s: %s", load, load.failures)
			.isLessThanOrEqualTo(mayLose(load.client, THREADS)));
	}

	private long expired() {
		return application().bundle().connections().ended(Direction.INBOUND, EndCause.EXPIRED);
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

		@Override
		public String toString() {
			return "%s made %d %s, %d of which failed".formatted(this.client, this.calls.get(),
					this.post ? "POSTs" : "GETs", this.failures.size());
		}

	}

}
