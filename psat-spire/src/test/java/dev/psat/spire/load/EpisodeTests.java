package dev.psat.spire.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.psat.spire.test.SpireMethod;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Episode}.
 */
class EpisodeTests {

	private static final Traffic TWO_MINUTES = new Traffic(
			List.of(reading(Duration.ZERO, 10, 1), reading(Duration.ofMinutes(2), 34, 4)));

	@Test
	void callsAreThoseOfEachClientOnAverage() {
		Episode episode = new Episode("idle", 6, TWO_MINUTES, List.of());
		assertThat(episode.each(Reading::allCalls)).isEqualTo(4.5);
		assertThat(episode.each((reading) -> reading.calls(SpireMethod.ATTEST_AGENT))).isEqualTo(0.5);
	}

	@Test
	void rateIsForEachClientAndMinute() {
		Episode episode = new Episode("idle", 6, TWO_MINUTES, List.of());
		assertThat(episode.eachIn(Duration.ofMinutes(1), Reading::allCalls)).isEqualTo(2.25);
	}

	@Test
	void episodeIsCompleteWhenEachClientWasServed() {
		assertThat(new Episode("back", 2, TWO_MINUTES, List.of(Duration.ZERO, Duration.ZERO)).isComplete()).isTrue();
		assertThat(new Episode("back", 2, TWO_MINUTES, List.of(Duration.ZERO)).isComplete()).isFalse();
	}

	@Test
	void halfAreServedWhenTheMiddleOneIs() {
		Episode episode = new Episode("back", 3, TWO_MINUTES,
				List.of(Duration.ofSeconds(5), Duration.ofSeconds(9), Duration.ofSeconds(7)));
		assertThat(episode.servedAfter(0.5)).isEqualTo(7);
		assertThat(episode.servedAfter(1)).isEqualTo(9);
	}

	@Test
	void clientsThatWereNotServedCount() {
		Episode episode = new Episode("back", 5, TWO_MINUTES, List.of(Duration.ofNanos(5), Duration.ofNanos(9)));
		assertThat(episode.servedAfter(0.5)).isNaN();
		assertThat(episode.servedAfter(1)).isNaN();
	}

	private static Reading reading(Duration time, int refreshes, int attestations) {
		return new Reading(time.toNanos(),
				Map.of(SpireMethod.GET_BUNDLE, refreshes, SpireMethod.ATTEST_AGENT, attestations), 0);
	}

}
