package dev.psat.file.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WriteSettling}.
 */
class WriteSettlingTests {

	private final WriteSettling settling = new WriteSettling(Duration.ofMillis(100), Duration.ofSeconds(1));

	@Test
	void fileThatIsWholeIsSettled() {
		assertThat(restLeft(content("a", 1, true, false), 0)).isNull();
		assertThat(restLeft(content("b", 1, true, false), 1)).isNull();
	}

	@Test
	void firstContentIsSettledIfItIsQuiet() {
		assertThat(restLeft(content("a", 1, false, true), 0)).isNull();
	}

	@Test
	void laterContentHasToRestHoweverQuietItIs() {
		restLeft(content("a", 1, false, true), 0);
		assertThat(restLeft(content("b", 1, false, true), 1)).isEqualTo(100);
		assertThat(restLeft(content("b", 1, false, true), 101)).isNull();
	}

	@Test
	void anyOtherFileHasToRest() {
		LinkedFile.Content content = content("a", 1, false, false);
		assertThat(restLeft(content, 0)).isEqualTo(100);
		assertThat(restLeft(content, 99)).isEqualTo(1);
		assertThat(restLeft(content, 100)).isNull();
	}

	@Test
	void anyChangeBeginsTheRestAnew() {
		restLeft(content("a", 1, false, false), 0);
		assertThat(restLeft(content("b", 1, false, false), 90)).isEqualTo(100);
		assertThat(restLeft(content("b", 2, false, false), 180)).isEqualTo(100);
		assertThat(restLeft(content("b", 2, false, false), 270)).isEqualTo(10);
	}

	@Test
	void restIsCountedFromTheEndOfTheFirstReadToTheBeginningOfTheLast() {
		LinkedFile.Content content = content("a", 1, false, false);
		assertThat(restLeft(content, 0, 60)).isEqualTo(100);
		assertThat(restLeft(content, 150, 210)).isEqualTo(10);
		assertThat(restLeft(content, 160, 220)).isNull();
	}

	@Test
	void fileThatNeverRestsIsRestless() {
		for (int millis = 0; millis < 1000; millis += 50) {
			restLeft(content("a" + millis, 1, false, false), millis);
			assertThat(this.settling.isRestless()).isFalse();
		}
		restLeft(content("b", 1, false, false), 1000);
		assertThat(this.settling.isRestless()).isTrue();
		assertThat(restLeft(content("b", 1, false, false), 1100)).isNull();
		assertThat(this.settling.isRestless()).isFalse();
	}

	@Test
	void unchangedFileThatIsReadSlowlyIsNotRestless() {
		LinkedFile.Content content = content("a", 1, false, false);
		assertThat(restLeft(content, 0, 5000)).isEqualTo(100);
		assertThat(this.settling.isRestless()).isFalse();
		assertThat(restLeft(content, 5050, 9000)).isEqualTo(50);
		assertThat(this.settling.isRestless()).isFalse();
		assertThat(restLeft(content, 9010, 9020)).isNull();
	}

	@Test
	void changeWhileTheFileIsReadSlowlyIsNoUnrestYet() {
		restLeft(content("a", 1, false, false), 0, 10);
		restLeft(content("b", 1, false, false), 20, 5000);
		assertThat(this.settling.isRestless()).isFalse();
	}

	@Test
	void twoContentsFarApartAreNoUnrest() {
		restLeft(content("a", 1, false, false), 0);
		restLeft(content("b", 1, false, false), 1600);
		assertThat(this.settling.isRestless()).isFalse();
	}

	@Test
	void unrestBeginsAnewAfterALookWithNothingToHoldBack() {
		restLeft(content("a", 1, false, false), 0);
		this.settling.settle();
		restLeft(content("b", 1, false, false), 1500);
		assertThat(this.settling.isRestless()).isFalse();
	}

	private @Nullable Long restLeft(LinkedFile.Content content, long millis) {
		return restLeft(content, millis, millis);
	}

	private @Nullable Long restLeft(LinkedFile.Content content, long began, long ended) {
		Duration left = this.settling.restLeft(content, Duration.ofMillis(began).toNanos(),
				Duration.ofMillis(ended).toNanos());
		return (left != null) ? left.toMillis() : null;
	}

	private static LinkedFile.Content content(String text, long modified, boolean whole, boolean quiet) {
		return new LinkedFile.Content(text.getBytes(StandardCharsets.US_ASCII), text.length(),
				FileTime.fromMillis(modified), whole, quiet, false);
	}

}
