package dev.psat.spire.test;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;

/**
 * Reads base64 and JSON as go-jose does. It has JSON code of its own, which refuses a
 * member that an object has twice.
 */
final class GoJson {

	private static final JsonMapper json = JsonMapper.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private GoJson() {
	}

	/** Without padding, but perhaps with line breaks. */
	static byte[] base64(String text) {
		Assert.isTrue(text.indexOf('=') == -1, "illegal base64 data");
		try {
			return Base64.getUrlDecoder().decode(text.replace("\r", "").replace("\n", ""));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("illegal base64 data", ex);
		}
	}

	/** What is no UTF-8 is replaced, rather than refused. */
	static JsonNode object(byte[] content) {
		String text = new String(content, StandardCharsets.UTF_8);
		Assert.isTrue(!text.startsWith("\uFEFF"), "invalid character '\uFEFF' looking for beginning of value");
		JsonNode node = parse(text);
		Assert.isTrue(!node.isMissingNode(), "unexpected end of JSON input");
		Assert.isTrue(node.isObject() || node.isNull(), "json: cannot unmarshal into Go value");
		checkNumbers(node);
		return node;
	}

	private static JsonNode parse(String text) {
		try {
			return json.readTree(text);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("json: " + ex.getOriginalMessage(), ex);
		}
	}

	private static void checkNumbers(JsonNode node) {
		if (node.isNumber()) {
			number(node);
		}
		node.forEach(GoJson::checkNumbers);
	}

	static double number(JsonNode node) {
		Assert.isTrue(node.isNumber(), "json: expected number value");
		double number = Double.parseDouble(node.asString());
		Assert.isTrue(Double.isFinite(number), "json: cannot unmarshal number into Go value of type float64");
		return number;
	}

	static String text(JsonNode node) {
		Assert.isTrue(node.isString() || isAbsent(node), "json: cannot unmarshal into Go value of type string");
		return isAbsent(node) ? "" : node.asString();
	}

	static boolean isAbsent(JsonNode node) {
		return node.isMissingNode() || node.isNull();
	}

}
