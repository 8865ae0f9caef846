package dev.psat.spire.wire.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Function;

import dev.psat.spiffe.internal.Quoted;
import org.jspecify.annotations.Nullable;

public record GrpcStatus(int code, String message, byte[] details) {

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

	public void check() throws NotOkException {
		if (!isOk()) {
			throw new NotOkException(this);
		}
	}

	private static int code(String code, Function<String, ? extends RuntimeException> malformed) {
		try {
			return Integer.parseUnsignedInt(code);
		}
		catch (NumberFormatException ex) {
			throw malformed.apply("The status of the answer is not a number");
		}
	}

	/** Decode a text. Invalid encodings are left as they are, as gRPC requires. */
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

	public interface Headers {

		@Nullable String first(String name);

	}

	public static final class NotOkException extends Exception {

		private final transient GrpcStatus status;

		private NotOkException(GrpcStatus status) {
			super("Status %d: %s".formatted(status.code, Quoted.line(status.message)));
			this.status = status;
		}

		public GrpcStatus status() {
			return this.status;
		}

	}

}
