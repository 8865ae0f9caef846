package dev.psat.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a JSON object from an untrusted source.
 */
final class StrictJson {

	/** A real token has about 60 JSON tokens, three levels deep. */
	private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
		.maxNestingDepth(32)
		.maxTokenCount(4000)
		.build();

	private static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(CONSTRAINTS)
			.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.build())
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private StrictJson() {
	}

	static JsonNode object(byte[] json, String name) throws RejectedException {
		try {
			// as text, since Jackson would detect UTF-16 and UTF-32 in bytes
			String text = new String(json, StandardCharsets.UTF_8);
			boolean utf8 = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), json);
			if (utf8 && MAPPER.readTree(text) instanceof ObjectNode object) {
				return object;
			}
		}
		catch (JacksonException ex) {
			// its message must not be shown
		}
		throw TokenParser.malformed("has a %s that is not a JSON object".formatted(name));
	}

}
