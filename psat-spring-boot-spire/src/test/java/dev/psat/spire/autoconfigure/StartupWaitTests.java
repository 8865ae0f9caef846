package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link StartupWait}, where there never is an X.509-SVID to serve.
 *
 * @see ServedBundleTests
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupWaitTests {

	private static final Duration LONG = Duration.ofHours(1);

	private static final String WITHOUT_SERVER = "A test or a laptop has no SPIRE Server by itself.";

	private final TestIdentity identity = new TestIdentity();

	@Test
	void nothingWaitsWhereNoServerServesTheBundle() {
		assertThatNoException().isThrownBy(() -> startupWait(LONG).await());
		assertThat(this.identity.observers()).isEmpty();
	}

	@Test
	void waitThatRunsOutTellsServersAndTime() {
		Duration shortest = Duration.ofSeconds(1);
		assertThatExceptionOfType(PsatStartupException.class)
			.isThrownBy(() -> startupWait(shortest, "the web server", "the management server").await())
			.withMessage("There is no X.509-SVID for the web server and the management server to serve")
			.satisfies((ex) -> {
				assertThat(ex.action()).contains("Startup waits at most 1 s");
				assertThat(stateOfRefusal(ex)).isEqualTo(SpireState.STARTING);
			});
		assertThat(this.identity.observers()).isEmpty();
	}

	/**
	 * That of a user is up, and has no key for us.
	 */
	@ParameterizedTest
	@EnumSource(names = { "DISABLED", "READY", "BANNED" })
	@Timeout(Patience.SECONDS)
	void hopelessStateIsNotWaitedIn(SpireState state) {
		this.identity.become(TestIdentity.bare(state));
		assertThatExceptionOfType(PsatStartupException.class)
			.isThrownBy(() -> startupWait(LONG, "the web server").await())
			.satisfies((ex) -> assertThat(stateOfRefusal(ex)).isEqualTo(state));
	}

	private static @Nullable SpireState stateOfRefusal(PsatStartupException ex) {
		return (ex.getCause() instanceof SvidUnavailableException refusal) ? refusal.state() : null;
	}

	@ParameterizedTest
	@EnumSource(names = { "DISABLED", "BANNED" })
	void stateThatBecomesHopelessEndsTheWait(SpireState hopeless) {
		FutureTask<Void> start = start(startupWait(LONG, "the web server"));
		this.identity.become(TestIdentity.failing(SpireState.ATTESTING, false));
		assertThat(start).isNotDone();
		this.identity.become(TestIdentity.bare(hopeless));
		assertThat(start).failsWithin(Patience.LIMIT)
			.withThrowableThat()
			.havingRootCause()
			.isInstanceOf(SvidUnavailableException.class);
		assertThat(this.identity.observers()).isEmpty();
	}

	@Test
	void whileItWaitsItSaysAgainAndAgainForWhat(CapturedOutput output) {
		this.identity.become(TestIdentity.bare(SpireState.ATTESTING));
		StartupWait startupWait = new StartupWait(this.identity, SpiffeSslBundle.of(this.identity), LONG,
				Duration.ofMillis(50), StartupWait.Place.POD, () -> SvidNeed.toServe(List.of("the web server")),
				Time.ofSystem());
		FutureTask<Void> start = start(startupWait);
		await().untilAsserted(() -> assertThat(lines(output)).hasSizeGreaterThan(1)
			.allSatisfy((line) -> assertThat(line).contains("INFO")
				.containsPattern("Still waiting for the first X.509-SVID after \\d+ of 3600 s: ATTESTING$")));
		this.identity.become(TestIdentity.failing(SpireState.ATTESTING, false));
		await().untilAsserted(() -> assertThat(lines(output)).anySatisfy((line) -> assertThat(line)
			.endsWith(" of 3600 s: ATTESTING, UNREACHABLE: The SPIRE Server cannot be reached. Check that it runs.")));
		assertThat(start).isNotDone();
		this.identity.become(TestIdentity.bare(SpireState.DISABLED));
		assertThat(start).failsWithin(Patience.LIMIT);
		assertThat(this.identity.observers()).isEmpty();
	}

	private static List<String> lines(CapturedOutput output) {
		return output.getOut().lines().filter((line) -> line.contains("Still waiting")).toList();
	}

	@Test
	void threadThatEndsTheWaitEndsWithIt() {
		FutureTask<Void> start = start(startupWait(LONG, "the web server"));
		// those of other tests may still be ending
		await().until(() -> timers() == 1);
		this.identity.become(TestIdentity.bare(SpireState.DISABLED));
		assertThat(start).failsWithin(Patience.LIMIT);
		await().until(() -> timers() == 0);
	}

	private static long timers() {
		return RunningThreads.named("psat-spire-start").size();
	}

	@Test
	void testOrLaptopIsToldInTimeWhatIsMissing(CapturedOutput output) {
		this.identity.become(TestIdentity.failing("UNREACHABLE"));
		FutureTask<Void> start = start(new StartupWait(this.identity, SpiffeSslBundle.of(this.identity), LONG,
				Duration.ofMillis(50), StartupWait.Place.ELSEWHERE, () -> SvidNeed.toServe(List.of("the web server")),
				Time.ofSystem()));
		await().untilAsserted(() -> assertThat(lines(output)).first().asString().contains(WITHOUT_SERVER));
		this.identity.become(TestIdentity.bare(SpireState.DISABLED));
		assertThat(start).failsWithin(Patience.LIMIT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "DIRECTORY_MISSING", "SOCKET_MISSING", "NOBODY_LISTENS" })
	void agentIsMissingWhereThereIsNoServer(String reason) {
		SpireStatus connecting = TestIdentity.connecting();
		this.identity.become(SpireStatus.builder(connecting.state())
			.workloadApi(connecting.workloadApi())
			.lastError(TestIdentity.failing(reason).lastError())
			.build());
		assertThatExceptionOfType(PsatStartupException.class).isThrownBy(() -> shortWait().await())
			.satisfies((ex) -> assertThat(ex.action()).contains("A test or a laptop has no SPIRE Agent by itself.",
					"@Import(SimulatedWorkloadApiConfiguration.class)"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "UNREACHABLE", "TRUST_BUNDLE_UNREADABLE", "TOKEN_UNAVAILABLE" })
	void simulatedServerIsNamedWhereThereIsNone(String reason) {
		this.identity.become(TestIdentity.failing(reason));
		assertThatExceptionOfType(PsatStartupException.class).isThrownBy(() -> shortWait().await())
			.satisfies((ex) -> assertThat(ex.action()).contains(WITHOUT_SERVER));
	}

	@Test
	void simulatedServerIsNotNamedInAPod() {
		this.identity.become(TestIdentity.failing("UNREACHABLE"));
		assertThatExceptionOfType(PsatStartupException.class)
			.isThrownBy(() -> startupWait(Duration.ofMillis(300), "the web server").await())
			.satisfies((ex) -> assertThat(ex.action()).doesNotContain("SimulatedSpireServerConfiguration"));
	}

	@Test
	void simulatedServerIsNotNamedWhereThereIsAServer() {
		this.identity.become(TestIdentity.failing("NO_ENTRY"));
		assertThatExceptionOfType(PsatStartupException.class).isThrownBy(() -> shortWait().await())
			.satisfies((ex) -> assertThat(ex.action()).doesNotContain(WITHOUT_SERVER));
	}

	@Test
	void placeIsToldByTheEnvironment() {
		MockEnvironment environment = new MockEnvironment();
		assertThat(StartupWait.Place.of(environment)).isEqualTo(StartupWait.Place.ELSEWHERE);
		environment.setProperty("spring.main.cloud-platform", "kubernetes");
		assertThat(StartupWait.Place.of(environment)).isEqualTo(StartupWait.Place.POD);
	}

	@Test
	void identityThatTellsNobodyEndsTheWait() {
		KeyedIdentity silent = new KeyedIdentity();
		StartupWait startupWait = new StartupWait(silent, SpiffeSslBundle.of(silent), LONG, StartupWait.Place.POD,
				() -> SvidNeed.toServe(List.of("the web server")));
		FutureTask<Void> start = new FutureTask<>(startupWait::await, null);
		new Thread(start).start();
		await().until(() -> timers() == 1);
		assertThat(start).isNotDone();
		silent.rotate();
		assertThat(start).succeedsWithin(Patience.LIMIT);
	}

	@Test
	void identityThatFailsAndTellsNobodyIsWaitedFor() {
		FailingIdentity failing = new FailingIdentity();
		FutureTask<Void> start = new FutureTask<>(new StartupWait(failing, SpiffeSslBundle.of(failing), LONG,
				Duration.ofMillis(50), StartupWait.Place.ELSEWHERE, () -> SvidNeed.toServe(List.of("the web server")),
				Time.ofSystem())::await, null);
		new Thread(start).start();
		await().until(() -> failing.failed.get() > 5);
		assertThat(start).isNotDone();
		failing.state = SpireState.DISABLED;
		assertThat(start).failsWithin(Patience.LIMIT);
	}

	private StartupWait shortWait() {
		return new StartupWait(this.identity, SpiffeSslBundle.of(this.identity), Duration.ofMillis(300),
				StartupWait.Place.ELSEWHERE, () -> SvidNeed.toServe(List.of("the web server")));
	}

	@Test
	void interruptionEndsTheWaitAndStays() {
		StartupWait startupWait = startupWait(LONG, "the web server");
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(startupWait::await)
			.withMessageContaining("Interrupted");
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.identity.observers()).isEmpty();
	}

	private FutureTask<Void> start(StartupWait startupWait) {
		FutureTask<Void> start = new FutureTask<>(() -> {
			startupWait.await();
			return null;
		});
		Thread thread = new Thread(start);
		thread.setDaemon(true);
		thread.start();
		// untimed, since Spring interrupts no other
		await().until(() -> thread.getState() == Thread.State.WAITING && !this.identity.observers().isEmpty());
		return start;
	}

	private StartupWait startupWait(Duration longest, String... servers) {
		return new StartupWait(this.identity, SpiffeSslBundle.of(this.identity), longest, StartupWait.Place.POD,
				() -> (servers.length > 0) ? SvidNeed.toServe(List.of(servers)) : null);
	}

	/**
	 * The identity of an application that has no observers and fails while it starts.
	 */
	private static final class FailingIdentity implements SpireIdentity {

		private final AtomicInteger failed = new AtomicInteger();

		private volatile SpireState state = SpireState.STARTING;

		private int asked;

		@Override
		public SpireStatus status() {
			// not when the wait begins
			if (this.asked++ > 1 && this.state == SpireState.STARTING) {
				this.failed.incrementAndGet();
				throw new StackOverflowError("on purpose");
			}
			return TestIdentity.bare(this.state);
		}

		@Override
		public X509Svid x509Svid() {
			throw new SvidUnavailableException("on purpose", this.state, "None.");
		}

		@Override
		public JwtSvid jwtSvid(String audience, String... more) {
			throw new UnsupportedOperationException();
		}

		@Override
		public TrustBundle trustBundle() {
			throw new UnsupportedOperationException();
		}

	}

}
