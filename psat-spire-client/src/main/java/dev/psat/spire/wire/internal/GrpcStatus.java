package dev.psat.spire.wire.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The status of a call, from the headers of a response.
 *
 * @param code the gRPC code, 0 for success
 * @param message the server's message, may be empty
 * @param details a {@code google.rpc.Status}, empty if there is none
 */
public record GrpcStatus(int code, String message, byte[] details) {

	/**
	 * Return the status from the headers.
	 * @param headers the headers
	 * @param malformed creates the exception for a code that is not a number
	 * @return the status, {@code null} if there is none
	 */
	public static @Nullable GrpcStatus of(Headers headers, Function<String, ? extends RuntimeException> malformed) {
		String code = headers.first("grpc-status");
		return (code != null) ? new GrpcStatus(code(code, malformed), decodePercent(value(headers, "grpc-message")),
				decodeBase64(value(headers, "grpc-status-details-bin"))) : null;
	}

	private static String value(Headers headers, String name) {
		String value = headers.first(name);
		return (value != null) ? value : "";
	}

	public boolean isOk() {
		return this.code == 0;
	}

	private static int code(String code, Function<String, ? extends RuntimeException> malformed) {
		try {
			return Integer.parseUnsignedInt(code);
		}
		catch (NumberFormatException ex) {
			throw malformed.apply("The status of the answer is not a number");
		}
	}

	/**
	 * Decode a text. Invalid encodings are left as they are, as gRPC requires.
	 */
	private static String decodePercent(String text) {
		ByteArrayOutputStream decoded = new ByteArrayOutputStream(text.length());
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		for (int i = 0; i < bytes.length; i++) {
			int high = (bytes[i] == '%' && i + 2 < bytes.length) ? Character.digit(bytes[i + 1], 16) : -1;
			int low = (high >= 0) ? Character.digit(bytes[i + 2], 16) : -1;
			if (low >= 0) {
				decoded.write(high << 4 | low);
				i += 2;
			}
			else {
				decoded.write(bytes[i]);
			}
		}
		return decoded.toString(StandardCharsets.UTF_8);
	}

	private static byte[] decodeBase64(String text) {
		try {
			return Base64.getDecoder().decode(text);
		}
		catch (IllegalArgumentException ex) {
			// code and message have to suffice
			return new byte[0];
		}
	}

	/**
	 * The headers of a response, or its trailers.
	 */
	public interface Headers {

		/**
		 * Return the first value of a header.
		 * @param name the name
		 * @return the value, {@code null} if there is none
		 */
		@Nullable String first(String name);

	}

}
