package dev.psat.spire.load;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spire.SpireStatus;
import dev.psat.spire.test.SpireMethod;
import dev.psat.support.Matrix;
import dev.psat.support.Torture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Many clients behind one address: when all of them start, while they have nothing to do
 * (for {@code load.idle}), and when the server comes back to them (after
 * {@code load.away}). The server counts.
 */
@Matrix
class LoadTortureTests {

	private static final int CLIENTS = Torture.times(2, 120);

	/** How often clients visit the server. */
	private static final Duration INTERVAL = Torture.lasting(Duration.ofMillis(100), Duration.ofMinutes(1));

	private static final Duration RELOAD = Torture.lasting(Duration.ZERO, Duration.ofSeconds(5));

	/**
	 * In ten intervals, no client can visit more than twelve times, however its visits
	 * fall and although each may come a tenth of an interval early.
	 */
	private static final Duration IDLE = Torture.lasting(INTERVAL.multipliedBy(10), duration("load.idle", "3m"));

	private static final Duration AWAY = Torture.lasting(INTERVAL.multipliedBy(2), duration("load.away", "1m"));

	private static final Duration SHORTLY_AWAY = Torture.lasting(INTERVAL.multipliedBy(2), Duration.ofSeconds(45));

	private static final int RETURNS = Torture.times(1, 3);

	private static final Duration LONGEST_START = Torture.lasting(Duration.ofSeconds(30), Duration.ofSeconds(150));

	private static final Duration LONGEST_RETURN = Duration.ofSeconds(CLIENTS).plusMinutes(2);

	private static Duration duration(String property, String value) {
		return Duration.parse("PT" + System.getProperty(property, value));
	}

	@Test
	void clientsWaitForTheirTurnAskLittleAndComeBackOneByOne(@TempDir Path directory) throws Exception {
		// else this machine, which all share, is what they wait for; few can do without
		try (Clients warmUp = new Clients(directory, Torture.times(0, CLIENTS), INTERVAL, Duration.ZERO, false)) {
			warmUp.startOneAfterTheOther(LONGEST_RETURN);
		}
		try (Clients clients = new Clients(directory, CLIENTS, INTERVAL, RELOAD, true);
				Clients later = new Clients(directory, CLIENTS, INTERVAL, RELOAD, true)) {
			Episode start = clients.record("start", clients::start, Clients::isReady, Duration.ZERO, LONGEST_START);
			// the last call of the first visit
			Awaitility.await().until(() -> clients.server().journal().calls(SpireMethod.POST_STATUS) >= CLIENTS);
			Episode idle = clients.record("idle", () -> {
			}, Clients::isReady, IDLE, IDLE);
			List<Episode> returns = new ArrayList<>();
			for (int i = 0; i < RETURNS; i++) {
				clients.server().stop();
				awaitEnd(SHORTLY_AWAY, clients);
				returns.add(comeBack("back to clients with SVIDs, soon", clients));
			}
			clients.server().stop();
			later.server().stop();
			later.start();
			awaitEnd(AWAY, clients);
			Episode waiting = later.record("back to clients without", () -> later.server().restart(), Clients::isReady,
					INTERVAL, LONGEST_RETURN);
			Episode inForce = comeBack("back to clients with SVIDs", clients);
			Torture.report(
					LoadReport.of(List.of(CLIENTS, INTERVAL, RELOAD, IDLE, RETURNS, SHORTLY_AWAY, AWAY, AWAY, INTERVAL),
							start, idle, returns, inForce, waiting));
			returns.add(inForce);
			assertThat(start.traffic().time()).isGreaterThan(Duration.ofSeconds(CLIENTS - 1));
			assertThat(List.of(start, waiting)).allSatisfy((attesting) -> {
				assertThat(attesting.isComplete()).isTrue();
				assertThat(attesting.calls(SpireMethod.ATTEST_AGENT)).isLessThanOrEqualTo(CLIENTS * 6 / 5);
			});
			assertThat(idle.methods()).containsExactlyInAnyOrder(SpireMethod.GET_BUNDLE,
					SpireMethod.GET_AUTHORIZED_ENTRIES);
			assertThat(idle.calls(SpireMethod.GET_BUNDLE)).isCloseTo(idle.calls(SpireMethod.GET_AUTHORIZED_ENTRIES),
					within(CLIENTS));
			assertThat(idle.eachIn(INTERVAL, Reading::allCalls)).isLessThanOrEqualTo(2.5);
			assertThat(returns).allSatisfy((back) -> {
				assertThat(back.isComplete()).isTrue();
				assertThat(back.calls(SpireMethod.ATTEST_AGENT)).isZero();
			});
		}
	}

	/**
	 * Wait until an outage has lasted. The clients serve their SVIDs meanwhile.
	 */
	private static void awaitEnd(Duration outage, Clients clients) {
		Awaitility.await().during(outage).until(() -> clients.count(Clients::isReady) == CLIENTS);
	}

	private static Episode comeBack(String name, Clients clients) {
		assertThat(clients.count(Clients::isReady)).isEqualTo(CLIENTS);
		Instant back = Instant.now();
		// a second wave would come with the next visits
		return clients.record(name, () -> clients.server().restart(), (status) -> isServed(status, back), INTERVAL,
				LONGEST_RETURN);
	}

	/**
	 * Return whether the server has told the trust bundle since then, and nothing was
	 * left undone.
	 */
	private static boolean isServed(SpireStatus status, Instant since) {
		SpireStatus.Bundle bundle = status.trustBundle();
		Instant refreshedAt = (bundle != null) ? bundle.refreshedAt() : null;
		return Clients.isReady(status) && status.lastError() == null && refreshedAt != null
				&& refreshedAt.isAfter(since);
	}

}
