package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.support.MutableClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link PeerReport} says of connections that were ended.
 */
@ExtendWith(OutputCaptureExtension.class)
class PeerReportTests {

	private static final SpiffeId BANK = SpiffeId.parse("spiffe://example.org/bank");

	private static final SpiffeId MAILER = SpiffeId.parse("spiffe://example.org/mailer");

	private final MutableClock clock = new MutableClock(Instant.parse("2026-11-25T10:00:00Z"));

	private final PeerReport report = new PeerReport(this.clock, Runnable::run);

	@ParameterizedTest
	@EnumSource(names = "UNAUTHORIZED", mode = EnumSource.Mode.EXCLUDE)
	void endIsToldOncePerMinuteAndCause(EndCause cause, CapturedOutput output) {
		for (int i = 0; i < 100; i++) {
			end(Direction.OUTBOUND, cause, SpiffeId.parse("spiffe://example.org/" + i));
		}
		assertThat(lines(output)).singleElement()
			.asString()
			.contains("WARN", "The connection to a server was ended: It has " + cause);
		this.clock.advance(Duration.ofMinutes(1));
		end(Direction.OUTBOUND, cause, BANK);
		assertThat(lines(output)).hasSize(2);
		assertThat(this.report.ended(Direction.OUTBOUND, cause)).isEqualTo(101);
		assertThat(this.report.ended(Direction.INBOUND, cause)).isZero();
	}

	@Test
	void causesAndDirectionsHideNothingOfEachOther(CapturedOutput output) {
		for (Direction direction : Direction.values()) {
			for (EndCause cause : EndCause.values()) {
				end(direction, cause, BANK);
				end(direction, cause, BANK);
			}
		}
		assertThat(lines(output)).hasSize(8);
		assertThat(lines(output)).filteredOn((line) -> line.contains("The connection of a client was ended: "))
			.hasSize(4);
	}

	@Test
	void endOfEachPeerThatIsNoLongerAuthorizedIsTold(CapturedOutput output) {
		end(Direction.INBOUND, EndCause.UNAUTHORIZED, BANK);
		end(Direction.INBOUND, EndCause.UNAUTHORIZED, BANK);
		end(Direction.INBOUND, EndCause.UNAUTHORIZED, MAILER);
		assertThat(lines(output)).hasSize(2).allMatch((line) -> line.contains("WARN"));
	}

	@Test
	void clientWhoseTimeIsUpIsNothingToWorryAbout(CapturedOutput output) {
		end(Direction.INBOUND, EndCause.EXPIRED, BANK);
		assertThat(lines(output)).singleElement().asString().contains("INFO").doesNotContain("WARN");
	}

	@Test
	void connectionThatWasDueIsNothingToWorryAboutAndHidesNoneThatWasNot(CapturedOutput output) {
		for (int i = 0; i < 100; i++) {
			end(Direction.OUTBOUND, EndCause.EXPIRED, BANK, true);
			end(Direction.OUTBOUND, EndCause.EXPIRED, BANK, false);
		}
		assertThat(lines(output)).satisfiesExactly((due) -> assertThat(due).contains("INFO"),
				(other) -> assertThat(other).contains("WARN"));
	}

	@ParameterizedTest
	@EnumSource(names = "EXPIRED", mode = EnumSource.Mode.EXCLUDE)
	void whatElseEndsAConnectionThatWasDueIsWorthAWarning(EndCause cause, CapturedOutput output) {
		end(Direction.OUTBOUND, cause, BANK, true);
		assertThat(lines(output)).singleElement().asString().contains("WARN");
	}

	@Test
	void serverWithAClassicCertificateHasNoName(CapturedOutput output) {
		end(Direction.OUTBOUND, EndCause.IDENTITY, null);
		assertThat(lines(output)).singleElement().asString().contains("The connection to a server was ended");
	}

	private void end(Direction direction, EndCause cause, @Nullable SpiffeId peer) {
		end(direction, cause, peer, false);
	}

	private void end(Direction direction, EndCause cause, @Nullable SpiffeId peer, boolean due) {
		this.report.ended(direction, new ConnectionJudge.Verdict(cause, "It has " + cause), peer, due);
	}

	private static List<String> lines(CapturedOutput output) {
		return output.getAll().lines().filter((line) -> line.contains("ended: ")).toList();
	}

}
