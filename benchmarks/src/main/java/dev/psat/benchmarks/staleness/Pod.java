package dev.psat.benchmarks.staleness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;

import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The life of a pod in simulated time: kubelet swaps tokens, and the application asks
 * every peer for a token, and our source every second for its status.
 */
final class Pod {

	static final Duration LIFETIME = Duration.ofMinutes(10);

	static final Duration MEAN_PAUSE = Duration.ofSeconds(5);

	static final String AUDIENCE = "spire-server";

	private static final long SECOND = Duration.ofSeconds(1).toMillis();

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final Scenario scenario;

	private final SimulatedKubelet kubelet;

	private final SimulatedClock clock;

	private final Random random;

	private final Findings findings;

	private final KubeletRule rule;

	private final Map<String, Long> expiries = new HashMap<>();

	private String newest = "";

	private long issuedAt;

	private long nextSwap;

	Pod(Scenario scenario, SimulatedKubelet kubelet, SimulatedClock clock, Random random, Findings findings) {
		this.scenario = scenario;
		this.kubelet = kubelet;
		this.clock = clock;
		this.random = random;
		this.findings = findings;
		this.rule = new KubeletRule(random, LIFETIME, scenario.longestStall(), clock.millis());
	}

	/**
	 * Live, starting with a new token.
	 * @param time how long calls count
	 */
	void live(Duration time) {
		rotate();
		Path path = (this.scenario == Scenario.SUB_PATH) ? this.kubelet.subPath() : this.kubelet.tokenPath();
		try (TokenSource source = TokenSource.builder(path).audience(AUDIENCE).clock(this.clock).build()) {
			source.start();
			live(source, new Peers(path, this.clock).with(source), time);
		}
	}

	private void live(TokenSource source, Map<Peer, Supplier<String>> peers, Duration time) {
		long now = this.clock.millis();
		long counted = now + this.scenario.lead(this.random).toMillis();
		long end = counted + time.toMillis();
		long nextCall = now + pause();
		long nextSecond = now + SECOND;
		while (now < end) {
			if (now == this.nextSwap) {
				swap(source, now >= counted);
			}
			else if (now == nextCall) {
				call(peers, now >= counted);
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

	private void swap(TokenSource source, boolean counts) {
		if (counts && this.scenario == Scenario.DEAD) {
			this.nextSwap = Long.MAX_VALUE;
			return;
		}
		this.findings.swapped(this.clock.millis() - this.issuedAt);
		long generation = source.status().generation();
		long began = System.nanoTime();
		rotate();
		if (this.scenario == Scenario.SUB_PATH) {
			// what its next poll would do
			source.refresh();
			return;
		}
		while (source.status().generation() == generation) {
			Assert.state(System.nanoTime() - began < PATIENCE.toNanos(), "A rotation has not been noticed");
			Thread.onSpinWait();
		}
		this.findings.noticed(System.nanoTime() - began);
	}

	private void rotate() {
		this.newest = this.kubelet.rotate();
		this.issuedAt = this.clock.millis() / SECOND * SECOND;
		this.expiries.put(this.newest, this.issuedAt + LIFETIME.toMillis());
		this.nextSwap = this.rule.nextSwap(this.issuedAt);
	}

	private void call(Map<Peer, Supplier<String>> peers, boolean counts) {
		peers.forEach((peer, tokens) -> {
			String token = ask(tokens);
			Tally tally = counts ? this.findings.of(peer) : new Tally();
			if (token == null) {
				tally.countRefusal();
			}
			else {
				long expiresAt = Objects.requireNonNull(this.expiries.get(token));
				tally.countToken(token.equals(this.newest), expiresAt, this.clock.millis());
			}
		});
	}

	private static @Nullable String ask(Supplier<String> tokens) {
		try {
			return tokens.get();
		}
		catch (TokenUnavailableException ex) {
			return null;
		}
	}

	private long pause() {
		return 1 + (long) (-Math.log(1 - this.random.nextDouble()) * MEAN_PAUSE.toMillis());
	}

}
