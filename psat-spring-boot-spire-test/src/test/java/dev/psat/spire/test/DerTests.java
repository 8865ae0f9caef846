package dev.psat.spire.test;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Der} and {@link DerReader}.
 */
class DerTests {

	@ParameterizedTest
	@CsvSource({ "2.5.29.15,0603551d0f", "1.2.840.10045.4.3.2,06082a8648ce3d040302",
			"1.2.840.113549.1.1.11,06092a864886f70d01010b", "1.3.6.1.5.5.7.3.1,06082b06010505070301" })
	void objectIdentifier(String dotted, String encoded) {
		assertThat(hex(Der.oid(dotted))).isEqualTo(encoded);
	}

	@ParameterizedTest
	@CsvSource({ "0,020100", "127,02017f", "128,02020080", "256,02020100" })
	void integer(BigInteger value, String encoded) {
		assertThat(hex(Der.integer(value))).isEqualTo(encoded);
	}

	@ParameterizedTest
	@CsvSource({ "127,047f", "128,048180", "255,0481ff", "256,04820100", "65536,0483010000" })
	void lengthIsAsShortAsItCanBe(int length, String start) {
		byte[] element = Der.octetString(new byte[length]);
		assertThat(hex(element)).startsWith(start);
		assertThat(new DerReader(element).next(0x04).content()).hasSize(length);
	}

	@Test
	void timeIsGeneralizedFrom2050On() {
		assertThat(new String(Der.time(Instant.parse("2049-12-31T23:59:59Z")), 2, 13)).isEqualTo("491231235959Z");
		byte[] later = Der.time(Instant.parse("2050-01-01T00:00:00Z"));
		assertThat(later[0]).isEqualTo((byte) 0x18);
		assertThat(new String(later, 2, 15)).isEqualTo("20500101000000Z");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "30", "3080", "3085ffffffffff", "3001", "0400" })
	void malformedElementIsRefused(String encoded) {
		DerReader reader = new DerReader(HexFormat.of().parseHex(encoded));
		assertThatIllegalArgumentException().isThrownBy(() -> reader.next(Der.SEQUENCE));
	}

	private static String hex(byte[] encoded) {
		return HexFormat.of().formatHex(encoded);
	}

}
