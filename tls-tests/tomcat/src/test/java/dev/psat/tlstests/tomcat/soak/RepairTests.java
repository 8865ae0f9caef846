package dev.psat.tlstests.tomcat.soak;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.support.Matrix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Repair}.
 */
@Matrix
class RepairTests {

	private static final long GENERATION = 3;

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().build();

	private final Repair repair = new Repair(this.server, new Authorities(this.server), (offset) -> {
	}, "soak");

	private final Sight sight = new Sight(SpireState.READY, GENERATION + 1, 1, Duration.ZERO, Duration.ZERO, true,
			false);

	@Test
	void applicationWithAnotherSvidIsWell() {
		assertThat(isWell((sight) -> sight)).isTrue();
	}

	@Test
	void applicationWithTheSvidOfBeforeIsNotWell() {
		assertThat(isWell((sight) -> sight.generation(GENERATION))).isFalse();
	}

	@Test
	void applicationThatIsNotReadyIsNotWell() {
		assertThat(isWell((sight) -> sight.state(SpireState.RENEWAL_FAILING))).isFalse();
	}

	@Test
	void applicationWithAnErrorIsNotWell() {
		assertThat(isWell(Sight::withError)).isFalse();
	}

	@Test
	void applicationWithoutAnAgentIsNotWell() {
		assertThat(isWell(Sight::withoutAgent)).isFalse();
	}

	@Test
	void applicationWithAnotherTrustBundleIsNotWell() {
		this.server.authority().prepare();
		assertThat(isWell((sight) -> sight)).isFalse();
		assertThat(isWell((sight) -> sight.sequenceNumber(2))).isTrue();
	}

	@Test
	void applicationThatSeesAClockOffIsNotWell() {
		assertThat(isWell((sight) -> sight.clockSkew(Duration.ofSeconds(60)))).isFalse();
	}

	@Test
	void applicationWithAnSvidByAClockAheadIsNotWell() {
		assertThat(isWell((sight) -> sight.ahead(Duration.ofSeconds(60)))).isFalse();
	}

	@Test
	void setsTheSequenceNumberBackAndForth() {
		this.server.authority().prepare();
		this.repair.setBackSequenceNumber();
		assertThat(this.server.trustBundle().sequenceNumber()).isEqualTo(1);
		this.repair.mend(List.of());
		assertThat(this.server.trustBundle().sequenceNumber()).isEqualTo(2);
	}

	private boolean isWell(UnaryOperator<Sight> change) {
		return this.repair.isWell(change.apply(this.sight).status(), GENERATION);
	}

	/**
	 * What an application shows.
	 */
	private record Sight(SpireState state, long generation, long sequenceNumber, Duration clockSkew, Duration ahead,
			boolean agent, boolean error) {

		Sight state(SpireState state) {
			return new Sight(state, this.generation, this.sequenceNumber, this.clockSkew, this.ahead, this.agent,
					this.error);
		}

		Sight generation(long generation) {
			return new Sight(this.state, generation, this.sequenceNumber, this.clockSkew, this.ahead, this.agent,
					this.error);
		}

		Sight sequenceNumber(long sequenceNumber) {
			return new Sight(this.state, this.generation, sequenceNumber, this.clockSkew, this.ahead, this.agent,
					this.error);
		}

		Sight clockSkew(Duration clockSkew) {
			return new Sight(this.state, this.generation, this.sequenceNumber, clockSkew, this.ahead, this.agent,
					this.error);
		}

		Sight ahead(Duration ahead) {
			return new Sight(this.state, this.generation, this.sequenceNumber, this.clockSkew, ahead, this.agent,
					this.error);
		}

		Sight withoutAgent() {
			return new Sight(this.state, this.generation, this.sequenceNumber, this.clockSkew, this.ahead, false,
					this.error);
		}

		Sight withError() {
			return new Sight(this.state, this.generation, this.sequenceNumber, this.clockSkew, this.ahead, this.agent,
					true);
		}

		SpireStatus status() {
			Instant now = Instant.now();
			Instant issuedAt = now.plus(this.ahead);
			SpireStatus.Svid svid = SpireStatus.Svid
				.builder(SpiffeId.parse("spiffe://example.org/orders"), BigInteger.ONE, this.generation, issuedAt,
						issuedAt.plus(SoakWorld.SVID_LIFE))
				.renewalDueAt(now.plusSeconds(15))
				.build();
			SpireStatus.@Nullable LastError lastError = this.error
					? SpireStatus.LastError.builder("UNREACHABLE", now, "message", "advice").build() : null;
			return SpireStatus.builder(this.state)
				.agentExpiresAt(this.agent ? now.plusSeconds(60) : null)
				.candidates(1)
				.svid(svid)
				.trustBundle(
						SpireStatus.Bundle.builder(1, 1).sequenceNumber(this.sequenceNumber).refreshedAt(now).build())
				.clockSkew(this.clockSkew)
				.lastError(lastError)
				.build();
		}

	}

}
