package dev.psat.spire.wire.internal;

import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Message} and {@link MessageWriter}.
 */
class MessageTests {

	@Test
	void absentFieldHasTheDefaultOfProto3() {
		Message message = message("");
		assertThat(message.has(1)).isFalse();
		assertThat(message.number(1)).isZero();
		assertThat(message.flag(1)).isFalse();
		assertThat(message.bytes(1)).isEmpty();
		assertThat(message.all(1)).isEmpty();
		assertThat(message.text(1)).isEmpty();
		assertThat(message.texts(1)).isEmpty();
		assertThat(message.messages(1)).isEmpty();
		assertThat(message.message(1).message(1).number(1)).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "0805, 5", "08ac02, 300", "08ffffffffffffffffff01, -1", "08808080808001, 34359738368",
			"0880808080808080808001, -9223372036854775808", "08050807, 7", "088000, 0",
			"08ffffffffffffffffff00, 9223372036854775807" })
	void numberIsRead(String hex, long number) {
		assertThat(message(hex).number(1)).isEqualTo(number);
	}

	@Test
	void flagIsAnyNumberButZero() {
		assertThat(message("0801").flag(1)).isTrue();
		assertThat(message("0880808080808001").flag(1)).isTrue();
		assertThat(message("08010800").flag(1)).isFalse();
	}

	@Test
	void lastOfSeveralCountsWhereOneIsWanted() {
		Message message = message("0a01610a00120208010a0162");
		assertThat(message.text(1)).isEqualTo("b");
		assertThat(message.bytes(1)).containsExactly('b');
		assertThat(message.texts(1)).containsExactly("a", "", "b");
		assertThat(message.all(1)).containsExactly(new byte[] { 'a' }, new byte[0], new byte[] { 'b' });
	}

	@Test
	void messageThatOccursTwiceHasTheFieldsOfBoth() {
		Message merged = message("0a0708011203616263" + "0a0408021a00").message(1);
		assertThat(merged.number(1)).isEqualTo(2);
		assertThat(merged.text(2)).isEqualTo("abc");
		assertThat(merged.has(3)).isTrue();
		assertThat(message("0a0708011203616263" + "0a0408021a00").messages(1)).hasSize(2);
	}

	@Test
	void fieldOfAnotherNumberOrWireTypeIsSkipped() {
		// a fixed64 and a fixed32 of field 1, a text of field 2, and a varint of field
		// 300
		Message message = message("090102030405060708" + "0d01020304" + "120161" + "e01205");
		assertThat(message.number(1)).isZero();
		assertThat(message.has(1)).isFalse();
		assertThat(message.number(2)).isZero();
		assertThat(message.text(2)).isEqualTo("a");
		assertThat(message.number(300)).isEqualTo(5);
	}

	@ParameterizedTest
	@ValueSource(strings = { "08", "0880", "0a", "0a02", "0a0261", "09", "0901020304050607", "0d010203", "0affffffff0f",
			"0a8080808008", "00", "0001", "80", "0b0c", "0c", "0e", "0f", "08ffffffffffffffffffff01", "0800ff" })
	void malformedMessageIsRefused(String hex) {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> message(hex))
			.withMessage(null)
			.withNoCause();
	}

	@Test
	void malformedMessageWithinAnotherIsRefusedWhenItIsAskedFor() {
		Message message = message("0a01080a0100");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> message.message(1));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> message.messages(1));
		assertThat(message.bytes(1)).containsExactly(0);
	}

	/**
	 * A lone continuation, an encoding that is too long, a surrogate, and one that ends
	 * too early.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "0a0180", "0a02c080", "0a03eda080", "0a02e282", "0a01800a0161" })
	void textThatIsNotUtf8IsRefused(String hex) {
		Message message = message(hex);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> message.text(1)).withNoCause();
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> message.texts(1));
		assertThat(message.bytes(1)).isNotEmpty();
	}

	/**
	 * Two nested messages, neither of which is well-formed, although one after the other
	 * they would be.
	 */
	@Test
	void brokenPartsOfANestedMessageMakeNoWhole() {
		Message message = message("0a020a02" + "0a026161");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> message.message(1));
	}

	@Test
	void textOfAMessageHoldsNothingOfIt() {
		assertThat(message("0a06736563726574").toString()).doesNotContain("secret").doesNotContain("736563726574");
	}

	@Test
	void defaultIsNotWrittenUnlessItIsAnElement() {
		byte[] bytes = new MessageWriter().flag(1, false)
			.bytes(2, new byte[0])
			.text(3, "")
			.texts(4, List.of("", "a"))
			.message(5, new MessageWriter())
			.toByteArray();
		assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("2200" + "220161" + "2a00");
	}

	@Test
	void numbersAndLengthsOfSeveralBytesAreWritten() {
		byte[] bytes = new MessageWriter().flag(16, true).bytes(300, new byte[200]).toByteArray();
		assertThat(HexFormat.of().formatHex(bytes, 0, 7)).isEqualTo("800101" + "e212c801");
		assertThat(new Message(bytes, UnsupportedOperationException::new).flag(16)).isTrue();
		assertThat(new Message(bytes, UnsupportedOperationException::new).bytes(300)).hasSize(200);
	}

	private static Message message(String hex) {
		return new Message(HexFormat.of().parseHex(hex), UnsupportedOperationException::new);
	}

}
