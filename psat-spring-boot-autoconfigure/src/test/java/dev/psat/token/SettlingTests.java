package dev.psat.token;

import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Settling}.
 */
class SettlingTests {

	private final Settling settling = new Settling(Duration.ofMillis(100));

	@Test
	void fileThatIsWholeOrQuietMayBeTakenAtOnce() {
		assertThat(timeLeft(content("a", 1, true, false), 0)).isZero();
		assertThat(timeLeft(content("a", 1, false, true), 0)).isZero();
	}

	@Test
	void anyOtherFileHasToRest() {
		FileContent content = content("a", 1, false, false);
		assertThat(timeLeft(content, 0)).isEqualTo(100);
		assertThat(timeLeft(content, 99)).isEqualTo(1);
		assertThat(timeLeft(content, 100)).isZero();
		assertThat(timeLeft(content, 200)).isZero();
	}

	@Test
	void anyChangeBeginsTheRestAnew() {
		timeLeft(content("a", 1, false, false), 0);
		assertThat(timeLeft(content("b", 1, false, false), 90)).isEqualTo(100);
		assertThat(timeLeft(content("b", 2, false, false), 180)).isEqualTo(100);
		assertThat(timeLeft(content("b", 2, false, false), 270)).isEqualTo(10);
	}

	@Test
	void restIsCountedFromTheEndOfTheFirstReadToTheBeginningOfTheLast() {
		FileContent content = content("a", 1, false, false);
		assertThat(timeLeft(content, 0, 60)).isEqualTo(100);
		assertThat(timeLeft(content, 150, 210)).isEqualTo(10);
		assertThat(timeLeft(content, 160, 220)).isZero();
	}

	private long timeLeft(FileContent content, long millis) {
		return timeLeft(content, millis, millis);
	}

	private long timeLeft(FileContent content, long began, long ended) {
		return this.settling.timeLeft(content, Duration.ofMillis(began).toNanos(), Duration.ofMillis(ended).toNanos())
			.toMillis();
	}

	private static FileContent content(String text, long modified, boolean whole, boolean quiet) {
		return new FileContent(text.getBytes(StandardCharsets.US_ASCII), text.length(), FileTime.fromMillis(modified),
				whole, quiet, false);
	}

}
