package dev.psat.spire.wire.internal;

import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GrpcFrame}.
 */
class GrpcFrameTests {

	@Test
	void messageHasAPrefixOfFiveBytes() {
		assertThat(GrpcFrame.of(new byte[] { 40, 7 })).containsExactly(0, 0, 0, 0, 2, 40, 7);
	}

	@Test
	void messageIsTakenOutAgain() {
		assertThat(message("00000000022807")).containsExactly(40, 7);
		assertThat(message("0000000000")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "00", "00000000", "0100000001aa", "0000000001", "0000000001aabb", "00ffffffffaa",
			"0080000000", "0000000001aa0000000001aa" })
	void anythingElseIsNoAnswer(String hex) {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> message(hex))
			.withMessageStartingWith("The answer ");
	}

	private static byte[] message(String hex) {
		return GrpcFrame.message(HexFormat.of().parseHex(hex), UnsupportedOperationException::new);
	}

}
