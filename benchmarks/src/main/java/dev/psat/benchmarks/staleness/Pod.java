package dev.psat.benchmarks.staleness;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenUnavailableException;

import org.springframework.util.Assert;

/**
 * The life of a pod in simulated time: kubelet swaps tokens, and the application asks a
 * source for a token, and every second for its status.
 */
final class Pod {

	static final Duration LIFETIME = Duration.ofMinutes(10);

	static final Duration MEAN_PAUSE = Duration.ofSeconds(5);

	static final String AUDIENCE = "spire-server";

	private static final long SECOND = Duration.ofSeconds(1).toMillis();

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final SimulatedKubelet kubelet;

	private final SimulatedClock clock;

	private final Random random;

	private final Findings findings;

	private final KubeletRule rule;

	private final Map<String, Long> expiries = new HashMap<>();

	private String newest = "";

	private long issuedAt;

	private long nextSwap;

	Pod(SimulatedKubelet kubelet, SimulatedClock clock, Random random, Findings findings) {
		this.kubelet = kubelet;
		this.clock = clock;
		this.random = random;
		this.findings = findings;
		this.rule = new KubeletRule(random, LIFETIME, clock.millis());
	}

	/**
	 * Live, starting with a new token.
	 * @param lead how long kubelet rotates before calls count
	 * @param time how long calls count
	 * @param dead whether kubelet no longer rotates from then on
	 */
	void live(Duration lead, Duration time, boolean dead) {
		rotate();
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath())
			.audience(AUDIENCE)
			.clock(this.clock)
			.build()) {
			source.start();
			long now = this.clock.millis();
			long counted = now + lead.toMillis();
			long end = counted + time.toMillis();
			long nextCall = now + pause();
			long nextSecond = now + SECOND;
			while (now < end) {
				if (now == this.nextSwap) {
					swap(source, dead && now >= counted);
				}
				else if (now == nextCall) {
					call(source, (now >= counted) ? this.findings : new Findings());
					nextCall = now + pause();
				}
				else if (now == nextSecond) {
					this.findings.said(source.status(), now);
					nextSecond = now + SECOND;
				}
				now = Math.min(this.nextSwap, Math.min(nextCall, nextSecond));
				this.clock.set(now);
			}
		}
	}

	private void swap(TokenSource source, boolean dead) {
		if (dead) {
			this.nextSwap = Long.MAX_VALUE;
			return;
		}
		this.findings.swapped(this.clock.millis() - this.issuedAt);
		long generation = generation(source);
		long began = System.nanoTime();
		rotate();
		while (generation(source) == generation) {
			Assert.state(System.nanoTime() - began < PATIENCE.toNanos(), "A rotation has not been noticed");
			Thread.onSpinWait();
		}
		this.findings.noticed(System.nanoTime() - began);
	}

	private static long generation(TokenSource source) {
		return Objects.requireNonNull(source.status().token()).generation();
	}

	private void rotate() {
		this.newest = this.kubelet.rotate();
		this.issuedAt = this.clock.millis() / SECOND * SECOND;
		this.expiries.put(this.newest, this.issuedAt + LIFETIME.toMillis());
		this.nextSwap = this.rule.nextSwap(this.issuedAt);
	}

	private void call(TokenSource source, Findings findings) {
		try {
			String token = source.value();
			long expiresAt = Objects.requireNonNull(this.expiries.get(token));
			findings.countToken(token.equals(this.newest), expiresAt, this.clock.millis());
		}
		catch (TokenUnavailableException ex) {
			findings.countRefusal();
		}
	}

	private long pause() {
		return 1 + (long) (-Math.log(1 - this.random.nextDouble()) * MEAN_PAUSE.toMillis());
	}

}
