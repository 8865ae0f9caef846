package dev.psat.spire.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

import org.jspecify.annotations.Nullable;

/**
 * Collects a body up to a limit. The result of a longer one is empty.
 */
final class LimitedBody implements BodySubscriber<Optional<byte[]>> {

	private final CompletableFuture<Optional<byte[]>> result = new CompletableFuture<>();

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private final int limit;

	private @Nullable Subscription subscription;

	LimitedBody(int limit) {
		this.limit = limit;
	}

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
		if (buffer.remaining() > this.limit - this.bytes.size()) {
			// complete the result first, since canceling may otherwise fail the response
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
