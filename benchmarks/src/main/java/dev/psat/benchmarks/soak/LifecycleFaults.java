package dev.psat.benchmarks.soak;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.Assert;

/**
 * Clocks, threads, and sources that start and stop.
 */
final class LifecycleFaults {

	private static final int MANY = 10;

	private LifecycleFaults() {
	}

	static List<Fault> all() {
		return List.of(new Fault(42, "watching threads interrupted", Effect.NONE, (world, random) -> interrupt(world)),
				new Fault(78, "clock stepped two hours ahead", Effect.stepped(TokenState.EXPIRED),
						(world, random) -> world.clock().step(Duration.ofHours(2))),
				new Fault(78, "clock stepped two hours back", Effect.stepped(TokenState.NOT_YET_VALID),
						(world, random) -> world.clock().step(Duration.ofHours(-2))),
				new Fault(80, "expiry with nothing else", Effect.EXPIRED,
						(world, random) -> world.publish(world.mint()
							.issuedBefore(TokenMint.LIFETIME.plus(Subject.CLOCK_SKEW).minusSeconds(4)))),
				new Fault(81, "asked before the first look", Effect.NONE, (world, random) -> askBeforeStart(world)),
				new Fault(82, "listeners that fail, dawdle and ask", Effect.NONE, (world, random) -> listen(world)),
				new Fault(83, "closed by many at once", Effect.NONE, (world, random) -> closeAtOnce(world)),
				new Fault(85, "context that fails to start", Effect.NONE, (world, random) -> failToStart(world)),
				new Fault(86, "many sources at once", Effect.NONE, (world, random) -> openMany(world)),
				new Fault(87, "stopped and started again", Effect.NONE, (world, random) -> restart(world)),
				new Fault(91, "asked for its text", Effect.NONE, (world, random) -> show(world)),
				new Fault(92, "refreshed by many at once", Effect.NONE, (world, random) -> refresh(world)),
				new Fault(93, "rotation that never comes", Effect.OVERDUE, (world, random) -> world
					.publish(world.mint().issuedBefore(TokenMint.LIFETIME.minusSeconds(10)))));
	}

	private static void interrupt(World world) {
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (thread.getName().startsWith("psat-token-watch")) {
				thread.interrupt();
			}
		}
		world.publish();
	}

	private static void askBeforeStart(World world) {
		try (TokenSource source = source(world)) {
			String token = PsatAttestor.of("soak/early", source, List.of(Subject.AUDIENCE)).payload().fingerprint();
			Assert.state(token.equals(source.status().fingerprint()), "Another token than the source's");
		}
	}

	private static void listen(World world) {
		try (TokenSource source = source(world)) {
			source.addListener((before, after) -> {
				throw new IllegalStateException("This listener fails");
			});
			source.addListener((before, after) -> World.pause(Duration.ofMillis(300)));
			source.addListener((before, after) -> source.current());
			source.start();
			String token = world.publish();
			Assert.state(World.await(() -> source.value().equals(token)), "Not noticed beside such listeners");
		}
	}

	private static void closeAtOnce(World world) throws Exception {
		TokenSource source = source(world);
		source.start();
		atOnce(source::close);
		try {
			source.current();
		}
		catch (IllegalStateException ex) {
			return;
		}
		throw new IllegalStateException("A closed source answered");
	}

	private static void failToStart(World world) throws Exception {
		try (Subject subject = Subject.context("soak/failing", world.volume().path(), Failing.class)) {
			throw new IllegalStateException(subject.cluster() + " has started");
		}
		catch (BeanCreationException ex) {
			// as it should
		}
	}

	private static void openMany(World world) {
		List<TokenSource> sources = new ArrayList<>();
		try {
			for (int count = 0; count < MANY; count++) {
				sources.add(source(world));
			}
			sources.forEach(TokenSource::start);
			String token = world.publish();
			Assert.state(World.await(() -> sources.stream().allMatch((source) -> source.value().equals(token))),
					"Not noticed by all of many");
		}
		finally {
			sources.forEach(TokenSource::close);
		}
	}

	private static void restart(World world) {
		world.subjects().forEach((subject) -> subject.restart().run());
		world.publish();
	}

	private static void show(World world) {
		for (Subject subject : world.subjects()) {
			Instant before = subject.clock().instant();
			AttestationPayload payload = subject.attestor().payload();
			Reader.check(payload, before, subject, world.settled(), world);
			String shown = payload.toString() + subject.source().status() + subject.source().current();
			String token = subject.source().value();
			for (String part : token.split("\\.")) {
				Assert.state(!shown.contains(part), "A part of the token is shown");
			}
		}
	}

	private static void refresh(World world) throws Exception {
		String token = world.publish();
		for (Subject subject : world.subjects()) {
			atOnce(subject.source()::refresh);
			Assert.state(subject.source().value().equals(token), "Refreshed, and another token");
		}
	}

	private static TokenSource source(World world) {
		return TokenSource.builder(world.volume().path()).audience(Subject.AUDIENCE).build();
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

	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@Bean
		Object failing(PsatAttestor attestor) {
			attestor.payload();
			throw new IllegalStateException("This bean fails");
		}

	}

}
