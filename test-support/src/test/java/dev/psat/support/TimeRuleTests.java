package dev.psat.support;

import java.net.Socket;
import java.nio.channels.Selector;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class TimeRuleTests {

	private static final String CLASS = TimeRuleTests.class.getName() + "$";

	private final JavaClasses classes = new ClassFileImporter().importClasses(Impatient.class, Patient.class);

	@Test
	void findsEachCall() {
		assertThat(TimeRule.except().evaluate(this.classes).getFailureReport().getDetails()).hasSize(15)
			.allMatch((detail) -> detail.contains(CLASS + "Impatient."));
	}

	@Test
	void takesExceptionsByName() {
		assertThat(TimeRule.except(CLASS + "Impatient.nanoTime").evaluate(this.classes).getFailureReport().getDetails())
			.hasSize(14);
		assertThatCode(() -> TimeRule.except(CLASS + "Impatient").check(this.classes)).doesNotThrowAnyException();
	}

	private static final class Impatient {

		void tell() {
			System.nanoTime();
			Instant.now();
			LocalDate.now();
			Clock.systemUTC();
			Supplier<Instant> later = Instant::now;
			later.get();
			Time.ofSystem();
		}

		void await(Answer answer, Semaphore permit, Selector selector, Socket socket) throws Exception {
			answer.get(1, TimeUnit.SECONDS);
			permit.tryAcquire(1, TimeUnit.SECONDS);
			selector.select(1);
			socket.setSoTimeout(1);
			synchronized (this) {
				wait(1);
			}
			LockSupport.parkNanos(1);
		}

		Thread run(Runnable task) {
			Thread thread = new Thread(task);
			thread.start();
			return thread;
		}

		Executor pool() {
			return Executors.newCachedThreadPool();
		}

		Random random() {
			return new Random();
		}

	}

	private static final class Answer extends CompletableFuture<String> {

	}

	private static final class Time {

		static Time ofSystem() {
			return new Time();
		}

	}

	private static final class Patient {

		Instant tell(Clock clock) {
			return clock.instant().plusNanos(TimeUnit.SECONDS.toNanos(1));
		}

		void await(CompletableFuture<?> answer, Thread thread) throws Exception {
			answer.get();
			thread.join();
			select(1);
		}

		void select(long millis) {
		}

	}

}
