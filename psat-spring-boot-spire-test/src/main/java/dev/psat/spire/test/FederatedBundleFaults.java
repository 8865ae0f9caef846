package dev.psat.spire.test;

import java.util.ArrayList;
import java.util.List;

import dev.psat.spire.test.proto.Bundle;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The faults of the calls by which agents ask for the bundle of one federated trust
 * domain. Thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedFaults#federatedBundle(String)
 */
public final class FederatedBundleFaults {

	private final List<Runnable> waiting = new ArrayList<>();

	private boolean hanging;

	private @Nullable Status failure;

	private @Nullable FederatedBundle answer;

	FederatedBundleFaults() {
	}

	/**
	 * Leave the calls of agents unanswered. Others are answered as before.
	 */
	public synchronized void hang() {
		this.hanging = true;
	}

	/**
	 * Resume after {@link #hang()}, and answer the calls that wait.
	 */
	public void resume() {
		List<Runnable> resumed;
		synchronized (this) {
			this.hanging = false;
			resumed = List.copyOf(this.waiting);
			this.waiting.clear();
		}
		resumed.forEach(Runnable::run);
	}

	/**
	 * Refuse the calls of agents.
	 * @param status the status, which must not be OK; {@code null} to stop refusing
	 */
	public synchronized void fail(@Nullable Status status) {
		Assert.isTrue(status == null || !status.isOk(), "'status' must not be OK");
		this.failure = status;
	}

	/**
	 * Answer with a bundle that the server does not have, such as that of another trust
	 * domain than the one that is asked for.
	 * @param bundle the bundle; {@code null} to answer with what the server has
	 */
	public synchronized void answer(@Nullable FederatedBundle bundle) {
		this.answer = bundle;
	}

	void whenResumed(Runnable call) {
		synchronized (this) {
			if (this.hanging) {
				this.waiting.add(call);
				return;
			}
		}
		call.run();
	}

	synchronized @Nullable Bundle answer() {
		if (this.failure != null) {
			throw this.failure.asRuntimeException();
		}
		return (this.answer != null) ? this.answer.toMessage() : null;
	}

}
