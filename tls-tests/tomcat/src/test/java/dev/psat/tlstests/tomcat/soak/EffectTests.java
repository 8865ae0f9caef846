package dev.psat.tlstests.tomcat.soak;

import java.time.Instant;

import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SpireStatus.LastError;
import dev.psat.support.Matrix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Effect}.
 */
@Matrix
class EffectTests {

	@Test
	void nothingWrongIsReadyWithoutAnError() {
		assertThat(Effect.NONE.contradiction(status(SpireState.READY, null))).isNull();
	}

	@Test
	void otherStateIsAContradiction() {
		assertThat(Effect.NONE.contradiction(status(SpireState.RENEWAL_FAILING, null))).contains("RENEWAL_FAILING");
	}

	@Test
	void errorIsAContradiction() {
		assertThat(Effect.NONE.contradiction(status(SpireState.READY, "UNREACHABLE"))).contains("UNREACHABLE");
	}

	@Test
	void failingMayShowItsReasonsAndNoOther() {
		Effect effect = Effect.failing("UNREACHABLE", "TIMED_OUT");
		assertThat(effect.contradiction(status(SpireState.READY, "UNREACHABLE"))).isNull();
		assertThat(effect.contradiction(status(SpireState.RENEWAL_FAILING, "TIMED_OUT"))).isNull();
		assertThat(effect.contradiction(status(SpireState.READY, "AGENT_BANNED"))).contains("AGENT_BANNED");
		assertThat(effect.contradiction(status(SpireState.EXPIRED, "UNREACHABLE"))).contains("EXPIRED");
	}

	@Test
	void furtherStatesAreNoContradiction() {
		Effect effect = Effect.failing("UNREACHABLE").or(SpireState.EXPIRED);
		assertThat(effect.contradiction(status(SpireState.EXPIRED, "UNREACHABLE"))).isNull();
		assertThat(effect.contradiction(status(SpireState.BANNED, "UNREACHABLE"))).contains("BANNED");
	}

	private static SpireStatus status(SpireState state, @Nullable String reason) {
		LastError error = (reason != null) ? LastError.builder(reason, Instant.EPOCH, "message", "advice").build()
				: null;
		return SpireStatus.builder(state).lastError(error).build();
	}

}
