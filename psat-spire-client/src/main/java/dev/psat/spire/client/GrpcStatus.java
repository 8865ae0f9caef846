package dev.psat.spire.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

/**
 * The status of a call, from the headers of a response.
 *
 * @param code the gRPC code, 0 for success
 * @param message the server's message, may be empty
 * @param details a {@code google.rpc.Status}, empty if there is none
 */
record GrpcStatus(int code, String message, byte[] details) {

	/**
	 * Return the status from the headers.
	 * @param headers the headers
	 * @return the status, {@code null} if there is none
	 * @throws SpireException if the code is not a number
	 */
	static @Nullable GrpcStatus of(HttpHeaders headers) {
		return headers.firstValue("grpc-status")
			.map((code) -> new GrpcStatus(code(code), decodePercent(headers.firstValue("grpc-message").orElse("")),
					decodeBase64(headers.firstValue("grpc-status-details-bin").orElse(""))))
			.orElse(null);
	}

	boolean isOk() {
		return this.code == 0;
	}

	private static int code(String code) {
		try {
			return Integer.parseUnsignedInt(code);
		}
		catch (NumberFormatException ex) {
			throw new SpireException(FailureReason.PROTOCOL_ERROR, "The status of the answer is not a number");
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

}
