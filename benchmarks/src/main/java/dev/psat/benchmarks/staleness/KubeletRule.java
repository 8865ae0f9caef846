package dev.psat.benchmarks.staleness;

import java.time.Duration;
import java.util.Random;

/**
 * The rule by which kubelet replaces a token that lives no longer than a day: its token
 * manager says from when on, its sync loop when to ask.
 *
 * @see <a href=
 * "https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/token/token_manager.go">kubelet's
 * token manager</a>
 */
final class KubeletRule {

	private static final int JITTER_SECONDS = 10;

	private static final long SYNC_PERIOD = Duration.ofMinutes(1).toMillis();

	private static final double SYNC_JITTER = 0.5;

	private static final long TICK = Duration.ofSeconds(1).toMillis();

	/** Two loops of 100 ms and the request for the token. */
	private static final int SWAP_MILLIS = 300;

	private final Random random;

	private final long lifetime;

	private long lastSync;

	/**
	 * Create a rule.
	 * @param random the source of random numbers
	 * @param lifetime how long a token lives
	 * @param start when the pod is set up, in milliseconds
	 */
	KubeletRule(Random random, Duration lifetime, long start) {
		this.random = random;
		this.lifetime = lifetime.toMillis();
		this.lastSync = start;
	}

	/**
	 * Return when a token is replaced.
	 * @param issuedAt when it was issued, in milliseconds
	 * @return the instant, in milliseconds
	 */
	long nextSwap(long issuedAt) {
		sync();
		while (!requiresRefresh(issuedAt)) {
			sync();
		}
		return this.lastSync + this.random.nextInt(SWAP_MILLIS);
	}

	private void sync() {
		double period = SYNC_PERIOD * (1 + SYNC_JITTER * this.random.nextDouble());
		this.lastSync += (long) Math.ceil(period / TICK) * TICK;
	}

	private boolean requiresRefresh(long issuedAt) {
		long jitter = Duration.ofSeconds(this.random.nextInt(JITTER_SECONDS)).toMillis();
		return this.lastSync > issuedAt + this.lifetime - this.lifetime / 5 - jitter;
	}

}
