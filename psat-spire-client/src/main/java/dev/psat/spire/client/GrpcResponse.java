package dev.psat.spire.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.Optional;

import dev.psat.spiffe.internal.Quoted;
import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.spire.wire.internal.GrpcStatus;

/**
 * Reads the response to a call: either a status in the headers or one message. The JDK's
 * {@link java.net.http.HttpClient} does not expose trailers, so a status there goes
 * unnoticed. None is lost: if a SPIRE Server method that this client calls fails, it does
 * so before it answers.
 */
final class GrpcResponse {

	private static final String CONTENT_TYPE = "application/grpc";

	private static final int OK = 200;

	private GrpcResponse() {
	}

	/** Return what receives the body of a response, empty if that is too long. */
	static BodySubscriber<Optional<byte[]>> body() {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		return BodySubscribers.mapping(BodySubscribers.ofByteArrayConsumer((part) -> part.ifPresent((bytes) -> {
			// one byte more tells that there are more
			int length = Math.min(bytes.length, GrpcFrame.MAX_LENGTH + 1 - body.size());
			body.write(bytes, 0, length);
		})), (end) -> (body.size() > GrpcFrame.MAX_LENGTH) ? Optional.empty() : Optional.of(body.toByteArray()));
	}

	static byte[] message(HttpResponse<Optional<byte[]>> response) throws GrpcStatusException {
		GrpcStatus status = GrpcStatus.of((name) -> response.headers().firstValue(name).orElse(null),
				GrpcResponse::malformed);
		if (status != null && !status.isOk()) {
			throw new GrpcStatusException(status);
		}
		if (response.statusCode() != OK) {
			throw malformed("The server answers with the HTTP status %d".formatted(response.statusCode()));
		}
		String contentType = response.headers().firstValue("content-type").orElse("");
		if (!contentType.startsWith(CONTENT_TYPE)) {
			throw malformed("The content type of the answer is " + Quoted.text(contentType));
		}
		return GrpcFrame.message(
				response.body()
					.orElseThrow(() -> malformed("The answer is longer than %d bytes".formatted(GrpcFrame.MAX_LENGTH))),
				GrpcResponse::malformed);
	}

	private static SpireException malformed(String message) {
		return new SpireException(FailureReason.PROTOCOL_ERROR, message);
	}

}
