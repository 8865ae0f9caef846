package dev.psat.spire.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import dev.psat.spiffe.internal.Quoted;
import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.spire.wire.internal.GrpcStatus;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's {@link java.net.http.HttpClient} does not expose trailers. No status there is
 * lost: a SPIRE Server method that this client calls fails before it answers.
 */
final class GrpcResponse {

	private static final String CONTENT_TYPE = "application/grpc";

	private static final int OK = 200;

	private GrpcResponse() {
	}

	/** Empty as soon as the answer is too long. */
	static BodySubscriber<Optional<byte[]>> body() {
		return new Body();
	}

	static byte[] message(HttpResponse<Optional<byte[]>> response) throws GrpcStatus.NotOkException {
		GrpcStatus status = GrpcStatus.of((name) -> response.headers().firstValue(name).orElse(null),
				GrpcResponse::malformed);
		if (status != null) {
			status.check();
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

	private static final class Body implements BodySubscriber<Optional<byte[]>> {

		private final ByteArrayOutputStream received = new ByteArrayOutputStream();

		private final CompletableFuture<Optional<byte[]>> body = new CompletableFuture<>();

		private Flow.@Nullable Subscription subscription;

		@Override
		public CompletionStage<Optional<byte[]>> getBody() {
			return this.body;
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscription = subscription;
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(List<ByteBuffer> parts) {
			for (ByteBuffer part : parts) {
				if (part.remaining() > GrpcFrame.MAX_LENGTH - this.received.size()) {
					// an endless one would otherwise be received until the call times out
					this.body.complete(Optional.empty());
					Objects.requireNonNull(this.subscription).cancel();
					return;
				}
				byte[] bytes = new byte[part.remaining()];
				part.get(bytes);
				this.received.writeBytes(bytes);
			}
		}

		@Override
		public void onError(Throwable failure) {
			this.body.completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			this.body.complete(Optional.of(this.received.toByteArray()));
		}

	}

}
