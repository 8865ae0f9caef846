package dev.psat.spire.test;

import dev.psat.spire.test.CallFaults.Fault;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Precedes everything else in a call: identifies the caller, writes the journal, injects
 * faults.
 */
final class CallInterceptor implements ServerInterceptor {

	private final ServerJournal journal;

	private final SimulatedFaults faults;

	private final Connections connections;

	CallInterceptor(ServerJournal journal, SimulatedFaults faults, Connections connections) {
		this.journal = journal;
		this.faults = faults;
		this.connections = connections;
	}

	@Override
	public <R, A> Listener<R> interceptCall(ServerCall<R, A> call, Metadata headers, ServerCallHandler<R, A> next) {
		Caller caller = Caller.of(call.getAttributes());
		SpireMethod method = SpireMethod.of(call.getMethodDescriptor().getFullMethodName());
		this.journal.called(method);
		ServerCall<R, A> journaled = new JournaledCall<>(call, method, caller, this.journal);
		Fault fault = this.faults.take(method);
		return Contexts.interceptCall(Context.current().withValue(Caller.KEY, caller), journaled, headers,
				(fault != null) ? new FaultyHandler<>(fault, caller, next) : next);
	}

	private static final class JournaledCall<R, A> extends SimpleForwardingServerCall<R, A> {

		private final SpireMethod method;

		private final Caller caller;

		private final ServerJournal journal;

		JournaledCall(ServerCall<R, A> call, SpireMethod method, Caller caller, ServerJournal journal) {
			super(call);
			this.method = method;
			this.caller = caller;
			this.journal = journal;
		}

		@Override
		public void close(Status status, Metadata trailers) {
			if (!status.isOk()) {
				@Nullable String message = status.getDescription();
				this.journal.refused(new Refusal(this.method, this.caller.spiffeId(), status.getCode(),
						(message != null) ? message : ""));
			}
			super.close(status, trailers);
		}

	}

	private final class FaultyHandler<R, A> implements ServerCallHandler<R, A> {

		private final Fault fault;

		private final Caller caller;

		private final ServerCallHandler<R, A> method;

		FaultyHandler(Fault fault, Caller caller, ServerCallHandler<R, A> method) {
			this.fault = fault;
			this.caller = caller;
			this.method = method;
		}

		@Override
		public Listener<R> startCall(ServerCall<R, A> call, Metadata headers) {
			if (this.fault instanceof Fault.Failure failure) {
				call.close(failure.status(), new Metadata());
				return new Listener<>() {
				};
			}
			if (this.fault instanceof Fault.Answer answer) {
				return answering(call, answer);
			}
			return this.method.startCall(new LosingCall<>(call, this::breakConnection), headers);
		}

		private void breakConnection() {
			CallInterceptor.this.connections.abortFrom(this.caller.remoteAddress());
		}

	}

	static <R, A> Listener<R> answering(ServerCall<R, A> call, Fault.Answer answer) {
		call.request(1);
		return new Listener<>() {

			@Override
			@SuppressWarnings("unchecked")
			public void onMessage(R request) {
				call.sendHeaders(new Metadata());
				call.sendMessage((A) answer.message());
				call.close(Status.OK, new Metadata());
			}

		};
	}

	private static final class LosingCall<R, A> extends SimpleForwardingServerCall<R, A> {

		private final Runnable lost;

		LosingCall(ServerCall<R, A> call, Runnable lost) {
			super(call);
			this.lost = lost;
		}

		@Override
		public void sendHeaders(Metadata headers) {
			// not sent either
		}

		@Override
		public void sendMessage(A message) {
			this.lost.run();
		}

		@Override
		public void close(Status status, Metadata trailers) {
			if (!status.isOk()) {
				super.close(status, trailers);
			}
		}

	}

}
