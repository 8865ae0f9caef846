package dev.psat.spiffe.internal;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.psat.spiffe.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link JsonReader}.
 */
class JsonReaderTests {

	@Test
	void readsEveryKindOfValue() {
		assertThat(read("""
				{ "text": "a", "integer": 1, "number": 1.5, "yes": true, "no": false, "nothing": null,
				  "array": [ "a", [ ], { } ], "": { "a": { } } }
				""")).isEqualTo(Map.of("text", "a", "integer", 1L, "number", 1.5, "yes", true, "no", false, "nothing",
				JsonReader.NULL, "array", List.of("a", List.of(), Map.of()), "", Map.of("a", Map.of())));
	}

	@Test
	void readsEveryEscape() {
		assertThat(read("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\uD83D\\ude00\""))
			.isEqualTo("\"\\/\b\f\n\r\tA\u00e9\ud83d\ude00");
	}

	@Test
	void readsUnicode() {
		assertThat(read("\"\u00e9\u20ac\ud83d\ude00\u007f\ufffd\"")).isEqualTo("\u00e9\u20ac\ud83d\ude00\u007f\ufffd");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-0", "7", "-12", "9223372036854775807", "-9223372036854775808" })
	void integerOf64BitsIsExact(String number) {
		assertThat(read(number)).isEqualTo(Long.valueOf(number));
	}

	@ParameterizedTest
	@ValueSource(strings = { "9223372036854775808", "18446744073709551615" })
	void integerOf64BitsWithoutASignIsExact(String number) {
		assertThat(read(number)).isEqualTo(new BigInteger(number));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.0", "-0.5", "1e3", "1E+3", "12.5e-3", "18446744073709551616", "-9223372036854775809",
			"1e999" })
	void otherNumberIsADouble(String number) {
		assertThat(read(number)).isEqualTo(Double.valueOf(number));
	}

	@ParameterizedTest
	@ValueSource(strings = { " 1", "1 ", "\r\n\t[ 1 , 2 ] ", "{ \"a\" : 1 }" })
	void whiteSpaceIsIgnored(String json) {
		assertThat(read(json)).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "{", "}", "[", "]", "{}}", "[]]", "{} x", "1 2", "{\"a\"}", "{\"a\":}",
			"{\"a\":1,}", "{,}", "{\"a\":1 \"b\":2}", "{a:1}", "{1:1}", "{'a':1}", "{\"a\":1;}", "[1,]", "[,1]",
			"[1 2]", "[1", "{\"a\":1", "nul", "nulL", "True", "truex", "undefined", "NaN", "Infinity", "-Infinity",
			"01", "-", "-01", "+1", ".5", "1.", "1.e1", "1e", "1e+", "0x1", "1_000", "\u0661", "\"", "\"a", "'a'",
			"\"\\", "\"\\x\"", "\"\\u\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u+123\"", "\"\\U0041\"", "\"\n\"", "\"\t\"",
			"\"\0\"", "\0", "\ufeff{}", "\u00a01", "1\u000b", "// a\n1", "/* a */1", "\"\\ud800\"", "\"\\udc00\"",
			"\"\\ud800x\"", "\"\\udc00\\ud800\"", "{\"a\":1,\"a\":2}", "{\"a\":null,\"a\":null}",
			"{\"a\":1,\"\\u0061\":2}", "[{\"a\":{\"b\":1,\"b\":1}}]" })
	void whatIsNoJsonIsRefused(String json) {
		assertThatIllegalArgumentException().isThrownBy(() -> read(json)).withMessageStartingWith("the JSON has ");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "\u00e9", "\u00ff\u00fe", "\u00c0\u00a0", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080" })
	void whatIsNotUtf8IsRefused(String bytes) {
		byte[] json = "\"%s\"".formatted(bytes).getBytes(StandardCharsets.ISO_8859_1);
		assertThatIllegalArgumentException().isThrownBy(() -> JsonReader.read(json))
			.withMessage("the JSON is not UTF-8");
	}

	@Test
	void messageTellsTheProblemAndWhere() {
		assertThatIllegalArgumentException().isThrownBy(() -> read("{\"a\": 1 \"secret\"}"))
			.withMessage("the JSON has no '}' at character 8");
		assertThatIllegalArgumentException().isThrownBy(() -> read("{\"secret\": 1, \"secret\": 2}"))
			.withMessage("the JSON has a duplicate member at character 25");
	}

	@Test
	void thirtyTwoLevelsAreTheDeepest() {
		String deepest = "[{\"a\":".repeat(16) + "1" + "}]".repeat(16);
		assertThat(read(deepest)).isInstanceOf(List.class);
		assertThatIllegalArgumentException().isThrownBy(() -> read("[%s]".formatted(deepest)))
			.withMessageStartingWith("the JSON has more than 32 levels");
		assertThatIllegalArgumentException().isThrownBy(() -> read("[".repeat(500_000)));
	}

	@Test
	void manyShallowValuesAreNoDepth() {
		assertThat((List<?>) read("[%s1]".formatted("[],{\"a\":1},".repeat(100)))).hasSize(201);
	}

	@Test
	void oneMebibyteIsTheLargest() {
		String largest = " ".repeat(JsonReader.LARGEST - 1) + "1";
		assertThat(read(largest)).isEqualTo(1L);
		assertThatIllegalArgumentException().isThrownBy(() -> read(" " + largest))
			.withMessage("the JSON is larger than 1048576 bytes");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "-", "\"", "[1,", "{\"a\":", "1e1", "\\u0061", "\"\\u0061" })
	void largestTextOfOnePieceIsReadOrRefused(String piece) {
		try {
			assertThat(read(piece.repeat(JsonReader.LARGEST / piece.length()))).isInstanceOf(Double.class);
		}
		catch (IllegalArgumentException ex) {
			assertThat(ex).hasMessageStartingWith("the JSON has ");
		}
	}

	@Test
	void whateverIsReadIsAValueOrRefused() {
		Mutations.check("{\"keys\": [{\"use\": \"x509-svid\", \"a\\u0062\": [1, -2.5e3, true, null]}], \"n\": 7}",
				50_000, (text) -> assertThat(JsonReader.read(Mutations.bytes(text))).isNotNull());
	}

	private static Object read(String json) {
		return JsonReader.read(json.getBytes(StandardCharsets.UTF_8));
	}

}
