package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.concurrent.internal.Time;
import dev.psat.support.MutableClock;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Time alone changes states. The clock stands still until a test sets it, so that a state
 * lasts until the source has been seen in it, however busy the machine is.
 */
class TokenClockTests {

	@AutoClose
	SimulatedKubelet kubelet;

	@AutoClose
	TokenSource source = () -> {
		throw new IllegalStateException("not started");
	};

	private final MutableClock clock = new MutableClock();

	private final List<TokenState> told = new CopyOnWriteArrayList<>();

	private Instant issuedAt;

	@BeforeEach
	void setUp(@TempDir Path directory) {
		this.kubelet = SimulatedKubelet.builder().directory(directory).build();
		this.issuedAt = issuedAt(this.kubelet.token());
	}

	@Test
	void listenersHearOfOverdueAndExpiryWithinASecond() {
		start(this.issuedAt.plusMillis(584_500), Duration.ofMillis(200));
		awaitTold(TokenState.VALID);
		this.clock.advance(Duration.ofSeconds(1));
		awaitTold(TokenState.VALID, TokenState.OVERDUE);
		assertThat(this.source.value()).isEqualTo(this.kubelet.token());
		assertThat(this.source.status().advice()).contains("subPath");
		this.clock.set(this.issuedAt.plusMillis(660_500));
		awaitTold(TokenState.VALID, TokenState.OVERDUE, TokenState.EXPIRED);
		assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(this.source::value)
			.satisfies((ex) -> assertThat(ex.tokenState()).isEqualTo(TokenState.EXPIRED));
	}

	@Test
	void expiryIsNoticedWithoutAPoll() {
		start(this.issuedAt.plusMillis(659_500), Duration.ofHours(1));
		awaitTold(TokenState.OVERDUE);
		this.clock.advance(Duration.ofSeconds(1));
		awaitTold(TokenState.OVERDUE, TokenState.EXPIRED);
	}

	@Test
	void tokenThatWasFoundByARefreshExpiresOnTimeToo() throws Exception {
		this.source = TokenSource.builder(this.kubelet.tokenPath())
			.clock(this.clock)
			.watch(false)
			.pollInterval(Duration.ofHours(1))
			.build();
		this.clock.set(this.issuedAt);
		this.source.addListener((previous, current) -> this.told.add(current.tokenState()));
		this.source.start();
		awaitTold(TokenState.VALID);
		Instant older = issuedAt(this.kubelet.rotateWithClockSkew(Duration.ofSeconds(-658)));
		this.source.refresh();
		awaitTold(TokenState.VALID, TokenState.OVERDUE);
		this.clock.set(older.plusSeconds(661));
		awaitTold(TokenState.VALID, TokenState.OVERDUE, TokenState.EXPIRED);
	}

	@Test
	void clockThatIsSteppedBackRevivesTheToken() {
		start(this.issuedAt.plusSeconds(700), Duration.ofMillis(200));
		awaitTold(TokenState.EXPIRED);
		this.clock.advance(Duration.ofSeconds(-300));
		awaitTold(TokenState.EXPIRED, TokenState.VALID);
		assertThat(this.source.value()).isEqualTo(this.kubelet.token());
	}

	@Test
	void clockThatJumpsIsNoticedLongBeforeThePoll() {
		this.clock.set(this.issuedAt);
		start(neverPolled());
		awaitTold(TokenState.VALID);
		this.clock.set(this.issuedAt.minusSeconds(300));
		awaitTold(TokenState.VALID, TokenState.NOT_YET_VALID);
		this.clock.set(this.issuedAt);
		awaitTold(TokenState.VALID, TokenState.NOT_YET_VALID, TokenState.VALID);
		this.clock.set(this.issuedAt.plusSeconds(661));
		awaitTold(TokenState.VALID, TokenState.NOT_YET_VALID, TokenState.VALID, TokenState.EXPIRED);
	}

	@Test
	void clockThatRunsOnCausesNoLook() {
		AtomicInteger looks = new AtomicInteger();
		this.clock.set(this.issuedAt);
		FileTokenSource source = neverPolled();
		source.addObserver((outcome, sinceCause) -> looks.incrementAndGet());
		start(source);
		awaitTold(TokenState.VALID);
		AtomicInteger before = new AtomicInteger(-1);
		await().until(() -> before.getAndSet(looks.get()) == looks.get());
		await().during(Duration.ofMillis(500)).until(() -> before.get() == looks.get());
	}

	@Test
	void tokenBecomesValidByItself() {
		start(this.issuedAt.minusMillis(60_700), Duration.ofMillis(200));
		awaitTold(TokenState.NOT_YET_VALID);
		this.clock.advance(Duration.ofSeconds(1));
		awaitTold(TokenState.NOT_YET_VALID, TokenState.VALID);
	}

	@Test
	void statusFollowsTheClockAtOnce() {
		start(this.issuedAt, Duration.ofHours(1));
		awaitTold(TokenState.VALID);
		assertThat(Shown.token(this.source.status()).expiresIn()).isEqualTo(Duration.ofSeconds(600));
		this.clock.set(this.issuedAt.plusMillis(600_500));
		assertThat(Shown.token(this.source.status()).expiresIn()).isEqualTo(Duration.ofSeconds(-1));
		assertThat(this.source.status().tokenState()).isEqualTo(TokenState.OVERDUE);
		this.clock.set(this.issuedAt.plusSeconds(661));
		assertThat(this.source.status().tokenState()).isEqualTo(TokenState.EXPIRED);
	}

	@Test
	void fileThatIsStaleReplacesATokenThatExpires() {
		start(this.issuedAt, Duration.ofMillis(200));
		awaitTold(TokenState.VALID);
		String expired = this.kubelet.rotateExpired();
		await().until(() -> this.source.status().sourceState() == SourceState.STALE);
		this.clock.set(this.issuedAt.plusSeconds(661));
		await().until(() -> Snapshot.generation(this.source.status()) == 2);
		assertThat(Shown.token(this.source.status()).fingerprint())
			.isEqualTo(ProjectedToken.parse(expired).fingerprint());
		assertThat(this.source.status().sourceState()).isEqualTo(SourceState.OK);
	}

	/**
	 * Return a source that checks the clock now and then, but never polls.
	 */
	private FileTokenSource neverPolled() {
		Intervals intervals = Intervals.withPoll(SourceTorture.NEVER);
		return new FileTokenSource(this.kubelet.tokenPath(), SourceTorture.judge(), true, Time.of(this.clock),
				new Intervals(intervals.poll(), Duration.ofMillis(50), intervals.problemPoll(), intervals.settling(),
						intervals.unrest(), intervals.confirmation(), intervals.eventGrace(), intervals.watchRetry(),
						intervals.watchPatience(), intervals.lookPatience(), intervals.patience()));
	}

	private void start(Instant now, Duration pollInterval) {
		this.clock.set(now);
		start(TokenSource.builder(this.kubelet.tokenPath()).clock(this.clock).pollInterval(pollInterval).build());
	}

	private void start(TokenSource source) {
		this.source = source;
		this.source.addListener((previous, current) -> this.told.add(current.tokenState()));
		this.source.start();
	}

	private static Instant issuedAt(String token) {
		return Objects.requireNonNull(ProjectedToken.parse(token).issuedAt());
	}

	private void awaitTold(TokenState... states) {
		await().untilAsserted(() -> assertThat(this.told).containsExactly(states));
	}

}
