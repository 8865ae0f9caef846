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

	private final boolean unauthenticatedVerifiers;

	private final Set<WorkloadStream> streams = new LinkedHashSet<>();

	SimulatedAgent(SimulatedSpireServer server, String id, Supplier<KeyPair> keys, boolean unauthenticatedVerifiers,
			WorkloadFaults faults) {
		this.unauthenticatedVerifiers = unauthenticatedVerifiers;
		this.cache = new AgentCache(server, id, keys);
		this.messages = new WorkloadMessages(server, faults);
		this.faults = faults;
	}

	synchronized void sync() {
		this.cache.sync(!this.faults.isIssuanceHeld(), this::tellAll);
		// Whoever has waited for an X509-SVID that now is there
		if (this.cache.isComplete()) {
			WorkloadUpdate update = this.cache.current();
			List.copyOf(this.streams)
				.stream()
				.filter((stream) -> !stream.hasBegun())
				.forEach((stream) -> tell(stream, update, false));
		}
	}

	synchronized void syncAfter(Runnable changes) {
		changes.run();
		sync();
	}

	synchronized void rotate() {
		this.cache.rotate();
		tellAll(this.cache.current());
	}

	synchronized void tellAgain() {
		sync();
		WorkloadUpdate update = this.cache.current();
		begun().forEach((stream) -> tell(stream, update, true));
	}

	/** To those streams whose workloads keep up; returns whether there was one. */
	synchronized boolean flood() {
		if (!this.faults.isFlooding()) {
			return false;
		}
		WorkloadUpdate update = this.cache.current();
		List<WorkloadStream> ready = begun().stream().filter(WorkloadStream::isReady).toList();
		ready.forEach((stream) -> tell(stream, update, true));
		return !ready.isEmpty();
	}

	private List<WorkloadStream> begun() {
		return this.streams.stream().filter(WorkloadStream::hasBegun).toList();
	}

	synchronized void settle() {
	}

	/**
	 * Forget everything, also the streams, whose connections have ended: they only learn
	 * of it later.
	 */
	synchronized void forget() {
		this.cache.forget();
		this.streams.clear();
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
				tell(stream, this.cache.current(), false);
			}
		}
	}

	private synchronized void remove(WorkloadStream stream) {
		this.streams.remove(stream);
	}

	private void tellAll(WorkloadUpdate update) {
		begun().forEach((stream) -> tell(stream, update, false));
	}

	private void tell(WorkloadStream stream, WorkloadUpdate update, boolean repeated) {
		if (this.faults.isMute()) {
			return;
		}
		if (isDenied(stream, update)) {
			this.streams.remove(stream);
			stream.end(NO_IDENTITY);
			return;
		}
		byte[] message = this.messages.of(stream.method(), update);
		if (repeated || stream.method() == WorkloadMethod.FETCH_X509_SVID || !stream.isRepeated(message)) {
			stream.send(message);
		}
	}

	private boolean isDenied(WorkloadStream stream, WorkloadUpdate update) {
		boolean verifier = this.unauthenticatedVerifiers && stream.method() != WorkloadMethod.FETCH_X509_SVID;
		return this.faults.isRefusing() || (update.identities().isEmpty() && !verifier);
	}

	synchronized void send(WorkloadMethod method, byte[] message) {
		this.streams.stream().filter((stream) -> stream.method() == method).forEach((stream) -> stream.send(message));
	}

	synchronized void endStreams(Status status) {
		this.streams.forEach((stream) -> stream.end(status));
		this.streams.clear();
	}

	synchronized WorkloadUpdate update() {
		return this.cache.current();
	}

	synchronized List<CachedEntry> entries() {
		return this.faults.isRefusing() ? List.of() : this.cache.entries();
	}

}
