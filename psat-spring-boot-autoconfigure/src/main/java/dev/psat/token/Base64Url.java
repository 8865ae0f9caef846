package dev.psat.token;

import java.util.Base64;

/**
 * Strict base64url without padding (RFC 7515, section 2).
 */
final class Base64Url {

	private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	private Base64Url() {
	}

	static byte[] decode(String part, String name) throws RejectedException {
		if (part.isEmpty()) {
			throw TokenParser.malformed("has an empty " + name);
		}
		if (hasSpareBits(part)) {
			throw TokenParser.malformed("has a %s that is not base64url".formatted(name));
		}
		try {
			return Base64.getUrlDecoder().decode(part);
		}
		catch (IllegalArgumentException ex) {
			throw TokenParser.malformed("has a %s that is not base64url".formatted(name));
		}
	}

	/**
	 * The JDK's decoder ignores the spare bits of the last character, so that several
	 * texts decode to the same bytes.
	 */
	private static boolean hasSpareBits(String part) {
		int last = ALPHABET.indexOf(part.charAt(part.length() - 1));
		return switch (part.length() % 4) {
			case 2 -> (last & 0b1111) != 0;
			case 3 -> (last & 0b11) != 0;
			default -> false;
		};
	}

}
