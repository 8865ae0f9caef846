package dev.psat.spire.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BackOff}.
 */
class BackOffTests {

	private static final Duration CAP = Duration.ofMinutes(2);

	private final ManualTime time = new ManualTime();

	private BackOff backOff = BackOff.NONE;

	/**
	 * A class whose initialization fails in a full heap is lost to the JVM, and with
	 * {@link java.math.BigDecimal} every pause, and every JWT-SVID.
	 */
	@Test
	void doesNotLeaveTheMeansToDoubleToAFullHeap() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xlog:class+init=info", "-cp", System.getProperty("java.class.path"), Initialization.class.getName())
			.redirectErrorStream(true)
			.start();
		try {
			assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.containsPattern("Initializing '?java/math/BigDecimal'?");
			assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void doublesFromOneSecondUpToTheCap() {
		this.time.draw(0.9999999);
		assertThat(failures(9, Duration.ZERO, CAP)).containsExactly(1000L, 2000L, 4000L, 8000L, 16_000L, 32_000L,
				64_000L, 120_000L, 120_000L);
	}

	@Test
	void neverEndsBeforeWhatIsAskedFor() {
		this.time.draw(0);
		assertThat(failures(5, Duration.ofSeconds(15), CAP)).containsOnly(15_000L);
	}

	@Test
	void isSpreadOverTwiceWhatIsAskedForAndMore() {
		this.time.draw(0.9999999);
		assertThat(failures(5, Duration.ofSeconds(15), CAP)).containsExactly(30_000L, 60_000L, 120_000L, 120_000L,
				120_000L);
	}

	@Test
	void capThatIsTooLowForWhatIsAskedForGivesWay() {
		this.time.draw(0);
		assertThat(failures(3, Duration.ofSeconds(15), Duration.ofSeconds(5))).containsOnly(15_000L);
		this.time.draw(0.9999999);
		assertThat(failures(3, Duration.ofSeconds(15), Duration.ofSeconds(5))).containsOnly(30_000L);
	}

	@Test
	void neverOverflows() {
		this.time.draw(0.9999999);
		assertThat(failures(100, Duration.ofSeconds(15), CAP)).endsWith(120_000L)
			.allMatch((millis) -> millis <= 120_000);
	}

	@Test
	void startsAgainAfterASuccess() {
		this.time.draw(0.9999999);
		failures(5, Duration.ZERO, CAP);
		this.backOff = BackOff.NONE;
		assertThat(failures(1, Duration.ZERO, CAP)).containsExactly(1000L);
	}

	@Test
	void isNeverShorterThanAFifthOfASecond() {
		this.time.draw(0);
		assertThat(failures(10, Duration.ZERO, CAP)).containsOnly(200L);
		assertThat(failures(1, Duration.ZERO, Duration.ofMillis(10))).containsExactly(200L);
	}

	@Test
	void isSpreadOverTheWholeOfItsTime() {
		Time time = new Time(Clock.systemUTC(), System::nanoTime, new Random(7));
		List<Duration> waits = Stream
			.iterate(this.backOff, (backOff) -> backOff.failed(Duration.ZERO, Duration.ofSeconds(60), time))
			.skip(7)
			.map(BackOff::pause)
			.limit(1000)
			.toList();
		assertThat(waits).anyMatch((wait) -> wait.toSeconds() < 6)
			.anyMatch((wait) -> wait.toSeconds() >= 54)
			.allMatch((wait) -> wait.compareTo(Duration.ofSeconds(60)) <= 0);
	}

	private List<Long> failures(int number, Duration atLeast, Duration cap) {
		return Stream.generate(() -> {
			this.backOff = this.backOff.failed(atLeast, cap, this.time.time());
			return this.backOff.pause().toMillis();
		}).limit(number).toList();
	}

	/**
	 * Run by a process of its own.
	 */
	static final class Initialization {

		public static void main(String[] args) {
			Objects.requireNonNull(BackOff.NONE);
		}

	}

}
