package dev.psat.benchmarks.notice;

import java.nio.charset.StandardCharsets;

/**
 * What a file holds.
 *
 * @param text its text, in ASCII
 * @param name by which it is known when somebody has read it
 */
record Content(String text, String name) {

	static Content token(String token) {
		return new Content(token, token);
	}

	byte[] bytes() {
		return this.text.getBytes(StandardCharsets.US_ASCII);
	}

}
