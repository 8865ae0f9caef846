package dev.psat.spiffe.internal;

import java.math.BigInteger;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Der}.
 */
class DerTests {

	private static final HexFormat HEX = HexFormat.of();

	@ParameterizedTest
	@CsvSource({ "2.5.4.6, 0603550406", "1.2.840.113549.1.1.11, 06092a864886f70d01010b", "1.3.132.0.34, 06052b81040022",
			"1.3.101.112, 06032b6570", "1.2.127, 06022a7f", "1.2.128, 06032a8100", "1.2.16383, 06032aff7f",
			"1.2.16384, 06042a818000", "1.2.2147483647, 06062a87ffffff7f" })
	void objectIdentifier(String identifier, String der) {
		assertThat(HEX.formatHex(Der.objectIdentifier(identifier))).isEqualTo(der);
	}

	@ParameterizedTest
	@CsvSource({ "0, 020100", "127, 02017f", "128, 02020080", "256, 02020100", "-1, 0201ff" })
	void integer(BigInteger integer, String der) {
		assertThat(HEX.formatHex(Der.integer(integer))).isEqualTo(der);
	}

	@ParameterizedTest
	@CsvSource({ "0, 3000", "1, 3001", "127, 307f", "128, 308180", "255, 3081ff", "256, 30820100", "65535, 3082ffff",
			"65536, 3083010000" })
	void lengthHasTheShortestForm(int length, String header) {
		byte[] der = Der.sequence(new byte[length]);
		assertThat(HEX.formatHex(der, 0, der.length - length)).isEqualTo(header);
	}

	@ParameterizedTest
	@CsvSource({ "30800000, 'an element has an indefinite length, as none of DER has'",
			"30, an element of DER is cut off", "3001, an element of DER is cut off",
			"308101, an element of DER is cut off", "308400000000, an element of DER is cut off",
			"30ff, an element of DER is cut off" })
	void elementWithoutALengthIsNone(String der, String problem) {
		assertThatIllegalArgumentException().isThrownBy(() -> Der.length(HEX.parseHex(der), 0)).withMessage(problem);
	}

	@Test
	void stringsAndConstructedElements() {
		assertThat(
				HEX.formatHex(Der.set(Der.printableString("US"), Der.bitString(new byte[] { 7 }), Der.element(0x05))))
			.isEqualTo("310a13025553" + "03020007" + "0500");
	}

	@Test
	void elementsAreNotReadFurtherThanOneTooMany() {
		byte[] four = { 0x30, 0, 0x30, 1, 0, 0x30, 0, 0x30, 0 };
		assertThat(Der.elements(four, 10)).hasSize(4);
		assertThat(Der.elements(four, 4)).hasSize(4);
		assertThat(Der.elements(four, 3)).hasSize(4);
		assertThat(Der.elements(four, 2)).hasSize(3);
		assertThat(Der.elements(new byte[0], 10)).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> Der.elements(new byte[] { 0x30, 1 }, 10));
	}

}
