package dev.psat.spire.internal;

import java.time.Duration;

import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.server.TestEntry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Renewal}.
 */
class RenewalTests {

	private final ManualTime time = new ManualTime();

	private final X509Svid svid = new SvidMint().issue(TestEntry.ORDERS, ManualTime.START, Duration.ofHours(1));

	@Test
	void isDrawnBetweenTheShares() {
		assertThat(drawn(0).left(this.time.time())).isEqualTo(Duration.ofMinutes(27));
		assertThat(drawn(0.5).left(this.time.time())).isEqualTo(Duration.ofMinutes(30));
		assertThat(drawn(0.9999999999).left(this.time.time())).isBetween(Duration.ofSeconds(1979),
				Duration.ofMinutes(33));
	}

	@Test
	void isDueWhenItsTimeHasPassed() {
		Renewal renewal = drawn(0.5);
		this.time.pass(Duration.ofMinutes(30).minusNanos(1));
		assertThat(renewal.isDue(this.time.time())).isFalse();
		this.time.pass(Duration.ofNanos(1));
		assertThat(renewal.isDue(this.time.time())).isTrue();
		this.time.pass(Duration.ofHours(1));
		assertThat(renewal.left(this.time.time())).isZero();
	}

	@Test
	void clockThatIsSetBackDelaysNothing() {
		Renewal renewal = drawn(0.5);
		this.time.step(Duration.ofDays(-1));
		this.time.pass(Duration.ofMinutes(30));
		assertThat(renewal.isDue(this.time.time())).isTrue();
	}

	@Test
	void timeThatTheMonotonicClockSleptThroughCounts() {
		Renewal renewal = drawn(0.5);
		this.time.step(Duration.ofMinutes(30));
		assertThat(renewal.isDue(this.time.time())).isTrue();
	}

	@Test
	void countsFromTheReceiptWhateverTheClockOfTheServer() {
		this.time.step(Duration.ofMinutes(20));
		Renewal renewal = drawn(0.5);
		assertThat(renewal.left(this.time.time())).isEqualTo(Duration.ofMinutes(30));
		assertThat(renewal.at()).isEqualTo(ManualTime.START.plus(Duration.ofMinutes(50)));
	}

	private Renewal drawn(double share) {
		this.time.draw(share);
		return Renewal.of(this.svid, 0.45, 0.55, this.time.time());
	}

}
