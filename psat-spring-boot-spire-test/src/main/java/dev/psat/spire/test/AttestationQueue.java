package dev.psat.spire.test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.psat.spire.test.AttestationLimiter.Slot;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.AttestAgentResponse;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * Queues attestations until it is their turn, without a thread for each. The request is
 * only examined after that, so that a refused one also takes a slot, as on a real server.
 */
final class AttestationQueue {

	private final AttestationLimiter limiter;

	private final ScheduledExecutorService scheduler;

	private final Executor executor;

	AttestationQueue(AttestationLimiter limiter, ScheduledExecutorService scheduler, Executor executor) {
		this.limiter = limiter;
		this.scheduler = scheduler;
		this.executor = executor;
	}

	StreamObserver<AttestAgentRequest> enqueue(StreamObserver<AttestAgentResponse> answer,
			Function<AttestAgentRequest, AttestAgentResponse> attestation) {
		Request request = new Request();
		try {
			Slot slot = this.limiter.reserve(Caller.KEY.get().address(), Context.current().getDeadline());
			Future<?> turn = this.scheduler.schedule(
					() -> request.future.whenCompleteAsync(
							(message, failure) -> answer(answer, message, failure, attestation), this.executor),
					this.limiter.delay(slot), TimeUnit.NANOSECONDS);
			((ServerCallStreamObserver<AttestAgentResponse>) answer).setOnCancelHandler(() -> {
				if (turn.cancel(false)) {
					this.limiter.giveBack(slot);
				}
			});
		}
		catch (StatusRuntimeException ex) {
			answer.onError(ex);
		}
		return request;
	}

	private static void answer(StreamObserver<AttestAgentResponse> answer, @Nullable AttestAgentRequest request,
			@Nullable Throwable failure, Function<AttestAgentRequest, AttestAgentResponse> attestation) {
		if (request == null) {
			answer.onError(failure);
			return;
		}
		try {
			answer.onNext(attestation.apply(request));
			answer.onCompleted();
		}
		catch (RuntimeException ex) {
			answer.onError(ex);
		}
	}

	private static final class Request implements StreamObserver<AttestAgentRequest> {

		private final CompletableFuture<AttestAgentRequest> future = new CompletableFuture<>();

		@Override
		public void onNext(AttestAgentRequest message) {
			this.future.complete(message);
		}

		@Override
		public void onError(Throwable failure) {
			this.future.completeExceptionally(failure);
		}

		@Override
		public void onCompleted() {
			this.future.completeExceptionally(
					Statuses.of(Status.Code.INVALID_ARGUMENT, "failed to receive request from stream: EOF"));
		}

	}

}
