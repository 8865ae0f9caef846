package dev.psat.spire.test;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The payload of {@code k8s_psat}. It is read like JSON in Go: members may be in any
 * order and names in any case, the last duplicate wins, and {@code null} is the empty
 * string; invalid UTF-8 is replaced, and a byte order mark is an error.
 */
record PsatPayload(String cluster, String token) {

	private static final JsonMapper json = new JsonMapper();

	static PsatPayload parse(byte[] payload) {
		JsonNode document = read(payload);
		if (document.isNull()) {
			return new PsatPayload("", "");
		}
		if (!document.isObject()) {
			throw malformed(
					"json: cannot unmarshal " + goType(document) + " into Go value of type k8s.PSATAttestationData");
		}
		return new PsatPayload(text(document, "cluster"), text(document, "token"));
	}

	private static JsonNode read(byte[] payload) {
		try {
			JsonNode document = json.readTree(new String(payload, StandardCharsets.UTF_8));
			if (!document.isMissingNode()) {
				return document;
			}
		}
		catch (UnexpectedEndOfInputException ex) {
			// like an empty document
		}
		catch (JacksonException ex) {
			throw malformed("invalid character looking for beginning of value");
		}
		// transcript denied-broken-payload-attest
		throw malformed("unexpected end of JSON input");
	}

	private static String text(JsonNode document, String name) {
		String text = "";
		for (Map.Entry<String, JsonNode> member : document.properties()) {
			if (member.getKey().equalsIgnoreCase(name)) {
				text = text(member.getValue(), name, text);
			}
		}
		return text;
	}

	private static String text(JsonNode value, String name, String previous) {
		if (value.isNull()) {
			return previous;
		}
		@Nullable String text = value.isString() ? value.asString() : null;
		if (text == null) {
			throw malformed("json: cannot unmarshal " + goType(value) + " into Go struct field PSATAttestationData."
					+ name + " of type string");
		}
		return text;
	}

	private static String goType(JsonNode value) {
		return switch (value.getNodeType()) {
			case ARRAY -> "array";
			case BOOLEAN -> "bool";
			case NUMBER -> "number";
			case STRING -> "string";
			default -> "object";
		};
	}

	private static RuntimeException malformed(String cause) {
		return Statuses.of(Status.Code.INVALID_ARGUMENT,
				"nodeattestor(k8s_psat): failed to unmarshal data payload: " + cause);
	}

	@Override
	public String toString() {
		return "PsatPayload[" + this.cluster + "]";
	}

}
