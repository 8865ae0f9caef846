package dev.psat.spire.test;

import java.util.Arrays;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * A stream that a workload holds. Guarded by {@link SimulatedAgent}.
 */
final class WorkloadStream {

	private final WorkloadMethod method;

	private final ServerCallStreamObserver<byte[]> answers;

	private byte @Nullable [] last;

	WorkloadStream(WorkloadMethod method, ServerCallStreamObserver<byte[]> answers) {
		this.method = method;
		this.answers = answers;
	}

	WorkloadMethod method() {
		return this.method;
	}

	boolean hasBegun() {
		return this.last != null;
	}

	boolean isRepeated(byte[] message) {
		return Arrays.equals(this.last, message);
	}

	boolean isReady() {
		return this.answers.isReady();
	}

	void send(byte[] message) {
		if (!this.answers.isCancelled()) {
			this.last = message;
			this.answers.onNext(message);
		}
	}

	void end(Status status) {
		if (this.answers.isCancelled()) {
			return;
		}
		if (status.isOk()) {
			this.answers.onCompleted();
		}
		else {
			this.answers.onError(status.asRuntimeException(new Metadata()));
		}
	}

}
