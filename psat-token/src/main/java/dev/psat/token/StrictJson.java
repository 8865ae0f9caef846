package dev.psat.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.JsonTokenId;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a JSON object from an untrusted source.
 * <p>
 * A mapper would do the same, but its search for a deserializer would take most of the
 * first look, which delays the start of an application.
 */
final class StrictJson {

	/** A real token has about 60 JSON tokens, three levels deep. */
	private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
		.maxNestingDepth(32)
		.maxTokenCount(4000)
		.build();

	private static final JsonFactory PARSERS = JsonFactory.builder()
		.streamReadConstraints(CONSTRAINTS)
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.build();

	private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

	private StrictJson() {
	}

	static JsonNode object(byte[] json, String name) throws RejectedException {
		// as text, since Jackson would detect UTF-16 and UTF-32 in bytes
		String text = new String(json, StandardCharsets.UTF_8);
		boolean utf8 = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), json);
		try (JsonParser parser = PARSERS.createParser(ObjectReadContext.empty(), text)) {
			if (utf8 && parser.nextToken() == JsonToken.START_OBJECT) {
				ObjectNode object = object(parser);
				if (parser.nextToken() == null) {
					return object;
				}
			}
		}
		catch (JacksonException ex) {
			// its message must not be shown
		}
		throw TokenParser.malformed("has a %s that is not a JSON object".formatted(name));
	}

	private static ObjectNode object(JsonParser parser) {
		ObjectNode object = NODES.objectNode();
		for (String name = parser.nextName(); name != null; name = parser.nextName()) {
			parser.nextToken();
			object.set(name, value(parser));
		}
		return object;
	}

	private static ArrayNode array(JsonParser parser) {
		ArrayNode array = NODES.arrayNode();
		while (parser.nextToken() != JsonToken.END_ARRAY) {
			array.add(value(parser));
		}
		return array;
	}

	private static JsonNode value(JsonParser parser) {
		return switch (parser.currentTokenId()) {
			case JsonTokenId.ID_START_OBJECT -> object(parser);
			case JsonTokenId.ID_START_ARRAY -> array(parser);
			case JsonTokenId.ID_STRING -> NODES.stringNode(parser.getString());
			case JsonTokenId.ID_NUMBER_INT, JsonTokenId.ID_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
			case JsonTokenId.ID_TRUE, JsonTokenId.ID_FALSE -> NODES.booleanNode(parser.getBooleanValue());
			default -> NODES.nullNode();
		};
	}

}
