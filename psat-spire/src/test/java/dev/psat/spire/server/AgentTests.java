package dev.psat.spire.server;

import java.time.Duration;

import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.internal.ManualTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Agent}.
 */
class AgentTests {

	private final X509Svid svid = new SvidMint().issue(TestEntry.ORDERS, ManualTime.START, Duration.ofHours(1));

	@ParameterizedTest
	@CsvSource({ "0, 0", "30000, 0", "-30000, 0", "31000, -31", "-31000, 31", "45900, -45", "-45900, 45",
			"86400000, -86400" })
	void clockSkewIsThatOfTheServerWhenItIsMoreThanHalfAMinute(long clockAheadMillis, long skewSeconds) {
		assertThat(Agent.clockSkew(this.svid, ManualTime.START.plusMillis(clockAheadMillis)))
			.isEqualTo(Duration.ofSeconds(skewSeconds));
	}

}
