package dev.psat.spire;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.psat.spire.client.JwtSvid;
import dev.psat.spire.client.SpiffeId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link JwtSvids}.
 */
class JwtSvidsTests {

	private static final Duration LIFE = Duration.ofMinutes(5);

	private static final Set<String> BANK = Set.of("bank");

	private final ManualTime time = new ManualTime();

	private final AtomicInteger calls = new AtomicInteger();

	private boolean reusable = true;

	private boolean failing;

	private final JwtSvids svids = new JwtSvids(this::issue, this.time.time());

	@Test
	void isReturnedAgainUntilHalfOfItsLifeIsOver() {
		JwtSvid first = this.svids.get(BANK);
		this.time.pass(LIFE.dividedBy(2).minusNanos(1));
		assertThat(this.svids.get(BANK)).isSameAs(first);
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.svids.get(BANK)).isNotEqualTo(first);
		assertThat(this.calls).hasValue(2);
	}

	@Test
	void isOfItsAudiencesAlone() {
		JwtSvid one = this.svids.get(BANK);
		assertThat(this.svids.get(Set.of("bank", "shop"))).isNotEqualTo(one);
		assertThat(this.svids.get(BANK)).isSameAs(one);
	}

	@Test
	void isReturnedWhileValidIfAnotherCannotBeHad() {
		JwtSvid first = this.svids.get(BANK);
		this.failing = true;
		this.time.pass(LIFE.minusNanos(1));
		assertThat(this.svids.get(BANK)).isSameAs(first);
		this.time.pass(Duration.ofNanos(1));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> this.svids.get(BANK));
	}

	@Test
	void isNotReturnedIfItExpiredWhileAnotherWasAskedFor() {
		AtomicInteger calls = new AtomicInteger();
		JwtSvids svids = new JwtSvids((audience) -> {
			if (calls.incrementAndGet() == 1) {
				return issue(audience);
			}
			this.time.pass(Duration.ofSeconds(30));
			throw unavailable();
		}, this.time.time());
		svids.get(BANK);
		this.time.pass(LIFE.minusSeconds(30));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> svids.get(BANK));
	}

	@Test
	void failureIsNotKept() {
		this.failing = true;
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> this.svids.get(BANK));
		this.failing = false;
		assertThat(this.svids.get(BANK).audience()).containsExactly("bank");
	}

	@Test
	void oneForOneUseIsNotKept() {
		this.reusable = false;
		assertThat(this.svids.get(BANK)).isNotEqualTo(this.svids.get(BANK));
	}

	@Test
	void noMoreThanAThousandAreKeptAndTheLastUsedAmongThem() {
		JwtSvid first = this.svids.get(BANK);
		IntStream.range(0, 999).forEach((i) -> this.svids.get(Set.of("audience-" + i)));
		assertThat(this.svids.get(BANK)).isSameAs(first);
		this.svids.get(Set.of("one more"));
		assertThat(this.svids.get(BANK)).isSameAs(first);
		assertThat(this.calls).hasValue(1001);
		this.svids.get(Set.of("audience-0"));
		assertThat(this.calls).hasValue(1002);
	}

	@Test
	void callsThatComeTogetherShareOneAnswer() throws Exception {
		Together together = new Together();
		List<Future<JwtSvid>> callers = together.call(8);
		together.answer.complete(null);
		JwtSvid svid = callers.get(0).get(5, TimeUnit.SECONDS);
		for (Future<JwtSvid> caller : callers) {
			assertThat(caller.get(5, TimeUnit.SECONDS)).isSameAs(svid);
		}
		assertThat(together.asked).hasValue(1);
	}

	@Test
	void callsThatComeTogetherDoNotShareOneForOneUse() throws Exception {
		this.reusable = false;
		Together together = new Together();
		List<Future<JwtSvid>> callers = together.call(8);
		together.answer.complete(null);
		assertThat(Stream.of(callers.toArray(Future[]::new)).map(JwtSvidsTests::result)).doesNotHaveDuplicates()
			.hasSize(8);
	}

	@Test
	void callsThatComeTogetherFailTogether() {
		Together together = new Together();
		List<Future<JwtSvid>> callers = together.call(3);
		together.answer.completeExceptionally(unavailable());
		for (Future<JwtSvid> caller : callers) {
			assertThat(caller).failsWithin(Duration.ofSeconds(5))
				.withThrowableOfType(ExecutionException.class)
				.withCauseExactlyInstanceOf(SvidUnavailableException.class);
		}
		assertThat(together.asked).hasValue(1);
	}

	@Test
	void errorLeavesNobodyWaiting() {
		Together together = new Together();
		List<Future<JwtSvid>> callers = together.call(3);
		together.answer.completeExceptionally(new StackOverflowError("on purpose"));
		for (Future<JwtSvid> caller : callers) {
			assertThat(caller).failsWithin(Duration.ofSeconds(5))
				.withThrowableOfType(ExecutionException.class)
				.withRootCauseInstanceOf(StackOverflowError.class);
		}
	}

	@Test
	void callsForOtherAudiencesDoNotWait() {
		Together together = new Together();
		together.call(1);
		assertThat(together.svids.get(Set.of("shop")).audience()).containsExactly("shop");
		together.answer.complete(null);
	}

	private JwtSvids.Issued issue(Set<String> audience) {
		if (this.failing) {
			throw unavailable();
		}
		Instant now = this.time.time().now();
		return new JwtSvids.Issued(new JwtSvid(SpiffeId.parse(TestEntry.ORDERS),
				"token-" + this.calls.incrementAndGet(), List.copyOf(audience), now, now.plus(LIFE), null),
				this.reusable);
	}

	private static SvidUnavailableException unavailable() {
		return new SvidUnavailableException("on purpose", SpireState.READY, "None.");
	}

	private static Object result(Future<?> future) {
		try {
			return future.get(5, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Calls for one audience that all wait before the first one is answered.
	 */
	private final class Together {

		private final CompletableFuture<Void> answer = new CompletableFuture<>();

		private final AtomicInteger asked = new AtomicInteger();

		private final JwtSvids svids = new JwtSvids(this::ask, JwtSvidsTests.this.time.time());

		private List<Future<JwtSvid>> call(int callers) {
			List<FutureTask<JwtSvid>> tasks = Stream.generate(() -> new FutureTask<>(() -> this.svids.get(BANK)))
				.limit(callers)
				.toList();
			List<Thread> threads = tasks.stream().map(Thread::new).toList();
			threads.forEach((thread) -> {
				thread.setDaemon(true);
				thread.start();
			});
			await().until(() -> threads.stream().allMatch((thread) -> thread.getState() == Thread.State.WAITING));
			return List.copyOf(tasks);
		}

		private JwtSvids.Issued ask(Set<String> audience) {
			if (audience.equals(BANK)) {
				this.asked.incrementAndGet();
				try {
					this.answer.join();
				}
				catch (CompletionException ex) {
					throwCause(ex);
				}
			}
			return issue(audience);
		}

		private void throwCause(Throwable ex) {
			if (ex.getCause() instanceof Error error) {
				throw error;
			}
			throw (RuntimeException) ex.getCause();
		}

	}

}
