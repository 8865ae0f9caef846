package dev.psat.support;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(Patience.SECONDS)
class VirtualTimeTests {

	private final VirtualTime time = new VirtualTime();

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final long began = this.time.nanos();

	@Test
	void beginsAtThePresent() {
		assertThat(this.time.clock().instant()).isBetween(Instant.now().minusSeconds(Patience.SECONDS), Instant.now());
	}

	@Test
	void passesForBothClocks() {
		Instant began = this.time.clock().instant();
		this.time.pass(Duration.ofHours(1));
		assertThat(this.time.clock().instant()).isEqualTo(began.plusSeconds(3600));
		assertThat(this.time.nanos() - this.began).isEqualTo(TimeUnit.HOURS.toNanos(1));
	}

	@Test
	void setsTheWallClockAlone() {
		Instant began = this.time.clock().instant();
		this.time.setAhead(Duration.ofHours(1));
		assertThat(this.time.clock().instant()).isEqualTo(began.plusSeconds(3600));
		assertThat(this.time.nanos()).isEqualTo(this.began);
	}

	@Test
	void wakesSleepersInTheirTurns() {
		start(() -> {
			for (int i = 0; i < 3; i++) {
				this.time.sleep(TimeUnit.SECONDS.toNanos(10));
				happened("ten");
			}
		});
		start(() -> {
			this.time.sleep(TimeUnit.SECONDS.toNanos(15));
			happened("fifteen");
		});
		this.time.pass(Duration.ofMillis(29_999));
		assertThat(this.events).containsExactly("ten at 10", "fifteen at 15", "ten at 20");
		this.time.pass(Duration.ofMillis(1));
		assertThat(this.events).last().isEqualTo("ten at 30");
	}

	@Test
	void waitsForWhoIsBusy() {
		start(() -> {
			Thread.sleep(20);
			happened("done");
		});
		this.time.pass(Duration.ofSeconds(1));
		assertThat(this.events).containsExactly("done at 0");
	}

	@Test
	void waitsForAnswers() {
		CompletableFuture<String> answer = new CompletableFuture<>();
		start(() -> happened(this.time.await(answer, TimeUnit.SECONDS.toNanos(10))));
		new Thread(() -> answer.complete("answer")).start();
		this.time.pass(Duration.ofMinutes(1));
		assertThat(this.events).containsExactly("answer at 0");
	}

	@Test
	void endsWaitsInVain() {
		start(() -> {
			try {
				this.time.await(new CompletableFuture<>(), TimeUnit.SECONDS.toNanos(10));
			}
			catch (TimeoutException ex) {
				happened("timeout");
			}
		});
		this.time.passInVain(Duration.ofMinutes(1));
		assertThat(this.events).containsExactly("timeout at 10");
	}

	@Test
	void passesWhileSomebodyHangs() {
		CompletableFuture<Void> end = new CompletableFuture<>();
		start(() -> {
			this.time.hang(end);
			happened("end");
		});
		this.time.pass(Duration.ofMinutes(1));
		assertThat(this.events).isEmpty();
		end.complete(null);
		this.time.settle();
		assertThat(this.events).containsExactly("end at 60");
	}

	@Test
	void whoIsInterruptedIsNotAtRest() {
		Thread thread = start(() -> {
			try {
				this.time.sleep(TimeUnit.SECONDS.toNanos(10));
			}
			catch (InterruptedException ex) {
				happened("interrupted");
			}
		});
		this.time.settle();
		thread.interrupt();
		this.time.pass(Duration.ofMinutes(1));
		assertThat(this.events).containsExactly("interrupted at 0");
	}

	private void happened(String event) {
		this.events.add(event + " at " + TimeUnit.NANOSECONDS.toSeconds(this.time.nanos() - this.began));
	}

	private Thread start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (Exception ex) {
				happened(ex.toString());
			}
		});
		thread.setDaemon(true);
		this.time.start(thread);
		return thread;
	}

	private interface Task {

		void run() throws Exception;

	}

}
