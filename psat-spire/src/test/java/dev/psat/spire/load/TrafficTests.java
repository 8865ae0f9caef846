package dev.psat.spire.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.psat.spire.test.SpireMethod;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Traffic}.
 */
class TrafficTests {

	@Test
	void countIsWhatCameBetweenTheFirstReadingAndTheLast() {
		Traffic traffic = new Traffic(List.of(reading(0, 7), reading(500, 9), reading(2000, 12)));
		assertThat(traffic.count(Reading::allCalls)).isEqualTo(5);
		assertThat(traffic.time()).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void peakIsTheMostInAnySecondWhereverItBegins() {
		// one call every 200 milliseconds, and three more within 1.4 to 1.8 seconds
		Traffic traffic = new Traffic(IntStream.rangeClosed(0, 300)
			.mapToObj((tick) -> reading(tick * 10,
					tick / 20 + ((tick > 140) ? 1 : 0) + ((tick > 160) ? 1 : 0) + ((tick > 180) ? 1 : 0)))
			.toList());
		assertThat(traffic.peak(Reading::allCalls)).isEqualTo(5 + 3 + 1);
	}

	@Test
	void callsMoreThanASecondApartAreNoPeak() {
		Traffic traffic = new Traffic(List.of(reading(0, 0), reading(10, 1), reading(600, 1), reading(1100, 1),
				reading(1700, 1), reading(1710, 2), reading(3000, 2)));
		assertThat(traffic.peak(Reading::allCalls)).isEqualTo(1);
	}

	@Test
	void callsBetweenTwoReadingsCountAsCloseAsTheyMayHaveBeen() {
		// at 9 and 1001 milliseconds, for all that is known
		Traffic traffic = new Traffic(List.of(reading(0, 0), reading(10, 1), reading(1000, 1), reading(1010, 2)));
		assertThat(traffic.peak(Reading::allCalls)).isEqualTo(2);
	}

	@Test
	void peakOfAShortTimeIsAllThatCame() {
		assertThat(new Traffic(List.of(reading(0, 0), reading(10, 1))).peak(Reading::allCalls)).isEqualTo(1);
	}

	@Test
	void oneReadingIsNoTraffic() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Traffic(List.of(reading(0, 0))));
	}

	private static Reading reading(long millis, int calls) {
		return new Reading(Duration.ofMillis(millis).toNanos(), Map.of(SpireMethod.GET_BUNDLE, calls), 0);
	}

}
