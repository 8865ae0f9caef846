package dev.psat.spire.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

import dev.psat.spiffe.internal.Quoted;
import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.spire.wire.internal.GrpcStatus;
import org.jspecify.annotations.Nullable;

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

	/**
	 * Return what receives the body of a response.
	 * @return the subscriber, whose result is empty if the body is too long
	 */
	static BodySubscriber<Optional<byte[]>> body() {
		return new LimitedBody();
	}

	/**
	 * Return the message of a response.
	 * @param response the response, without a body if it was too long
	 * @return the unparsed message
	 * @throws GrpcStatusException if the response is a status other than success
	 * @throws SpireException if it is neither
	 */
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

	/**
	 * Collects a body up to the longest frame. The result of a longer one is empty.
	 */
	private static final class LimitedBody implements BodySubscriber<Optional<byte[]>> {

		private final CompletableFuture<Optional<byte[]>> result = new CompletableFuture<>();

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		private @Nullable Subscription subscription;

		@Override
		public CompletionStage<Optional<byte[]>> getBody() {
			return this.result;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.subscription = subscription;
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(List<ByteBuffer> buffers) {
			buffers.forEach(this::add);
		}

		private void add(ByteBuffer buffer) {
			if (this.result.isDone()) {
				return;
			}
			if (buffer.remaining() > GrpcFrame.MAX_LENGTH - this.bytes.size()) {
				// complete the result first, since canceling may otherwise fail the
				// response
				this.result.complete(Optional.empty());
				if (this.subscription != null) {
					this.subscription.cancel();
				}
				return;
			}
			byte[] part = new byte[buffer.remaining()];
			buffer.get(part);
			this.bytes.writeBytes(part);
		}

		@Override
		public void onError(Throwable error) {
			this.result.completeExceptionally(error);
		}

		@Override
		public void onComplete() {
			this.result.complete(Optional.of(this.bytes.toByteArray()));
		}

	}

}
