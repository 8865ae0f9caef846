package dev.psat.spire.wire.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GrpcStatus}.
 */
class GrpcStatusTests {

	@Test
	void headersWithoutACodeHoldNone() {
		assertThat(of("grpc-message", "alone")).isNull();
	}

	@Test
	void codeAloneIsAStatus() {
		GrpcStatus status = status("grpc-status", "13");
		assertThat(status.code()).isEqualTo(13);
		assertThat(status.message()).isEmpty();
		assertThat(status.details()).isEmpty();
		assertThat(status.isOk()).isFalse();
		assertThat(status("grpc-status", "0").isOk()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "plain, plain", "a%20b%3A, a b:", "%E2%82%AC, €", "%e2%82%ac, €", "100%, 100%", "%4, %4",
			"%zz%41, %zzA", "%4z, %4z", "%%41, %A" })
	void messageIsDecodedAndKeptWhereItCannotBe(String encoded, String message) {
		assertThat(status("grpc-status", "2", "grpc-message", encoded).message()).isEqualTo(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CAcSAXg", "CAcSAXg=" })
	void detailsMayBePadded(String encoded) {
		assertThat(status("grpc-status", "7", "grpc-status-details-bin", encoded).details()).containsExactly(8, 7, 18,
				1, 'x');
	}

	@Test
	void detailsThatCannotBeDecodedAreLeftOut() {
		assertThat(status("grpc-status", "7", "grpc-status-details-bin", "???").details()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "seven", "-1", "7.0", "99999999999" })
	void codeThatIsNoNumberIsNoAnswer(String code) {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> of("grpc-status", code))
			.withMessage("The status of the answer is not a number");
	}

	private static GrpcStatus status(String... namesAndValues) {
		return Objects.requireNonNull(of(namesAndValues));
	}

	private static @Nullable GrpcStatus of(String... namesAndValues) {
		Map<String, String> headers = new HashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			headers.put(namesAndValues[i], namesAndValues[i + 1]);
		}
		return GrpcStatus.of(headers::get, UnsupportedOperationException::new);
	}

}
