package dev.psat.spire.test;

import java.security.KeyPair;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import dev.psat.spire.test.SimulatedEntries.CachedEntry;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * An agent between a simulated server and workloads: passes on to their streams what
 * changes. Thread-safe.
 */
final class SimulatedAgent {

	static final Status NO_IDENTITY = Status.PERMISSION_DENIED.withDescription("no identity issued");

	private final AgentCache cache;

	private final WorkloadMessages messages;

	private final WorkloadFaults faults;

	private final Set<WorkloadStream> streams = new LinkedHashSet<>();

	SimulatedAgent(SimulatedSpireServer server, String id, Supplier<KeyPair> keys, WorkloadFaults faults) {
		this.cache = new AgentCache(server, id, keys);
		this.messages = new WorkloadMessages(server.trustDomain());
		this.faults = faults;
	}

	/**
	 * Take over what the server has, and tell the streams what has changed.
	 */
	synchronized void sync() {
		this.cache.sync(!this.faults.isIssuanceHeld(), this::tellAll);
		// Whoever has waited for an X509-SVID that now is there
		if (this.cache.isComplete()) {
			WorkloadUpdate update = this.cache.current();
			List.copyOf(this.streams)
				.stream()
				.filter((stream) -> !stream.hasBegun())
				.forEach((stream) -> tell(stream, update));
		}
	}

	/**
	 * Synchronize after several changes at once.
	 */
	synchronized void syncAfter(Runnable changes) {
		changes.run();
		sync();
	}

	synchronized void rotate() {
		this.cache.rotate();
		tellAll(this.cache.current());
	}

	/**
	 * Send all streams the state once more, whether it has changed or not.
	 */
	synchronized void tellAgain() {
		sync();
		tellAll(this.cache.current());
	}

	synchronized void forget() {
		this.cache.forget();
	}

	/**
	 * Open a stream. It waits for its first message while an entry has no X509-SVID.
	 */
	void open(WorkloadMethod method, ServerCallStreamObserver<byte[]> answers) {
		WorkloadStream stream = new WorkloadStream(method, answers);
		answers.setOnCancelHandler(() -> remove(stream));
		synchronized (this) {
			this.streams.add(stream);
			if (this.cache.isComplete()) {
				tell(stream, this.cache.current());
			}
		}
	}

	private synchronized void remove(WorkloadStream stream) {
		this.streams.remove(stream);
	}

	private void tellAll(WorkloadUpdate update) {
		List.copyOf(this.streams).stream().filter(WorkloadStream::hasBegun).forEach((stream) -> tell(stream, update));
	}

	private void tell(WorkloadStream stream, WorkloadUpdate update) {
		if (this.faults.isMute()) {
			return;
		}
		if (update.identities().isEmpty() || this.faults.isRefusing()) {
			this.streams.remove(stream);
			stream.end(NO_IDENTITY);
			return;
		}
		byte[] message = message(stream.method(), update);
		if (stream.method() == WorkloadMethod.FETCH_X509_SVID || !stream.isRepeated(message)) {
			stream.send(message);
		}
	}

	private byte[] message(WorkloadMethod method, WorkloadUpdate update) {
		return switch (method) {
			case FETCH_X509_SVID -> this.messages.x509Svids(update).toByteArray();
			case FETCH_X509_BUNDLES -> this.messages.x509Bundles(update).toByteArray();
			case FETCH_JWT_BUNDLES -> this.messages.jwtBundles(update).toByteArray();
			default -> throw new IllegalArgumentException(method + " has no stream");
		};
	}

	/**
	 * End all streams.
	 */
	synchronized void endStreams(Status status) {
		this.streams.forEach((stream) -> stream.end(status));
		this.streams.clear();
	}

	synchronized WorkloadUpdate update() {
		return this.cache.current();
	}

	/**
	 * Return the entries of a workload, none if it is refused.
	 */
	synchronized List<CachedEntry> entries() {
		return this.faults.isRefusing() ? List.of() : this.cache.entries();
	}

}
