package dev.psat.spire.client;

import java.net.http.HttpHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
		assertThat(GrpcStatus.of(headers("grpc-message", "alone"))).isNull();
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
		assertThatExceptionOfType(SpireException.class).isThrownBy(() -> GrpcStatus.of(headers("grpc-status", code)))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.PROTOCOL_ERROR));
	}

	private static GrpcStatus status(String... namesAndValues) {
		return Objects.requireNonNull(GrpcStatus.of(headers(namesAndValues)));
	}

	private static HttpHeaders headers(String... namesAndValues) {
		Map<String, List<String>> headers = new HashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
		}
		return HttpHeaders.of(headers, (name, value) -> true);
	}

}
