package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.psat.concurrent.internal.TestTime;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.support.HangingLog;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link OpenConnections}, {@link ConnectionIndex}, {@link ConnectionJudge} and
 * {@link ConnectionEnder}.
 */
@ExtendWith(OutputCaptureExtension.class)
class OpenConnectionsTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final SvidMint OTHER = new SvidMint("other");

	private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

	private static final Duration LIFE = Duration.ofHours(1);

	/** Where nobody tells of changes, or something has failed. */
	private static final Duration LOOK = Duration.ofSeconds(1);

	private final TestTime time = new TestTime();

	private final MutableIdentity bank = new MutableIdentity().telling();

	private final Registry registry = new Registry(this.bank, this.time);

	private Duration ahead = Duration.ZERO;

	OpenConnectionsTests() {
		setClock(NOW);
		this.bank.become(ROOT.order("spiffe://example.org/bank").issuedAt(NOW, Duration.ofDays(1)).mint(),
				SvidMint.bundle(ROOT, OTHER));
	}

	private void setClock(Instant now) {
		this.ahead = this.ahead.plus(Duration.between(this.time.now(), now));
		this.time.setAhead(this.ahead);
	}

	@AfterEach
	void close() {
		this.registry.connections().close();
		this.time.settle();
	}

	@ParameterizedTest
	@CsvSource({ "0, false", "119, false", "120, false", "121, true" })
	void connectionEndsWithThePeersExpiryAndTheLeewayOfItsHandshake(int seconds, boolean ended) throws Exception {
		FakeEngine peer = this.registry.open(order("orders"));
		FakeEngine probe = this.registry
			.open(OTHER.order("spiffe://example.org/probe").issuedAt(NOW, LIFE.multipliedBy(2)).mint());
		setClock(NOW.plus(LIFE).plusSeconds(seconds));
		this.bank.trust(ROOT.bundle());
		// it is registered last, so by then each has been looked at
		Registry.awaiting().until(probe::isEnded);
		this.registry.connections().look();
		Registry.awaiting().until(() -> this.registry.ended() == (ended ? 2 : 1));
		assertThat(peer.isTouched()).isEqualTo(ended);
		assertThat(this.registry.ended(EndCause.EXPIRED)).isEqualTo(ended ? 1 : 0);
	}

	@Test
	void connectionEndsWhenItsTimeIsUpWithoutAnythingElseHappening() throws Exception {
		FakeEngine guilty = this.registry.open(order("guest"));
		FakeEngine innocent = this.registry
			.open(ROOT.order("spiffe://example.org/orders").issuedAt(NOW, LIFE.multipliedBy(2)).mint());
		this.time.pass(LIFE.plusSeconds(120));
		assertThat(guilty.isTouched()).isFalse();
		this.time.pass(Duration.ofMillis(1));
		assertThat(guilty.isEnded()).isTrue();
		assertThat(innocent.isTouched()).isFalse();
		assertThat(this.registry.ended(EndCause.EXPIRED)).isOne();
	}

	/**
	 * Its clock is so far behind that whatever is verified now fails.
	 */
	@Test
	void equalBundleVerifiesNothingAgain() throws Exception {
		FakeEngine peer = this.registry.held();
		OpenConnection connection = this.registry.register(order("orders").svid(), Registry.ANYBODY, peer);
		setClock(NOW.minus(Duration.ofDays(1)));
		for (int i = 0; i < 5; i++) {
			TrustBundle equal = SvidMint.bundle(ROOT, OTHER);
			this.bank.trust(equal);
			// and it keeps none of the authorities that it was verified with
			Registry.awaiting().until(() -> vouching(connection).authorities() == equal.x509Authorities());
			assertThat(vouching(connection).path().authority()).isSameAs(equal.x509Authorities().get(0));
		}
		assertThat(peer.isTouched()).isFalse();
		this.bank.trust(SvidMint.bundle(OTHER, ROOT));
		Registry.awaiting().until(() -> this.registry.ended(EndCause.UNTRUSTED) == 1);
		assertThat(peer.isEnded()).isTrue();
	}

	@Test
	void taintedAuthorityStillVouches() throws Exception {
		OpenConnection connection = this.registry.register(order("orders").svid(), Registry.ANYBODY,
				this.registry.held());
		assertThat(connection.isDue()).isFalse();
		this.bank.trust(ROOT.taintedBundle());
		Registry.awaiting().until(() -> vouching(connection).path().authority().tainted());
		assertThat(this.registry.ended()).isZero();
		this.time.pass(Duration.ofSeconds(10));
		assertThat(connection.isDue()).isTrue();
	}

	@Test
	void renewedAuthorityWithTheSameKeyStillVouches() throws Exception {
		OpenConnection connection = this.registry.register(order("orders").svid(), Registry.ANYBODY,
				this.registry.held());
		TrustBundle renewed = ROOT.renewedBundle();
		assertThat(renewed.x509Authorities()).isNotEqualTo(ROOT.bundle().x509Authorities());
		this.bank.trust(renewed);
		Registry.awaiting().until(() -> vouching(connection).path().authority() == renewed.x509Authorities().get(0));
		assertThat(this.registry.ended()).isZero();
	}

	@Test
	void connectionEndsWithItsAuthorityAndItsIntermediate() throws Exception {
		Instant end = Instant.parse("2100-01-01T00:00:00Z");
		Duration longer = Duration.between(NOW, end).plusDays(1);
		this.bank.become(ROOT.order("spiffe://example.org/bank").issuedAt(NOW, longer).mint(),
				SvidMint.bundle(ROOT, OTHER));
		FakeEngine direct = this.registry.open(ROOT.order("spiffe://example.org/orders").issuedAt(NOW, longer).mint());
		FakeEngine below = this.registry
			.open(ROOT.intermediate("inner").order("spiffe://example.org/orders").issuedAt(NOW, longer).mint());
		setClock(end);
		this.bank.become(this.bank.snapshot());
		this.registry.open(ROOT.order("spiffe://example.org/orders").issuedAt(NOW, longer).mint());
		assertThat(this.registry.ended()).isZero();
		setClock(end.plusSeconds(1));
		this.bank.become(this.bank.snapshot());
		Registry.awaiting().until(() -> this.registry.ended(EndCause.EXPIRED) == 3);
		assertThat(List.of(direct, below)).allMatch(FakeEngine::isEnded);
	}

	@Test
	void otherAuthorityThatVouchesTakesOver() throws Exception {
		FakeEngine innocent = this.registry.open(order("orders"));
		FakeEngine guilty = this.registry.open(OTHER.order("spiffe://example.org/guest").issuedAt(NOW, LIFE).mint());
		this.bank.trust(SvidMint.bundle(new SvidMint("root"), ROOT, new SvidMint("next")));
		Registry.awaiting().until(guilty::isEnded);
		this.bank.trust(ROOT.bundle());
		this.registry.connections().look();
		assertThat(innocent.isTouched()).isFalse();
		Registry.awaiting().until(() -> this.registry.ended() == 1);
	}

	@Test
	void clockThatIsSetForthAndBackEndsWhatWasExpiredMeanwhileAlone() throws Exception {
		FakeEngine longer = this.registry
			.open(ROOT.order("spiffe://example.org/orders").issuedAt(NOW, LIFE.multipliedBy(3)).mint());
		FakeEngine shorter = this.registry.open(order("guest"));
		setClock(NOW.plus(Duration.ofMinutes(90)));
		this.registry.connections().look();
		Registry.awaiting().until(shorter::isEnded);
		setClock(this.time.now().minus(Duration.ofDays(2)));
		this.bank.become(this.bank.snapshot());
		setClock(NOW);
		FakeEngine next = this.registry.open(order("guest"));
		this.bank.become(this.bank.snapshot());
		assertThat(longer.isTouched()).isFalse();
		assertThat(next.isTouched()).isFalse();
	}

	@Test
	void connectionEndsWithTheIdentity() throws Exception {
		FakeEngine peer = this.registry.open(order("orders"));
		this.bank.become(new TlsSnapshot(null, this.bank.snapshot().trustBundle()));
		Registry.awaiting().until(peer::isEnded);
		Registry.awaiting().until(() -> this.registry.ended(EndCause.IDENTITY) == 1);
	}

	@Test
	void identityThatTellsNothingIsAskedToOnceAndLookedAtEachSecond() throws Exception {
		MutableIdentity silent = new MutableIdentity();
		silent.become(this.bank.snapshot());
		Registry registry = new Registry(silent, this.time);
		FakeEngine peer = registry.open(order("orders"));
		for (int i = 0; i < 100; i++) {
			registry.connections().look();
			registry.open();
		}
		this.time.settle();
		silent.trust(OTHER.bundle());
		this.time.pass(LOOK.minusNanos(1));
		assertThat(peer.isTouched()).isFalse();
		this.time.pass(LOOK);
		assertThat(peer.isEnded()).isTrue();
		assertThat(silent.asked()).isOne();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void identityThatCannotTellYetIsAskedAgainAndItsConnectionsAreLookedAt(boolean error) throws Exception {
		AtomicInteger asked = new AtomicInteger();
		MutableIdentity telling = new MutableIdentity() {

			@Override
			public boolean onChange(Runnable listener) {
				if (asked.incrementAndGet() > 2) {
					return super.onChange(listener);
				}
				if (error) {
					throw new OutOfMemoryError("on purpose");
				}
				throw new IllegalStateException("on purpose");
			}

		};
		telling.telling().become(this.bank.snapshot());
		Registry registry = new Registry(telling, this.time);
		FakeEngine first = registry.open(OTHER.order("spiffe://example.org/guest").issuedAt(NOW, LIFE).mint());
		FakeEngine second = registry.open(order("orders"));
		this.time.settle();
		telling.trust(ROOT.bundle());
		this.time.pass(LOOK);
		assertThat(first.isEnded()).isTrue();
		this.time.pass(LOOK);
		assertThat(asked).hasValue(3);
		telling.trust(OTHER.bundle());
		this.time.settle();
		assertThat(second.isEnded()).isTrue();
		assertThat(asked).hasValue(3);
	}

	@Test
	void identityKeepsNoConnectionsOfABundleThatIsGone() throws Exception {
		Registry dropped = new Registry(this.bank, this.time);
		dropped.open(order("orders"));
		WeakReference<OpenConnections> connections = new WeakReference<>(dropped.connections());
		dropped = null;
		Registry.awaiting().until(() -> {
			System.gc();
			// what nothing holds any more is noticed by a look
			this.bank.become(this.bank.snapshot());
			this.time.pass(Registry.QUICK.idle());
			return connections.get() == null;
		});
	}

	@Test
	void connectionsThatNothingHoldsAreForgotten() throws Exception {
		List<WeakReference<OpenConnection>> connections = new ArrayList<>();
		FakeEngine held = this.registry.open(order("orders"));
		for (int i = 0; i < 100; i++) {
			connections.add(new WeakReference<>(
					this.registry.register(order("guest").svid(), Registry.ANYBODY, new FakeEngine())));
		}
		Registry.awaiting().until(() -> {
			System.gc();
			this.registry.connections().look();
			return connections.stream().allMatch((connection) -> connection.get() == null);
		});
		assertThat(this.registry.open()).isOne();
		assertThat(this.registry.ended()).isZero();
		assertThat(held.isTouched()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void handshakeThatIsNeverFinishedLeavesNothingBehind(String protocol) throws Exception {
		SvidTls server = SvidTls.of(MutableIdentity.of(ROOT, "spiffe://example.org/bank").telling(), Registry.ANYBODY,
				TlsOptions.NONE, Time.ofSystem());
		SvidTls client = SvidTls.of(MutableIdentity.of(ROOT, "spiffe://example.org/orders"), Registry.ANYBODY,
				TlsOptions.NONE, Time.ofSystem());
		EngineHandshake stalled = EngineHandshake.begin(client.tls().context(), server.tls().context(), protocol);
		// TLS 1.2: the client's last flight is lost in part, TLS 1.3: as a whole
		while (client.tls().connections().open(Direction.OUTBOUND) == 0) {
			stalled.pass();
		}
		stalled = null;
		Registry.awaiting().until(() -> {
			System.gc();
			return server.tls().connections().open(Direction.INBOUND) == 0
					&& client.tls().connections().open(Direction.OUTBOUND) == 0;
		});
	}

	@Test
	void connectionThatWasEndedIsFoundAsLongAsItsSessionIs() throws Exception {
		SvidTls server = SvidTls.of(this.bank, Registry.ANYBODY, TlsOptions.NONE, this.time);
		MutableIdentity orders = new MutableIdentity();
		orders.become(order("orders"), SvidMint.bundle(ROOT, OTHER));
		EngineHandshake handshake = EngineHandshake
			.begin(SvidTls.of(orders, Registry.ANYBODY, TlsOptions.NONE, this.time).tls().context(),
					server.tls().context(), "TLSv1.3")
			.end();
		AtomicInteger replaced = new AtomicInteger();
		AtomicInteger ended = new AtomicInteger();
		OpenConnection connection = Objects.requireNonNull(server.tls().connection(handshake.server().getSession()));
		connection.atEnd(replaced::incrementAndGet);
		connection.atEnd(ended::incrementAndGet);
		assertThat(connection.isDue()).isFalse();
		this.bank.trust(OTHER.bundle());
		Registry.awaiting().until(() -> ended.get() == 1);
		assertThat(replaced).hasValue(0);
		OpenConnection found = Objects.requireNonNull(server.tls().connection(handshake.server().getSession()));
		assertThat(found).isSameAs(connection);
		assertThat(found.isDue()).isTrue();
		found.atEnd(ended::incrementAndGet);
		assertThat(ended).hasValue(2);
	}

	/**
	 * As it is by a request that has yet to be served.
	 */
	@Test
	void connectionThatWasEndedIsFoundBySessionWithoutEngine() throws Exception {
		SvidTls server = SvidTls.of(this.bank, Registry.ANYBODY, TlsOptions.NONE, this.time);
		MutableIdentity orders = new MutableIdentity();
		orders.become(order("orders"), SvidMint.bundle(ROOT, OTHER));
		EngineHandshake handshake = EngineHandshake
			.begin(SvidTls.of(orders, Registry.ANYBODY, TlsOptions.NONE, this.time).tls().context(),
					server.tls().context(), "TLSv1.3")
			.end();
		SSLSession session = handshake.server().getSession();
		WeakReference<SSLEngine> engine = new WeakReference<>(handshake.server());
		this.bank.trust(OTHER.bundle());
		WeakReference<OpenConnection> ended = new WeakReference<>(server.tls().connection(session));
		Registry.awaiting().until(() -> server.tls().connections().ended(Direction.INBOUND, EndCause.UNTRUSTED) == 1);
		handshake = null;
		Registry.awaiting().until(() -> {
			System.gc();
			this.bank.trust(OTHER.bundle());
			return engine.get() == null;
		});
		assertThat(Objects.requireNonNull(server.tls().connection(session.getId())).reason()).isNotNull();
		assertThat(Objects.requireNonNull(server.tls().connection(session)).reason()).isNotNull();
		assertThat(ended.get()).isNotNull();
		session = null;
		Registry.awaiting().until(() -> {
			System.gc();
			this.bank.trust(OTHER.bundle());
			return ended.get() == null;
		});
	}

	@Test
	void taskRunsOnceWheneverItIsSetWhileTheConnectionEnds() throws Exception {
		X509Svid peer = order("orders").svid();
		for (int i = 0; i < 300; i++) {
			FakeEngine engine = new FakeEngine();
			OpenConnection connection = this.registry.register(peer, Registry.ANYBODY, engine);
			AtomicInteger ran = new AtomicInteger();
			CountDownLatch both = new CountDownLatch(2);
			Thread setting = new Thread(() -> {
				meet(both);
				connection.atEnd(ran::incrementAndGet);
			});
			Thread ending = new Thread(() -> {
				meet(both);
				connection.end(engine, "is over");
			});
			setting.start();
			ending.start();
			setting.join();
			ending.join();
			assertThat(ran).hasValue(1);
			assertThat(engine.isEnded()).isTrue();
		}
	}

	@Test
	void connectionIsCountedWhateverBecomesOfTheTaskAtItsEnd() throws Exception {
		FakeEngine engine = new FakeEngine();
		OpenConnection connection = this.registry.register(order("orders").svid(), Registry.ANYBODY, engine);
		connection.atEnd(() -> {
			throw new StackOverflowError("on purpose");
		});
		this.bank.trust(OTHER.bundle());
		Registry.awaiting().until(engine::isEnded);
		Registry.awaiting().until(() -> this.registry.ended(EndCause.UNTRUSTED) == 1);
	}

	/**
	 * Each of them has a thread of its own, which hangs.
	 */
	@Test
	void socketsBeginToCloseBeforeAnyOfThemIsWaitedFor() {
		CompletableFuture<Void> released = new CompletableFuture<>();
		List<Socket> sockets = new ArrayList<>();
		ConcurrentLinkedQueue<Long> closing = new ConcurrentLinkedQueue<>();
		for (int i = 0; i < 20; i++) {
			Socket socket = new Socket() {

				private final AtomicBoolean hangs = new AtomicBoolean(true);

				@Override
				public void close() throws IOException {
					if (this.hangs.compareAndSet(true, false)) {
						hang(released);
					}
					super.close();
				}

			};
			sockets.add(socket);
			this.registry.register(order("orders").svid(), socket)
				.atEnd(() -> closing.add(Registry.threads("spire-connections-end")));
		}
		this.bank.become(new TlsSnapshot(null, this.bank.snapshot().trustBundle()));
		this.time.passInVain(Duration.ofMillis(20));
		assertThat(this.registry.ended(EndCause.IDENTITY)).isEqualTo(sockets.size());
		assertThat(closing).hasSize(sockets.size()).allMatch((threads) -> threads >= sockets.size());
		released.complete(null);
		this.time.settle();
		assertThat(Registry.threads("spire-connections-end")).isZero();
	}

	private void hang(CompletableFuture<?> end) {
		try {
			this.time.hang(end);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void connectionThatIsLeftIsNotOpenAndEndsAllTheSame() throws Exception {
		FakeEngine engine = new FakeEngine();
		OpenConnection connection = this.registry.register(order("orders").svid(), Registry.ANYBODY, engine);
		assertThat(this.registry.connections().open(Direction.INBOUND)).isOne();
		connection.left();
		assertThat(this.registry.connections().open(Direction.INBOUND)).isZero();
		this.bank.trust(OTHER.bundle());
		Registry.awaiting().until(engine::isEnded);
		// by the time that the next one ends, the first one would have been counted
		FakeEngine next = new FakeEngine();
		this.registry
			.register(OTHER.order("spiffe://example.org/guest").issuedAt(NOW, LIFE).mint().svid(), Registry.ANYBODY,
					next)
			.left();
		this.bank.trust(ROOT.bundle());
		Registry.awaiting().until(next::isEnded);
		assertThat(this.registry.ended(EndCause.UNTRUSTED)).isZero();
	}

	private static void meet(CountDownLatch both) {
		both.countDown();
		while (both.getCount() > 0) {
			Thread.onSpinWait();
		}
	}

	@Test
	void engineThatFailsToCloseSparesNoOtherAndIsTriedAgain(CapturedOutput output) throws Exception {
		List<FakeEngine> engines = new ArrayList<>();
		List<AtomicBoolean> tasks = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			FakeEngine engine = new FakeEngine();
			AtomicBoolean task = new AtomicBoolean();
			this.registry.register(order("orders").svid(), Registry.ANYBODY, engine).atEnd(() -> task.set(true));
			engines.add(engine);
			tasks.add(task);
		}
		FakeEngine failing = engines.get(3);
		failing.failWith(new IllegalStateException("on purpose"));
		this.bank.trust(OTHER.bundle());
		this.time.settle();
		assertThat(this.registry.ended()).isEqualTo(9);
		assertThat(tasks).allMatch(AtomicBoolean::get);
		assertThat(this.registry.open()).isOne();
		failing.failWith(null);
		this.time.pass(LOOK);
		assertThat(this.registry.ended()).isEqualTo(10);
		assertThat(engines).allMatch(FakeEngine::isEnded);
		assertThat(output).containsOnlyOnce("An open connection could not be looked at");
	}

	@Test
	void fullHeapEndsNoInnocentConnection() throws Exception {
		FullIdentity full = new FullIdentity();
		OpenConnections connections = connections(full);
		FakeEngine engine = new FakeEngine();
		full.open(connections, engine);
		this.time.settle();
		full.failure = new OutOfMemoryError("on purpose");
		this.time.pass(LOOK.multipliedBy(3));
		assertThat(full.failures).hasValueGreaterThanOrEqualTo(3);
		full.failure = null;
		full.answers.set(0);
		this.time.pass(LOOK.multipliedBy(3));
		assertThat(full.answers).hasValueGreaterThanOrEqualTo(3);
		assertThat(engine.isTouched()).isFalse();
		assertThat(connections.open(Direction.INBOUND)).isOne();
	}

	private OpenConnections connections(TlsIdentity identity) {
		return new OpenConnections(identity, new PeerReport(this.time), this.time,
				new OpenConnections.Timing(Duration.ofSeconds(1), Duration.ofMinutes(1)));
	}

	@Test
	void handshakeIsRefusedWhoseConnectionCannotBeWatched() {
		TlsIdentity full = new TlsIdentity() {

			private int asked;

			@Override
			public TlsSnapshot snapshot() {
				if (this.asked++ > 0) {
					throw new OutOfMemoryError("on purpose");
				}
				return OpenConnectionsTests.this.bank.snapshot();
			}

			@Override
			public String absence() {
				return "on purpose";
			}

		};
		OpenConnections connections = new OpenConnections(full, new PeerReport(this.time), this.time, Registry.QUICK);
		FakeEngine engine = new FakeEngine();
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> new OpenConnections.Registrar(connections, true, null, null, null).register(
					OpenConnection.Handshake.withServer(Objects.requireNonNull(full.snapshot().svid())), engine, null));
		assertThat(connections.open(Direction.OUTBOUND)).isZero();
	}

	@Test
	void threadEndsAfterTheLastConnectionAndComesBackWithTheNext() throws Exception {
		Set<Thread> others = Registry.living("spire-connections");
		for (int i = 0; i < 3; i++) {
			FakeEngine engine = this.registry.open(order("orders"));
			assertThat(Registry.living("spire-connections")).hasSizeGreaterThan(0).isNotEqualTo(others);
			engine.close();
			this.registry.connections().look();
			this.time.pass(Registry.QUICK.idle());
			assertThat(others).containsAll(Registry.living("spire-connections"));
		}
	}

	@ParameterizedTest
	@CsvSource({ "3719, INFO", "300, INFO", "5, WARN", "1, WARN" })
	void endOfAServersTimeIsWorthAWarningIfTheClientWasNotToldBefore(int seconds, String level, CapturedOutput output)
			throws Exception {
		Instant end = NOW.plus(LIFE).plusSeconds(120);
		setClock(end.minusSeconds(seconds));
		FakeEngine engine = new FakeEngine();
		this.registry.registerServer(order("mailer" + seconds).svid(), engine);
		setClock(end.plusSeconds(1));
		this.registry.connections().look();
		String line = "The connection to a server was ended: The X.509-SVID of spiffe://example.org/mailer%d expired"
			.formatted(seconds);
		Registry.awaiting().until(() -> output.toString().contains(line));
		assertThat(engine.isEnded()).isTrue();
		assertThat(output.toString().lines().filter((each) -> each.contains(line))).singleElement()
			.asString()
			.contains(level);
	}

	@Test
	void logThatHangsHoldsUpNoEnd() throws Exception {
		try (HangingLog log = new HangingLog("dev.psat.spire.tls.SvidTls", "was ended")) {
			FakeEngine first = this.registry.open(order("orders"));
			FakeEngine second = this.registry
				.open(OTHER.order("spiffe://example.org/other").issuedAt(NOW, LIFE.multipliedBy(2)).mint());
			this.bank.trust(SvidMint.bundle(OTHER));
			Registry.awaiting().until(first::isEnded);
			log.awaitHanging();
			setClock(NOW.plus(LIFE.multipliedBy(2)).plusSeconds(121));
			this.registry.connections().look();
			Registry.awaiting().until(second::isEnded);
			Registry.awaiting().until(() -> this.registry.ended() == 2);
		}
		Registry.awaiting().until(() -> Registry.threads("spire-connections-log") == 0);
	}

	@Test
	void logThatHangsAfterAFailureHoldsUpNoEnd() throws Exception {
		try (HangingLog log = new HangingLog(TlsIdentity.class.getName(), "could not be looked at")) {
			FakeEngine failing = this.registry.open(order("orders"));
			failing.failWith(new IllegalStateException("on purpose"));
			FakeEngine other = this.registry
				.open(OTHER.order("spiffe://example.org/other").issuedAt(NOW, LIFE.multipliedBy(2)).mint());
			this.bank.trust(SvidMint.bundle(OTHER));
			log.awaitHanging();
			this.bank.trust(ROOT.bundle());
			Registry.awaiting().until(other::isEnded);
		}
		Registry.awaiting().until(() -> Registry.threads("spire-connections-log") == 0);
	}

	@Test
	void logThatFailsKeepsBackNoOtherLine() throws Exception {
		CountDownLatch hanging = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		AtomicInteger lines = new AtomicInteger();
		AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				hanging.countDown();
				try {
					released.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
				lines.incrementAndGet();
				throw new StackOverflowError("of the application");
			}

		};
		appender.start();
		Logger logger = (Logger) LoggerFactory.getLogger("dev.psat.spire.tls.SvidTls");
		logger.addAppender(appender);
		try {
			PeerReport report = new PeerReport(this.time);
			ConnectionJudge.Verdict verdict = new ConnectionJudge.Verdict(EndCause.UNAUTHORIZED, "of the test");
			for (String peer : List.of("first", "second", "third", "fourth")) {
				report.ended(Direction.INBOUND, verdict, SpiffeId.parse("spiffe://example.org/" + peer), false);
				hanging.await();
			}
			released.countDown();
			Registry.awaiting().until(() -> lines.get() == 4);
		}
		finally {
			logger.detachAppender(appender);
			released.countDown();
		}
		Registry.awaiting().until(() -> Registry.threads("spire-connections-log") == 0);
	}

	@Test
	void nothingOutlivesTheEndOfAllNotEvenAHandshakeThatIsUnderWay() throws Exception {
		Set<Thread> others = Registry.living("spire-connections");
		for (int i = 0; i < 50; i++) {
			Registry registry = new Registry(this.bank, this.time, OpenConnections.Timing.USUAL);
			List<FakeEngine> made = new CopyOnWriteArrayList<>(List.of(registry.open(order("orders"))));
			Minted next = order("mailer");
			CompletableFuture<Void> connecting = CompletableFuture
				.runAsync(() -> assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> {
					while (true) {
						made.add(registry.open(next));
					}
				}).withMessageContaining("The application has been stopped"));
			Registry.awaiting().until(() -> made.size() > 1);
			registry.connections().close();
			assertThat(connecting).succeedsWithin(Patience.LIMIT);
			this.time.pass(LOOK);
			assertThat(made).allMatch(FakeEngine::isEnded);
			assertThat(others).containsAll(Registry.living("spire-connections"));
		}
	}

	@Test
	void connectionThatCannotBeEndedAtTheEndOfAllIsEndedLater() throws Exception {
		Set<Thread> others = Registry.living("spire-connections");
		FakeEngine stubborn = this.registry.open(order("orders"));
		FakeEngine other = this.registry.open(order("mailer"));
		stubborn.failWith(new IllegalStateException("on purpose"));
		this.registry.connections().close();
		this.time.settle();
		assertThat(other.isEnded()).isTrue();
		assertThat(stubborn.isTouched()).isFalse();
		stubborn.failWith(null);
		this.time.pass(LOOK);
		assertThat(stubborn.isEnded()).isTrue();
		assertThat(others).containsAll(Registry.living("spire-connections"));
	}

	private static PeerVerifier.Vouching vouching(OpenConnection connection) {
		return Objects.requireNonNull(connection.vouching());
	}

	private Minted order(String workload) {
		return ROOT.order("spiffe://example.org/" + workload).issuedAt(NOW, LIFE).mint();
	}

	/**
	 * The watch looks a second later, and would otherwise wait for half a minute.
	 */
	@Test
	void connectionWithAnotherTrustDomainEndsAsSoonAsTheOwnSvidExpiresWithoutBeingTold() throws Exception {
		this.bank.become(ROOT.order("spiffe://example.org/bank").issuedAt(NOW, LIFE).mint(), ROOT.bundle());
		TlsIdentity identity = new ForeignWhileInForce(this.bank, this.time.clock());
		Instant expiry = Objects.requireNonNull(this.bank.snapshot().svid()).svid().expiresAt();
		setClock(expiry.minusSeconds(1));
		OpenConnections connections = new OpenConnections(identity, new PeerReport(this.time), this.time,
				Registry.QUICK);
		FakeEngine own = new FakeEngine();
		FakeEngine foreign = new FakeEngine();
		register(connections, identity, order("orders"), own);
		register(connections, identity,
				OTHER.order("spiffe://partner.org/mailer").issuedAt(NOW, LIFE.multipliedBy(2)).mint(), foreign);
		this.time.pass(Duration.ofSeconds(1));
		assertThat(foreign.isTouched()).isFalse();
		this.time.pass(Duration.ofMillis(1));
		assertThat(foreign.isEnded()).isTrue();
		assertThat(own.isTouched()).isFalse();
		connections.close();
		this.time.settle();
		assertThat(own.isEnded()).isTrue();
	}

	private OpenConnection register(OpenConnections connections, TlsIdentity identity, Minted peer, FakeEngine engine)
			throws CertificateException {
		PeerVerifier.Vouching vouching = new PeerVerifier(identity, this.time.clock()).verify(peer.svid(),
				identity.snapshot(), null);
		OpenConnection connection = connections.register(new OpenConnection.Handshake(Direction.INBOUND, peer.svid(),
				vouching, Registry.ANYBODY, 0, Objects.requireNonNull(identity.snapshot().svid())), engine, null,
				ConnectionEnd.ENGINE);
		assertThat(connections.lookAgain(connection)).isNull();
		return connection;
	}

	/**
	 * An identity that trusts another trust domain while its own X.509-SVID is in force,
	 * as those of this library do.
	 *
	 * @param own the rest of it
	 * @param clock the clock
	 */
	private record ForeignWhileInForce(MutableIdentity own, Clock clock) implements TlsIdentity {

		@Override
		public TlsSnapshot snapshot() {
			return this.own.snapshot();
		}

		@Override
		public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
			boolean inForce = !this.clock.instant()
				.isAfter(Objects.requireNonNull(snapshot().svid()).svid().expiresAt());
			return inForce ? OTHER.bundleOf(trustDomain) : null;
		}

		@Override
		public boolean onChange(Runnable listener) {
			return this.own.onChange(listener);
		}

		@Override
		public String absence() {
			return this.own.absence();
		}

	}

	/**
	 * An identity that may have no memory to answer.
	 */
	private final class FullIdentity implements TlsIdentity {

		private final AtomicInteger failures = new AtomicInteger();

		private final AtomicInteger answers = new AtomicInteger();

		private volatile @Nullable Error failure;

		OpenConnection open(OpenConnections connections, FakeEngine engine) throws CertificateException {
			Minted partner = OTHER.order("spiffe://partner.org/mailer").issuedAt(NOW, LIFE).mint();
			return register(connections, this, partner, engine);
		}

		@Override
		public TlsSnapshot snapshot() {
			return OpenConnectionsTests.this.bank.snapshot();
		}

		@Override
		public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
			Error failure = this.failure;
			if (failure != null) {
				this.failures.incrementAndGet();
				throw failure;
			}
			this.answers.incrementAndGet();
			return OTHER.bundleOf(trustDomain);
		}

		@Override
		public String absence() {
			return "on purpose";
		}

	}

}
