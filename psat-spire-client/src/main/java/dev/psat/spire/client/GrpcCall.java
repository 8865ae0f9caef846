package dev.psat.spire.client;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcFrame;
import org.jspecify.annotations.Nullable;

/**
 * @param deadline when the answer is due
 * @param patience how long the caller waits, at most until the deadline
 * @param late receives an answer for which the caller has not waited, {@code null} to
 * cancel the call then
 */
record GrpcCall(String path, byte[] frame, Deadline deadline, Deadline patience,
		@Nullable Consumer<HttpResponse<Optional<byte[]>>> late) {

	GrpcCall(String path, byte[] frame, Deadline deadline) {
		this(path, frame, deadline, deadline, null);
	}

	static GrpcCall unattended(GrpcMethod method, byte[] request, Deadline deadline) {
		return new GrpcCall(method.path(), GrpcFrame.of(request), deadline, deadline, (answer) -> {
		});
	}

	/**
	 * An attestation should end at the server before it does here, even if connecting
	 * takes a while: a server that attests after the client has gone invalidates the
	 * current agent SVID for nothing.
	 */
	Deadline serverDeadline(Duration connecting) {
		return isAttestation() ? this.deadline.earlier(connecting) : this.deadline;
	}

	/** May wait in the server's queue for minutes, and is never sent twice. */
	boolean isAttestation() {
		return this.path.equals(GrpcMethod.ATTEST_AGENT.path());
	}

	/** The request may contain a token. */
	@Override
	public String toString() {
		return this.path;
	}

}
