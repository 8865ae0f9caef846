package dev.psat.spire.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.psat.concurrent.internal.Deadline;
import dev.psat.concurrent.internal.TestTime;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JwtSvids}.
 */
class JwtSvidsTests {

	private static final Duration LIFE = Duration.ofMinutes(5);

	private static final Duration SOON = Patience.LIMIT;

	private static final Set<String> BANK = Set.of("bank");

	private static final HeldSvid.Subject ORDERS = subject("orders", "1", false);

	private final ManualTime time = new ManualTime();

	private final AtomicInteger calls = new AtomicInteger();

	private HeldSvid.Subject subject = ORDERS;

	private final AtomicInteger tries = new AtomicInteger();

	private boolean failing;

	/** How far the clock of the server is ahead. */
	private Duration ahead = Duration.ZERO;

	/** Whether what is issued was issued for the call. */
	private boolean fresh = true;

	private final JwtSvids svids = svids(this::issue);

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
	void clockThatIsSetBackProlongsNoLife() {
		JwtSvid first = this.svids.get(BANK);
		this.time.step(Duration.ofMinutes(-10));
		this.time.pass(LIFE.dividedBy(2));
		this.failing = true;
		assertThat(this.svids.get(BANK)).isSameAs(first);
		assertThat(this.tries).hasValue(2);
		this.time.pass(LIFE.dividedBy(2));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> this.svids.get(BANK));
	}

	@Test
	void timeThatTheMonotonicClockSleptThroughCounts() {
		JwtSvid first = this.svids.get(BANK);
		this.time.step(LIFE.minusNanos(1));
		this.failing = true;
		assertThat(this.svids.get(BANK)).isSameAs(first);
		this.time.step(Duration.ofNanos(1));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> this.svids.get(BANK));
	}

	@ParameterizedTest
	@ValueSource(longs = { -3600, -400, -200, 200, 400, 3600 })
	void clockOfTheServerDoesNotMatter(long seconds) {
		this.ahead = Duration.ofSeconds(seconds);
		isReturnedAgainUntilHalfOfItsLifeIsOver();
		this.calls.set(0);
		this.time.pass(LIFE);
		isReturnedWhileValidIfAnotherCannotBeHad();
	}

	@Test
	void oneThatAnAgentHasHadForAWhileIsReplacedAndExpiresByWhatIsLeft() {
		this.fresh = false;
		this.ahead = Duration.ofSeconds(-240);
		JwtSvid first = this.svids.get(BANK);
		this.time.pass(Duration.ofSeconds(30).minusNanos(1));
		assertThat(this.svids.get(BANK)).isSameAs(first);
		assertThat(this.tries).hasValue(1);
		this.failing = true;
		this.time.pass(Duration.ofSeconds(30));
		assertThat(this.svids.get(BANK)).isSameAs(first);
		assertThat(this.tries).hasValue(2);
		this.time.pass(Duration.ofNanos(1));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> this.svids.get(BANK));
	}

	@Test
	void oneThatAnAgentHandsOutAgainAndAgainIsNotAskedForAllTheTime() {
		this.fresh = false;
		JwtSvids svids = svids((audience, deadline, late) -> {
			this.ahead = Duration.between(this.time.time().now(), ManualTime.START);
			return issue(audience, deadline);
		});
		for (int i = 0; i < 299; i++) {
			svids.get(BANK);
			this.time.pass(Duration.ofSeconds(1));
		}
		assertThat(this.tries).hasValue(8);
	}

	/**
	 * By the clock of this machine, it has expired or was not issued yet.
	 */
	@ParameterizedTest
	@ValueSource(longs = { -3600, -420, -300, 1, 420, 3600 })
	void clockThatCannotBeRightTakesNoLifeFromOneOfAnAgent(long seconds) {
		this.fresh = false;
		this.ahead = Duration.ofSeconds(seconds);
		isReturnedAgainUntilHalfOfItsLifeIsOver();
	}

	@Test
	void lifeBeginsNoLaterThanTheServerIssuesIt() {
		Duration latency = Duration.ofSeconds(20);
		JwtSvids svids = svids((audience, deadline, late) -> {
			JwtSvids.Issued issued = issue(audience, deadline);
			this.time.pass(latency);
			return issued;
		});
		JwtSvid first = svids.get(BANK);
		this.failing = true;
		this.time.pass(LIFE.minus(latency).minusNanos(1));
		assertThat(svids.get(BANK)).isSameAs(first);
		this.time.pass(Duration.ofNanos(1));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> svids.get(BANK));
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
	void anotherIsNotAskedForAgainAtOnceAfterAFailure() {
		JwtSvid first = this.svids.get(BANK);
		this.failing = true;
		this.time.pass(LIFE.dividedBy(2));
		for (int seconds : new int[] { 1, 2, 4, 8, 16, 30, 30 }) {
			int before = this.tries.get();
			assertThat(this.svids.get(BANK)).isSameAs(first);
			assertThat(this.svids.get(BANK)).isSameAs(first);
			this.time.pass(Duration.ofSeconds(seconds).minusNanos(1));
			assertThat(this.svids.get(BANK)).isSameAs(first);
			assertThat(this.tries).hasValue(before + 1);
			this.time.pass(Duration.ofNanos(1));
		}
		this.failing = false;
		assertThat(this.svids.get(BANK)).isNotEqualTo(first);
	}

	@Test
	void onlyOneCallerWaitsForAnotherWhileThereIsAValidOne() {
		Together together = new Together();
		together.answer.complete(null);
		JwtSvid first = together.svids.get(BANK);
		together.answer = new CompletableFuture<>();
		together.time.pass(LIFE.dividedBy(2));
		Future<JwtSvid> replacing = together.call();
		assertThat(together.svids.get(BANK)).isSameAs(first);
		assertThat(replacing).isNotDone();
		together.answer.complete(null);
		assertThat(replacing).succeedsWithin(SOON).isNotEqualTo(first).isEqualTo(together.svids.get(BANK));
	}

	@Test
	void replacementIsWaitedForBrieflyWhileThereIsAValidOne() {
		List<Duration> patience = new CopyOnWriteArrayList<>();
		JwtSvids svids = svids((audience, deadline, late) -> {
			patience.add(deadline.left());
			return issue(audience, deadline);
		});
		svids.get(BANK);
		this.time.pass(LIFE.dividedBy(2));
		svids.get(BANK);
		this.time.pass(LIFE);
		svids.get(BANK);
		assertThat(patience).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(3), Duration.ofSeconds(30));
	}

	@Test
	void replacementThatArrivesLateIsKept() {
		List<Consumer<JwtSvids.Issued>> waiting = new CopyOnWriteArrayList<>();
		JwtSvids svids = svids((audience, deadline, late) -> {
			if (!waiting.add(late) || waiting.size() == 1) {
				return issue(audience, deadline);
			}
			throw unavailable("not in time");
		});
		JwtSvid first = svids.get(BANK);
		this.time.pass(LIFE.dividedBy(2));
		assertThat(svids.get(BANK)).isSameAs(first);
		JwtSvids.Issued second = issue(BANK, Deadline.in(SOON, this.time.time()));
		waiting.get(1).accept(second);
		assertThat(svids.get(BANK)).isSameAs(second.svid());
		assertThat(waiting).hasSize(2);
	}

	@Test
	void replacementThatArrivesAfterANewerOneIsNotKept() {
		List<Consumer<JwtSvids.Issued>> waiting = new CopyOnWriteArrayList<>();
		JwtSvids svids = svids((audience, deadline, late) -> {
			waiting.add(late);
			return issue(audience, deadline);
		});
		JwtSvids.Issued early = issue(BANK, Deadline.in(SOON, this.time.time()));
		this.time.pass(Duration.ofSeconds(1));
		JwtSvid newer = svids.get(BANK);
		waiting.get(0).accept(early);
		assertThat(svids.get(BANK)).isSameAs(newer);
	}

	@Test
	void anotherIsAskedForInTheTimeThatIsLeftIfThisOneExpiresMeanwhile() {
		List<Duration> patience = new CopyOnWriteArrayList<>();
		JwtSvids svids = svids((audience, deadline, late) -> {
			patience.add(deadline.left());
			if (patience.size() == 2) {
				this.time.pass(deadline.left());
				throw unavailable("on purpose");
			}
			return issue(audience, deadline);
		});
		JwtSvid first = svids.get(BANK);
		this.time.pass(LIFE.minusSeconds(1));
		assertThat(svids.get(BANK)).isNotEqualTo(first);
		assertThat(patience).endsWith(Duration.ofSeconds(3), Duration.ofSeconds(27));
	}

	@Test
	void interruptOfTheOneThatReplacesIsNoFailure() {
		JwtSvid first = this.svids.get(BANK);
		this.time.pass(LIFE.dividedBy(2));
		this.failing = true;
		Thread.currentThread().interrupt();
		try {
			assertThat(this.svids.get(BANK)).isSameAs(first);
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
		this.failing = false;
		assertThat(this.svids.get(BANK)).isNotEqualTo(first);
	}

	@Test
	void isNotReturnedAgainOnceTheIdentityIsAnother() {
		JwtSvid orders = this.svids.get(BANK);
		this.subject = subject("other", "1", false);
		assertThat(this.svids.get(BANK).spiffeId()).hasToString("spiffe://example.org/other");
		this.failing = true;
		this.subject = ORDERS;
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> this.svids.get(BANK));
		this.failing = false;
		assertThat(this.svids.get(BANK)).isNotEqualTo(orders);
	}

	@Test
	void isNotReturnedAgainOnceItsEntryWasReplacedOrChanged() {
		JwtSvid first = this.svids.get(BANK);
		this.subject = subject("orders", "2", false);
		JwtSvid second = this.svids.get(BANK);
		assertThat(second).isNotEqualTo(first);
		this.subject = subject("orders", "another", false);
		assertThat(this.svids.get(BANK)).isNotEqualTo(second);
		assertThat(this.calls).hasValue(3);
	}

	@Test
	void isNotReturnedIfItExpiredWhileAnotherWasAskedFor() {
		AtomicInteger calls = new AtomicInteger();
		JwtSvids svids = svids((audience, deadline, late) -> {
			if (calls.incrementAndGet() == 1) {
				return issue(audience, deadline);
			}
			this.time.pass(Duration.ofSeconds(30));
			throw unavailable("on purpose");
		});
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
		this.subject = subject("orders", "1", true);
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
		JwtSvid svid = callers.get(0).get(Patience.SECONDS, TimeUnit.SECONDS);
		for (Future<JwtSvid> caller : callers) {
			assertThat(caller.get(Patience.SECONDS, TimeUnit.SECONDS)).isSameAs(svid);
		}
		assertThat(together.asked).hasValue(1);
	}

	@Test
	void callsThatComeTogetherDoNotShareOneForOneUse() throws Exception {
		this.subject = subject("orders", "1", true);
		Together together = new Together();
		List<Future<JwtSvid>> callers = together.call(8);
		together.answer.complete(null);
		assertThat(Stream.of(callers.toArray(Future[]::new)).map(JwtSvidsTests::result)).doesNotHaveDuplicates()
			.hasSize(8);
	}

	@Test
	void callsThatComeTogetherFailTogetherEachWithItsOwnStackTrace() {
		Together together = new Together();
		List<Future<JwtSvid>> callers = together.call(3);
		SvidUnavailableException failure = new SvidUnavailableException("on purpose", SpireState.BANNED, "Lift it.");
		together.answer.completeExceptionally(failure);
		assertThat(failure(callers.get(0))).isSameAs(failure);
		for (Future<JwtSvid> caller : callers.subList(1, 3)) {
			assertThat(failure(caller)).isNotSameAs(failure)
				.isExactlyInstanceOf(SvidUnavailableException.class)
				.hasToString(failure.toString())
				.hasCause(failure)
				.extracting("state")
				.isEqualTo(SpireState.BANNED);
		}
		assertThat(failure(callers.get(1))).isNotSameAs(failure(callers.get(2)));
		assertThat(together.asked).hasValue(1);
	}

	@Test
	void errorLeavesNobodyWaiting() {
		Together together = new Together();
		List<Future<JwtSvid>> callers = together.call(3);
		StackOverflowError error = new StackOverflowError("on purpose");
		together.answer.completeExceptionally(error);
		assertThat(failure(callers.get(0))).isSameAs(error);
		for (Future<JwtSvid> caller : callers.subList(1, 3)) {
			assertThat(failure(caller)).isExactlyInstanceOf(SvidUnavailableException.class)
				.hasMessage("The request for a JWT-SVID failed with java.lang.StackOverflowError")
				.hasCause(error);
		}
	}

	@Test
	void callThatIsOlderThanItsDeadlineCountsAsAbsent() {
		Together together = new Together();
		Future<JwtSvid> first = together.call();
		together.time.passInVain(Duration.ofSeconds(30));
		CompletableFuture<Void> answer = together.answer;
		together.answer = CompletableFuture.completedFuture(null);
		assertThat(together.call()).succeedsWithin(SOON);
		assertThat(first).isNotDone();
		answer.complete(null);
	}

	@Test
	void anotherCallerIsWaitedForUntilTheDeadlineAlone() {
		Together together = new Together();
		Future<JwtSvid> first = together.call();
		Future<JwtSvid> other = together.call();
		together.time.passInVain(Duration.ofSeconds(30));
		assertFails(other, "in time");
		assertThat(first).isNotDone();
		together.answer.complete(null);
		assertThat(first).succeedsWithin(SOON);
	}

	@Test
	void endOfTheTimeOfTheOneThatAsksIsNoneOfTheOthersBusiness() {
		Together together = new Together();
		Future<JwtSvid> first = together.call();
		together.time.passInVain(Duration.ofMillis(20_500));
		Future<JwtSvid> other = together.call();
		together.time.passInVain(Duration.ofMillis(9_500));
		CompletableFuture<Void> answer = together.answer;
		together.answer = CompletableFuture.completedFuture(null);
		answer.completeExceptionally(unavailable("too late"));
		assertFails(first, "too late");
		assertThat(other).succeedsWithin(SOON);
	}

	@Test
	void interruptEndsTheWaitForAnotherCaller() {
		Together together = new Together();
		Future<JwtSvid> first = together.call();
		Future<JwtSvid> other = together.call();
		together.threads.get(1).interrupt();
		assertFails(other, "interrupted");
		assertThat(first).isNotDone();
		together.answer.complete(null);
		assertThat(first).succeedsWithin(SOON);
	}

	@Test
	void interruptOfTheOneThatAsksIsNoneOfTheOthersBusiness() {
		Together together = new Together();
		Future<JwtSvid> first = together.call();
		List<Future<JwtSvid>> others = together.call(3);
		together.threads.get(0).interrupt();
		assertFails(first, "interrupted");
		together.answer.complete(null);
		for (Future<JwtSvid> other : others) {
			assertThat(other).succeedsWithin(SOON);
		}
	}

	@Test
	void callsForOtherAudiencesDoNotWait() {
		Together together = new Together();
		together.call(1);
		assertThat(together.svids.get(Set.of("shop")).audience()).containsExactly("shop");
		together.answer.complete(null);
	}

	private JwtSvids svids(TestIssuer.Call call) {
		return svids(call, this.time.time());
	}

	private JwtSvids svids(TestIssuer.Call call, Time time) {
		return new JwtSvids(new TestIssuer(call, (cause) -> JwtSvids.Reach.NONE, () -> this.subject),
				() -> SpireState.READY, JwtSvidsTests::unavailable, time);
	}

	private JwtSvids.Issued issue(Set<String> audience, Deadline deadline, Consumer<JwtSvids.Issued> late) {
		return issue(audience, deadline);
	}

	private JwtSvids.Issued issue(Set<String> audience, Deadline deadline) {
		this.tries.incrementAndGet();
		if (this.failing) {
			throw unavailable("on purpose");
		}
		Instant now = this.time.time().now().plus(this.ahead);
		return new JwtSvids.Issued(new JwtSvid(this.subject.spiffeId(), "token-" + this.calls.incrementAndGet(),
				List.copyOf(audience), now, now.plus(LIFE), null), this.subject, this.fresh);
	}

	private static HeldSvid.Subject subject(String path, String version, boolean singleUse) {
		return new HeldSvid.Subject(SpiffeId.parse("spiffe://example.org/" + path), version, singleUse);
	}

	private static SvidUnavailableException unavailable(String message) {
		return new SvidUnavailableException(message, SpireState.READY, "None.");
	}

	private static void assertFails(Future<JwtSvid> call, String message) {
		assertThat(call).failsWithin(SOON)
			.withThrowableOfType(ExecutionException.class)
			.withCauseExactlyInstanceOf(SvidUnavailableException.class)
			.withMessageContaining(message);
	}

	private static @Nullable Throwable failure(Future<?> call) {
		return assertThat(call).failsWithin(SOON).withThrowableOfType(ExecutionException.class).actual().getCause();
	}

	private static Object result(Future<?> future) {
		try {
			return future.get(Patience.SECONDS, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Calls for one audience that all wait before the first one is answered.
	 */
	private final class Together {

		private volatile CompletableFuture<Void> answer = new CompletableFuture<>();

		private final AtomicInteger asked = new AtomicInteger();

		private final List<Thread> threads = new ArrayList<>();

		private final TestTime time = new TestTime();

		private final JwtSvids svids = svids(this::ask, this.time);

		private List<Future<JwtSvid>> call(int callers) {
			return Stream.generate(this::call).limit(callers).toList();
		}

		/**
		 * The first of them asks, the others wait for its answer.
		 */
		private Future<JwtSvid> call() {
			FutureTask<JwtSvid> task = new FutureTask<>(() -> this.svids.get(BANK));
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			this.time.start(thread);
			this.threads.add(thread);
			this.time.passInVain(Duration.ZERO);
			return task;
		}

		private JwtSvids.Issued ask(Set<String> audience, Deadline deadline, Consumer<JwtSvids.Issued> late) {
			if (audience.equals(BANK)) {
				this.asked.incrementAndGet();
				CompletableFuture<Void> answer = this.answer;
				try {
					this.time.hang(answer);
					answer.get();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					throw unavailable("interrupted");
				}
				catch (ExecutionException ex) {
					throwCause(ex);
				}
			}
			return issue(audience, deadline);
		}

		private void throwCause(Throwable ex) {
			if (ex.getCause() instanceof Error error) {
				throw error;
			}
			throw (RuntimeException) ex.getCause();
		}

	}

}
