package dev.psat.tlstests;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * The target and the request of a client, and how it knows that it was accepted: over TLS
 * 1.3, it only learns of a refusal after its handshake has ended.
 *
 * @param port the port on the loopback interface
 * @param path the path to request
 * @param http2 whether to use HTTP/2, like gRPC
 * @param tickets whether openssl should request a ticket over TLS 1.2
 */
public record Knock(int port, String path, boolean http2, boolean tickets) {

	private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

	/** How an HTTP/2 server acknowledges settings, as ISO 8859-1. */
	static final String ACKNOWLEDGED = "\0\0\0\4\1\0\0\0\0";

	private static final byte[] EMPTY_SETTINGS = HexFormat.of().parseHex("000000040000000000");

	public static Knock http(int port, String path) {
		return new Knock(port, path, false, true);
	}

	public static Knock http2(int port) {
		return new Knock(port, "/", true, true);
	}

	/**
	 * Return a copy for a server that promises tickets over TLS 1.2 and does not send
	 * them, which openssl treats as an error.
	 * @return a copy without tickets
	 */
	public Knock withoutTickets() {
		return new Knock(this.port, this.path, this.http2, false);
	}

	String url() {
		return "https://localhost:" + this.port + this.path;
	}

	@Nullable String alpn() {
		return this.http2 ? "h2" : null;
	}

	byte[] request() {
		if (this.http2) {
			byte[] preface = PREFACE.getBytes(StandardCharsets.US_ASCII);
			byte[] request = new byte[preface.length + EMPTY_SETTINGS.length];
			System.arraycopy(preface, 0, request, 0, preface.length);
			System.arraycopy(EMPTY_SETTINGS, 0, request, preface.length, EMPTY_SETTINGS.length);
			return request;
		}
		return "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".formatted(this.path)
			.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Return whether an output contains the beginning of an answer: a status line, or the
	 * settings with which an HTTP/2 server begins.
	 * @param output the output, as ISO 8859-1
	 * @return whether it does
	 */
	boolean isAnsweredBy(String output) {
		return output.contains(this.http2 ? "\0\0" : "HTTP/1.1 ");
	}

}
