package dev.psat.benchmarks.notice;

import java.nio.charset.StandardCharsets;

/**
 * The content of a file.
 *
 * @param text its text, in ASCII
 * @param name the name by which to recognize it when it has been read
 */
record Content(String text, String name) {

	static Content token(String token) {
		return new Content(token, token);
	}

	byte[] bytes() {
		return this.text.getBytes(StandardCharsets.US_ASCII);
	}

}
