package dev.psat.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.psat.token.TokenState;

import org.springframework.util.Assert;

/**
 * Clocks and threads, and sources that stop and start again.
 */
final class ClockFaults {

	private static final int MANY = 10;

	private ClockFaults() {
	}

	static List<Fault> all() {
		return List.of(new Fault("watching threads interrupted", Effect.NONE, (world, random) -> interrupt(world)),
				new Fault("clock stepped two hours ahead", Effect.stepped(TokenState.EXPIRED),
						(world, random) -> world.clock.setAhead(Duration.ofHours(2))),
				new Fault("clock stepped two hours back", Effect.stepped(TokenState.NOT_YET_VALID),
						(world, random) -> world.clock.setAhead(Duration.ofHours(-2))),
				new Fault("expiry with nothing else", Effect.EXPIRED,
						(world, random) -> world.publish(
								world.mint.issuedBefore(TokenMint.LIFETIME.plus(Subject.CLOCK_SKEW).minusSeconds(4)))),
				new Fault("stopped and started again", Effect.NONE, (world, random) -> restart(world)),
				new Fault("refreshed by many at once", Effect.NONE, (world, random) -> refresh(world)),
				new Fault("rotation that never comes", Effect.OVERDUE, (world, random) -> world
					.publish(world.mint.issuedBefore(TokenMint.LIFETIME.minusSeconds(10)))));
	}

	private static void interrupt(World world) {
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (thread.getName().startsWith("psat-token-watch")) {
				thread.interrupt();
			}
		}
		world.publish();
	}

	private static void restart(World world) {
		world.subjects().forEach((subject) -> subject.restart().run());
		world.publish();
	}

	private static void refresh(World world) throws Exception {
		String token = world.publish();
		for (Subject subject : world.subjects()) {
			atOnce(subject.source()::refresh);
			Assert.state(subject.source().value().equals(token), "Refreshed, and another token");
		}
	}

	private static void atOnce(Runnable task) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(MANY);
		try {
			List<Future<?>> results = new ArrayList<>();
			for (int thread = 0; thread < MANY; thread++) {
				results.add(threads.submit(task));
			}
			for (Future<?> result : results) {
				result.get();
			}
		}
		finally {
			threads.shutdown();
		}
	}

}
