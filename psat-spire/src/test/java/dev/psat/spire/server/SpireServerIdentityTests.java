package dev.psat.spire.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenListener;
import dev.psat.token.TokenSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SpireServerIdentity}, as far as it goes where no server listens.
 */
class SpireServerIdentityTests {

	private static final Duration PATIENCE = Patience.LIMIT;

	private final SvidMint authority = new SvidMint();

	private final List<String> refreshes = new CopyOnWriteArrayList<>();

	@TempDir
	private Path directory;

	private Path file;

	private SpireIdentity identity;

	@BeforeEach
	void build() throws Exception {
		this.file = Files.writeString(this.directory.resolve("bundle.crt"), this.authority.pem());
		this.identity = builder().build();
		this.identity.addObserver(new SpireObserver() {

			@Override
			public void refreshed(String outcome) {
				SpireServerIdentityTests.this.refreshes.add(outcome);
			}

		});
	}

	private SpireIdentityBuilder builder() {
		return SpireServerIdentity.builder(() -> {
			throw new IllegalStateException("Nothing is attested where no server listens");
		}).server(new ServerAddress("127.0.0.1", 1)).trustDomain(TrustDomain.of("example.org")).trustBundle(this.file);
	}

	@AfterEach
	void close() {
		this.identity.close();
	}

	@Test
	void beforeTheStartNothingIsTried() {
		assertThat(this.identity.status().state()).isEqualTo(SpireState.STARTING);
		assertThat(threads()).isZero();
		assertThat(this.refreshes).isEmpty();
	}

	@Test
	void firstUseStartsIt() {
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(this.identity::x509Svid);
		assertThat(awaitError().reason()).isEqualTo("UNREACHABLE");
		assertThat(this.identity.trustBundle()).isEqualTo(this.authority.bundle());
		this.identity.start();
		assertThat(threads()).isEqualTo(1);
	}

	@Test
	void callForAJwtSvidStartsItAndWaits() throws Exception {
		FutureTask<JwtSvid> call = new FutureTask<>(() -> this.identity.jwtSvid("bank"));
		Thread caller = new Thread(call);
		caller.setDaemon(true);
		caller.start();
		awaitRefreshes(1);
		assertThat(call).isNotDone();
		caller.interrupt();
		assertThat(call).failsWithin(Patience.LIMIT)
			.withThrowableThat()
			.withCauseInstanceOf(SvidUnavailableException.class);
	}

	@Test
	void handshakeStartsItWithoutWaiting() {
		assertThat(((TlsIdentity) this.identity).snapshot().svid()).isNull();
		awaitRefreshes(1);
	}

	@Test
	void useStartsNothingThatWasStopped() {
		this.identity.stop();
		assertUnavailable(this.identity::x509Svid, SpireState.STARTING, "Start the SPIRE identity");
		assertUnavailable(this.identity::trustBundle, SpireState.STARTING, "Start the SPIRE identity");
		assertUnavailable(() -> this.identity.jwtSvid("bank"), SpireState.STARTING, "Start the SPIRE identity");
		assertThat(((TlsIdentity) this.identity).snapshot().svid()).isNull();
		assertThat(threads()).isZero();
	}

	@Test
	void useOfWhatCannotBeStartedFailsAndStartsLater() {
		try (SpireIdentity identity = builder().tokenSource(new UnwillingSource()).build()) {
			assertThat(((TlsIdentity) identity).snapshot()).isSameAs(TlsSnapshot.EMPTY);
			identity.start();
			assertThat(threads()).isEqualTo(1);
			assertThatIllegalStateException().isThrownBy(identity::stop);
		}
	}

	@Test
	void audienceIsRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.identity.jwtSvid(" "));
		assertThatIllegalArgumentException().isThrownBy(() -> this.identity.jwtSvid("bank", ""));
	}

	@Test
	void serverThatCannotBeReachedIsToldWithAdvice() {
		this.identity.start();
		assertThat(awaitError()).satisfies((error) -> {
			assertThat(error.reason()).isEqualTo("UNREACHABLE");
			assertThat(error.advice()).contains("'spire.server.address'");
		});
		assertThat(this.identity.status().state()).isEqualTo(SpireState.ATTESTING);
		assertThat(this.identity.status().trustBundle()).isEqualTo(SpireStatus.Bundle.builder(1, 1).build());
		assertThat(this.identity.trustBundle()).isEqualTo(this.authority.bundle());
		assertUnavailable(this.identity::x509Svid, SpireState.ATTESTING, "'spire.server.address'");
	}

	@Test
	void trustBundleThatIsMissingIsToldWithAdvice() throws Exception {
		Files.delete(this.file);
		this.identity.start();
		assertThat(awaitError().reason()).isEqualTo("TRUST_BUNDLE_UNREADABLE");
		assertUnavailable(this.identity::trustBundle, SpireState.ATTESTING, "'spire.server.trust-bundle'");
	}

	@Test
	void visitsEndWithAStopAndBeginAgainWithAStart() {
		for (int i = 0; i < 3; i++) {
			int before = this.refreshes.size();
			this.identity.start();
			this.identity.start();
			awaitRefreshes(before + 1);
			assertThat(threads()).isEqualTo(1);
			this.identity.stop();
			this.identity.stop();
			assertThat(threads()).isZero();
		}
		assertThat(this.identity.trustBundle()).isEqualTo(this.authority.bundle());
	}

	@Test
	void sourceThatFailsLeavesNothingBehind() {
		try (SpireIdentity identity = builder().tokenSource(new UnwillingSource()).build()) {
			assertThatIllegalStateException().isThrownBy(identity::start).withMessage("add");
			assertThat(threads()).isZero();
			identity.start();
			assertThat(threads()).isEqualTo(1);
			assertThatIllegalStateException().isThrownBy(identity::stop).withMessage("remove");
			assertThat(threads()).isZero();
		}
	}

	@Test
	void sourceThatHangsWhileAListenerComesHangsNobodyElse() throws Exception {
		HangingSource source = new HangingSource();
		source.hangOnce();
		try (SpireIdentity identity = builder().tokenSource(source).build(); source) {
			FutureTask<Void> starter = inBackground(identity::start);
			source.awaitCall();
			FutureTask<Void> user = inBackground(() -> {
				identity.status();
				identity.start();
				assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::x509Svid);
				identity.stop();
			});
			assertThat(user).succeedsWithin(PATIENCE);
			assertThat(threads()).isZero();
			source.close();
			assertThat(starter).succeedsWithin(PATIENCE);
			assertThat(source.listeners).isEmpty();
		}
	}

	@Test
	void startWhoseListenerComesLateTakesNoneOfTheNextStart() throws Exception {
		HangingSource source = new HangingSource();
		source.hangOnce();
		try (SpireIdentity identity = builder().tokenSource(source).build(); source) {
			FutureTask<Void> starter = inBackground(identity::start);
			source.awaitCall();
			assertThat(inBackground(() -> {
				identity.stop();
				identity.start();
			})).succeedsWithin(PATIENCE);
			assertThat(source.listeners).hasSize(1);
			source.close();
			assertThat(starter).succeedsWithin(PATIENCE);
			assertThat(source.listeners).hasSize(1);
			identity.stop();
			assertThat(source.listeners).isEmpty();
			assertThat(threads()).isZero();
		}
	}

	@Test
	void sourceThatHangsWhileAListenerGoesHangsNobodyElse() throws Exception {
		HangingSource source = new HangingSource();
		try (SpireIdentity identity = builder().tokenSource(source).build(); source) {
			identity.start();
			source.hangOnce();
			FutureTask<Void> stopper = inBackground(identity::stop);
			source.awaitCall();
			assertThat(inBackground(() -> {
				assertUnavailable(identity::x509Svid, identity.status().state(), "Start the SPIRE identity");
				identity.start();
			})).succeedsWithin(PATIENCE);
			assertThat(threads()).isEqualTo(1);
			source.close();
			assertThat(stopper).succeedsWithin(PATIENCE);
			assertThat(source.listeners).hasSize(1);
		}
		assertThat(source.listeners).isEmpty();
	}

	private static FutureTask<Void> inBackground(Runnable task) {
		FutureTask<Void> future = new FutureTask<>(task, null);
		Thread thread = new Thread(future, "background");
		thread.setDaemon(true);
		thread.start();
		return future;
	}

	@Test
	void observerThatHasLeftLearnsNothing() {
		List<String> told = new CopyOnWriteArrayList<>();
		SpireObserver observer = new SpireObserver() {

			@Override
			public void refreshed(String outcome) {
				told.add(outcome);
			}

			@Override
			public void changed(SpireStatus previous, SpireStatus current) {
				told.add(current.state().name());
			}

		};
		this.identity.addObserver(observer);
		this.identity.removeObserver(observer);
		this.identity.start();
		awaitRefreshes(1);
		this.identity.stop();
		assertThat(told).isEmpty();
	}

	@Test
	void endIsForGood() {
		this.identity.start();
		this.identity.close();
		this.identity.close();
		assertThat(threads()).isZero();
		assertThatIllegalStateException().isThrownBy(this.identity::start);
		assertUnavailable(() -> this.identity.jwtSvid("bank"), this.identity.status().state(), "is closed");
		assertUnavailable(this.identity::x509Svid, this.identity.status().state(), "is closed");
	}

	@Test
	void stoppedIdentityIsToBeStartedWhateverHasFailedBefore() {
		this.identity.start();
		awaitError();
		this.identity.stop();
		assertUnavailable(this.identity::x509Svid, SpireState.ATTESTING, "Start the SPIRE identity");
	}

	@Test
	void interruptedCallerIsToldOfTheInterruptAlone() {
		this.identity.start();
		awaitError();
		Thread.currentThread().interrupt();
		try {
			assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> this.identity.jwtSvid("bank"))
				.withMessage("The wait for a JWT-SVID was interrupted")
				.satisfies((ex) -> assertThat(ex.advice()).contains("not interrupted"));
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	@Test
	void stopIsNotHeldUpByAWaitingVisit() {
		this.identity.start();
		awaitRefreshes(1);
		long began = System.nanoTime();
		this.identity.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Patience.LIMIT);
	}

	private SpireStatus.LastError awaitError() {
		return await().until(() -> Optional.ofNullable(this.identity.status().lastError()), Optional::isPresent)
			.orElseThrow();
	}

	private void awaitRefreshes(int number) {
		await().until(() -> this.refreshes.size() >= number);
	}

	private static long threads() {
		return RunningThreads.named("psat-spire").size();
	}

	private static void assertUnavailable(Runnable call, SpireState state, String advice) {
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(call::run)
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(state))
			.satisfies((ex) -> assertThat(ex.advice()).contains(advice));
	}

	/**
	 * Throws at the first listener that comes, and at each that goes.
	 */
	private static final class UnwillingSource implements TokenSource {

		private boolean asked;

		@Override
		public ProjectedToken current() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void addListener(TokenListener listener) {
			if (!this.asked) {
				this.asked = true;
				throw new IllegalStateException("add");
			}
		}

		@Override
		public void removeListener(TokenListener listener) {
			throw new IllegalStateException("remove");
		}

	}

	/**
	 * Hangs in one call, until it is closed.
	 */
	private static final class HangingSource implements TokenSource {

		private final Set<TokenListener> listeners = ConcurrentHashMap.newKeySet();

		private final AtomicBoolean hangs = new AtomicBoolean();

		private final CountDownLatch closed = new CountDownLatch(1);

		@Override
		public ProjectedToken current() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void addListener(TokenListener listener) {
			mayHang();
			this.listeners.add(listener);
		}

		@Override
		public void removeListener(TokenListener listener) {
			mayHang();
			this.listeners.remove(listener);
		}

		private void mayHang() {
			if (this.hangs.compareAndSet(true, false)) {
				try {
					this.closed.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
		}

		void hangOnce() {
			this.hangs.set(true);
		}

		void awaitCall() {
			await().until(() -> !this.hangs.get());
		}

		@Override
		public void close() {
			this.closed.countDown();
		}

	}

}
