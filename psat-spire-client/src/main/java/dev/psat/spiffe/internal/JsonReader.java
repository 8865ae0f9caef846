package dev.psat.spiffe.internal;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads untrusted JSON (RFC 8259), strictly and with limits. A 64-bit integer becomes a
 * {@link Long}, or a {@link BigInteger} if it needs all bits without a sign, any other
 * number a {@link Double}, and {@code null} {@link #NULL}. Exceptions never quote the
 * text.
 */
public final class JsonReader {

	public static final Object NULL = new Object();

	static final int LARGEST = 1024 * 1024;

	static final int DEEPEST = 32;

	private static final char END = '\0';

	private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*+)(\\.[0-9]++)?([eE][-+]?[0-9]++)?");

	private final String text;

	private int position;

	private int depth;

	private JsonReader(String text) {
		this.text = text;
	}

	public static Object read(byte[] json) {
		if (json.length > LARGEST) {
			throw new IllegalArgumentException("the JSON is larger than %d bytes".formatted(LARGEST));
		}
		JsonReader reader = new JsonReader(decode(json));
		Object value = reader.value();
		reader.skipWhiteSpace();
		if (reader.position != reader.text.length()) {
			throw reader.malformed("trailing content");
		}
		return value;
	}

	private static String decode(byte[] json) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException("the JSON is not UTF-8", ex);
		}
	}

	private Object value() {
		skipWhiteSpace();
		return switch (peek()) {
			case '{' -> object();
			case '[' -> array();
			case '"' -> string();
			case 't' -> literal("true", true);
			case 'f' -> literal("false", false);
			case 'n' -> literal("null", NULL);
			default -> number();
		};
	}

	private Map<String, Object> object() {
		Map<String, Object> members = new LinkedHashMap<>();
		enter();
		if (!taken('}')) {
			do {
				skipWhiteSpace();
				String name = string();
				require(':');
				if (members.put(name, value()) != null) {
					throw malformed("a duplicate member");
				}
			}
			while (taken(','));
			require('}');
		}
		this.depth--;
		return members;
	}

	private List<Object> array() {
		List<Object> elements = new ArrayList<>();
		enter();
		if (!taken(']')) {
			do {
				elements.add(value());
			}
			while (taken(','));
			require(']');
		}
		this.depth--;
		return elements;
	}

	private void enter() {
		this.position++;
		this.depth++;
		if (this.depth > DEEPEST) {
			throw malformed("more than %d levels".formatted(DEEPEST));
		}
	}

	private String string() {
		require('"');
		StringBuilder string = new StringBuilder();
		for (char next = take(); next != '"'; next = take()) {
			string.append((next == '\\') ? escaped() : next);
		}
		if (!StandardCharsets.UTF_8.newEncoder().canEncode(string)) {
			throw malformed("an unpaired surrogate");
		}
		return string.toString();
	}

	private char escaped() {
		char next = take();
		return switch (next) {
			case '"', '\\', '/' -> next;
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			case 'u' -> unicode();
			default -> throw malformed("an unknown escape");
		};
	}

	private char unicode() {
		int start = this.position;
		for (int i = 0; i < 4; i++) {
			if (!HexFormat.isHexDigit(take())) {
				throw malformed("an unknown escape");
			}
		}
		return (char) HexFormat.fromHexDigits(this.text, start, this.position);
	}

	private Object literal(String literal, Object value) {
		if (!this.text.startsWith(literal, this.position)) {
			throw malformed("no value");
		}
		this.position += literal.length();
		return value;
	}

	private Object number() {
		Matcher matcher = NUMBER.matcher(this.text).region(this.position, this.text.length());
		if (!matcher.lookingAt()) {
			throw malformed("no value");
		}
		this.position = matcher.end();
		if (matcher.group(1) == null && matcher.group(2) == null) {
			try {
				return Long.valueOf(matcher.group());
			}
			catch (NumberFormatException ex) {
				// more than 63 bits
			}
			try {
				return new BigInteger(Long.toUnsignedString(Long.parseUnsignedLong(matcher.group())));
			}
			catch (NumberFormatException ex) {
				// more than 64 bits
			}
		}
		return Double.valueOf(matcher.group());
	}

	private boolean taken(char expected) {
		skipWhiteSpace();
		if (peek() != expected) {
			return false;
		}
		this.position++;
		return true;
	}

	private void require(char expected) {
		if (!taken(expected)) {
			throw malformed("no '%c'".formatted(expected));
		}
	}

	private char take() {
		char next = peek();
		if (next < ' ') {
			throw malformed("an unterminated string");
		}
		this.position++;
		return next;
	}

	private char peek() {
		return (this.position < this.text.length()) ? this.text.charAt(this.position) : END;
	}

	private void skipWhiteSpace() {
		while (" \t\n\r".indexOf(peek()) != -1) {
			this.position++;
		}
	}

	private IllegalArgumentException malformed(String problem) {
		return new IllegalArgumentException("the JSON has %s at character %d".formatted(problem, this.position));
	}

}
