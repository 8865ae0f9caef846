package dev.psat.concurrent.internal;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ForeignCall}.
 */
class ForeignCallTests {

	private static final Instant START = Instant.parse("2026-11-25T10:00:00Z");

	private static final Duration SHORT = Duration.ofMillis(50);

	private static final Duration LONG = Duration.ofSeconds(20);

	private volatile Instant now = START;

	private final Clock clock = ((InstantSource) () -> this.now).withZone(ZoneOffset.UTC);

	private final AtomicInteger calls = new AtomicInteger();

	private final CountDownLatch go = new CountDownLatch(1);

	private volatile Callable<Integer> then = this.calls::get;

	private final ForeignCall<Integer> call = new ForeignCall<>("psat-test-call", this::called, Time.of(this.clock));

	private int called() throws Exception {
		this.calls.incrementAndGet();
		return this.then.call();
	}

	@AfterEach
	void end() {
		this.go.countDown();
		this.call.end();
		await().until(() -> !isRunning());
	}

	@Test
	void answersOnAThreadThatEnds() throws Exception {
		assertThat(this.call.await(this.call.begin(), LONG)).isEqualTo(1);
		assertThat(this.call.await(this.call.begin(), LONG)).isEqualTo(2);
		await().until(() -> !isRunning());
	}

	@Test
	void failsAsTheCallDoes() throws Exception {
		this.then = () -> {
			throw new IOException("on purpose");
		};
		ForeignCall.Answer<Integer> answer = this.call.begin();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> this.call.await(answer, LONG))
			.withCauseExactlyInstanceOf(IOException.class);
		this.then = this.calls::get;
		assertThat(this.call.await(this.call.begin(), LONG)).isEqualTo(2);
	}

	@Test
	void isNotMadeAgainWhileItHangs() throws Exception {
		this.then = this::hang;
		ForeignCall.Answer<Integer> answer = this.call.begin();
		this.now = START.plusSeconds(7);
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(ForeignCall.SilenceException.class)
				.isThrownBy(() -> this.call.await(answer, SHORT))
				.satisfies((ex) -> assertThat(ex.since()).isEqualTo(START));
			assertThatExceptionOfType(ForeignCall.SilenceException.class).isThrownBy(this.call::begin)
				.satisfies((ex) -> assertThat(ex.since()).isEqualTo(START));
		}
		await().untilAsserted(() -> assertThat(this.calls).hasValue(1));
	}

	@Test
	void answerThatComesAfterAllIsThereForWhoeverStillWaits() throws Exception {
		this.then = this::hang;
		ForeignCall.Answer<Integer> answer = this.call.begin();
		assertThatExceptionOfType(ForeignCall.SilenceException.class).isThrownBy(() -> this.call.await(answer, SHORT));
		this.go.countDown();
		assertThat(this.call.await(answer, LONG)).isEqualTo(1);
	}

	@Test
	void answerThatNobodyWaitsForIsDropped() throws Exception {
		this.then = this::hang;
		this.call.begin();
		this.go.countDown();
		await().until(() -> !isRunning());
		assertThat(this.call.await(this.call.begin(), LONG)).isEqualTo(2);
	}

	@Test
	void isInterruptedWithTheWait() throws Exception {
		CountDownLatch interrupted = new CountDownLatch(1);
		this.then = () -> {
			try {
				return hang();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
				throw ex;
			}
		};
		ForeignCall.Answer<Integer> answer = this.call.begin();
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> this.call.await(answer, LONG));
		assertThat(interrupted.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void isMadeOnTheSameThreadWhereNoOtherCanBeCreated() throws Exception {
		AtomicReference<Thread> caller = new AtomicReference<>();
		ForeignCall<String> call = new ForeignCall<>((task) -> new Thread(task) {

			@Override
			public void start() {
				throw new OutOfMemoryError("unable to create native thread: on purpose");
			}

		}, () -> {
			caller.set(Thread.currentThread());
			return "answer";
		}, Time.of(this.clock));
		for (int i = 0; i < 2; i++) {
			assertThat(call.await(call.begin(), LONG)).isEqualTo("answer");
			assertThat(caller).hasValue(Thread.currentThread());
		}
	}

	private int hang() throws InterruptedException {
		this.go.await();
		return this.calls.get();
	}

	private static boolean isRunning() {
		return !RunningThreads.named("psat-test-call").isEmpty();
	}

}
