package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.support.HangingLog;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.HandshakeOutcome;
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
 * Tests for {@link DryRunPolicy} and {@link PeerReport.DryRunReport}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DryRunTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final String GUEST = "spiffe://example.org/guest";

	private static final String TOLD = "on a dry run";

	private final MutableClock clock = new MutableClock(Instant.parse("2026-11-25T10:00:00Z"));

	private final List<Runnable> told = new CopyOnWriteArrayList<>();

	private final PeerReport.DryRunReport report = new PeerReport.DryRunReport(this.clock, this.told::add);

	@ParameterizedTest
	@EnumSource
	void peerIsLetInCountedInAdditionAndToldOnce(Direction direction, CapturedOutput output) throws Exception {
		OnDryRun policy = new OnDryRun();
		PeerPolicies anybody = PeerPolicies.of((peer) -> true);
		PeerPolicies dry = new PeerPolicies((direction == Direction.INBOUND) ? policy : anybody.inbound(),
				(direction == Direction.OUTBOUND) ? policy : anybody.outbound());
		SvidTls ours = tls("spiffe://example.org/bank", dry);
		HandshakeCounts counts = ours.tls().counts();
		for (String peer : new String[] { GUEST, GUEST, "spiffe://example.org/listed" }) {
			SvidTls theirs = tls(peer, anybody);
			SvidTls client = (direction == Direction.INBOUND) ? theirs : ours;
			SvidTls server = (direction == Direction.INBOUND) ? ours : theirs;
			EngineHandshake.begin(client.tls().context(), server.tls().context(), "TLSv1.3").end();
		}
		assertThat(counts.count(direction, HandshakeOutcome.ACCEPTED)).isEqualTo(3);
		assertThat(counts.unlisted(direction)).isEqualTo(2);
		for (Direction other : Direction.values()) {
			assertThat(counts.count(other, HandshakeOutcome.UNAUTHORIZED)).isZero();
		}
		assertThat(counts.unlisted((direction == Direction.INBOUND) ? Direction.OUTBOUND : Direction.INBOUND)).isZero();
		Registry.awaiting()
			.untilAsserted(() -> assertThat(output).containsOnlyOnce("%s on a dry run: The peer %s is not on the list"
				.formatted((direction == Direction.INBOUND) ? "A client was let in" : "A server was called", GUEST)));
	}

	@Test
	void logThatHangsHoldsUpNeitherTheHandshakeNorAnyEnd() throws Exception {
		MutableIdentity bank = MutableIdentity.of(ROOT, "spiffe://example.org/bank");
		SvidTls server = SvidTls.of(bank, new PeerPolicies(new OnDryRun(), new OnDryRun()), TlsOptions.NONE,
				Time.ofSystem());
		SvidTls guest = tls("spiffe://example.org/hanging", PeerPolicies.of((peer) -> true));
		try (HangingLog log = new HangingLog("dev.psat.spire.tls.SvidTls", TOLD)) {
			EngineHandshake held = EngineHandshake.begin(guest.tls().context(), server.tls().context(), "TLSv1.3")
				.end();
			log.awaitHanging();
			assertThat(server.tls().connections().open(Direction.INBOUND)).isOne();
			bank.trust(new SvidMint("another").bundle());
			Registry.awaiting()
				.until(() -> server.tls().connections().ended(Direction.INBOUND, EndCause.UNTRUSTED) == 1);
			assertThat(held.server().isInboundDone()).isTrue();
		}
	}

	@Test
	void hundredStrangersAMinuteAreToldAndNoneTwiceUntilThereAreTooMany() {
		come(0, 100);
		this.clock.advance(Duration.ofMinutes(2));
		come(0, 150);
		assertThat(this.told).hasSize(150);
		for (int minute = 2; minute < 10; minute++) {
			this.clock.advance(Duration.ofMinutes(2));
			come(0, minute * 100);
		}
		assertThat(this.told).hasSize(900);
		this.clock.advance(Duration.ofDays(1));
		come(0, 900);
		assertThat(this.told).hasSize(900);
	}

	@Test
	void strangersWithNamesOfTheirOwnAreNotKept() {
		String name = "x".repeat(1500);
		for (int round = 0; round < 100; round++) {
			IntStream.range(round * 100, (round + 1) * 100)
				.forEach((i) -> this.report.unlisted(Direction.INBOUND,
						SpiffeId.parse("spiffe://example.org/%s/%d".formatted(name, i)), "is unknown"));
			this.clock.advance(Duration.ofMinutes(2));
		}
		assertThat(this.report.count(Direction.INBOUND)).isEqualTo(10_000);
		assertThat(this.told).hasSize(10_000);
		assertThat(this.report.remembered()).isEqualTo(1_000);
	}

	private void come(int from, int to) {
		IntStream.range(from, to)
			.forEach((i) -> this.report.unlisted(Direction.OUTBOUND, SpiffeId.parse("spiffe://example.org/" + i),
					"is unknown"));
	}

	private static SvidTls tls(String id, PeerPolicies policies) {
		return SvidTls.of(MutableIdentity.of(ROOT, id), policies, TlsOptions.NONE, Time.ofSystem());
	}

	private static final class OnDryRun implements DryRunPolicy {

		@Override
		public @Nullable String refusal(SpiffeId peer) {
			return null;
		}

		@Override
		public @Nullable String reservation(SpiffeId peer) {
			return peer.path().equals("/listed") ? null : "is not on the list";
		}

	}

}
