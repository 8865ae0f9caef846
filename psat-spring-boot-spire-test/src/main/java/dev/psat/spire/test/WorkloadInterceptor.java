package dev.psat.spire.test;

import java.util.ArrayList;
import java.util.List;

import dev.psat.spire.test.CallFaults.Fault;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Precedes everything else in a call of the Workload API: writes the journal, demands the
 * security header, injects faults. Source: {@code endpoints/middleware.go}.
 */
final class WorkloadInterceptor implements ServerInterceptor {

	private static final Metadata.Key<String> SECURITY_HEADER = Metadata.Key.of("workload.spiffe.io",
			Metadata.ASCII_STRING_MARSHALLER);

	private final WorkloadJournal journal;

	private final WorkloadFaults faults;

	WorkloadInterceptor(WorkloadJournal journal, WorkloadFaults faults) {
		this.journal = journal;
		this.faults = faults;
	}

	@Override
	public <R, A> Listener<R> interceptCall(ServerCall<R, A> call, Metadata headers, ServerCallHandler<R, A> next) {
		WorkloadMethod method = WorkloadMethod.of(call.getMethodDescriptor().getFullMethodName());
		this.journal.called(method);
		ServerCall<R, A> journaled = new JournaledCall<>(call, method, this.journal);
		Fault fault = this.faults.take(method);
		Status refusal = refusal(method, headers, fault);
		if (refusal != null) {
			journaled.close(refusal, new Metadata());
			return new EndedCall<>(new Listener<>() {
			}, method, this.journal);
		}
		Listener<R> listener = (fault instanceof Fault.Answer answer) ? CallInterceptor.answering(journaled, answer)
				: next.startCall(journaled, headers);
		return new EndedCall<>(listener, method, this.journal);
	}

	private @Nullable Status refusal(WorkloadMethod method, Metadata headers, @Nullable Fault fault) {
		if (!this.faults.hasJwtProfile() && method.isJwtProfile()) {
			return Status.UNIMPLEMENTED.withDescription("unknown method for service " + WorkloadMethod.SERVICE);
		}
		Iterable<String> values = headers.getAll(SECURITY_HEADER);
		if (values == null || !List.of("true").equals(toList(values))) {
			return Status.INVALID_ARGUMENT.withDescription("security header missing from request");
		}
		return (fault instanceof Fault.Failure failure) ? failure.status() : null;
	}

	private static List<String> toList(Iterable<String> values) {
		List<String> list = new ArrayList<>();
		values.forEach(list::add);
		return list;
	}

	private static final class JournaledCall<R, A> extends SimpleForwardingServerCall<R, A> {

		private final WorkloadMethod method;

		private final WorkloadJournal journal;

		JournaledCall(ServerCall<R, A> call, WorkloadMethod method, WorkloadJournal journal) {
			super(call);
			this.method = method;
			this.journal = journal;
		}

		@Override
		public void sendMessage(A message) {
			this.journal.answered(this.method);
			super.sendMessage(message);
		}

	}

	private static final class EndedCall<R> extends SimpleForwardingServerCallListener<R> {

		private final WorkloadMethod method;

		private final WorkloadJournal journal;

		EndedCall(Listener<R> listener, WorkloadMethod method, WorkloadJournal journal) {
			super(listener);
			this.method = method;
			this.journal = journal;
		}

		@Override
		public void onComplete() {
			this.journal.ended(this.method);
			super.onComplete();
		}

		@Override
		public void onCancel() {
			this.journal.ended(this.method);
			super.onCancel();
		}

	}

}
