package dev.psat.spire.test;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;

import com.google.protobuf.Message;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The faults of the simulated server. Thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#faults()
 */
public final class SimulatedFaults {

	private final Connections connections;

	private final Map<SpireMethod, Queue<Fault>> next = new EnumMap<>(SpireMethod.class);

	private final Map<SpireMethod, Fault> lasting = new EnumMap<>(SpireMethod.class);

	private final Map<String, FederatedBundleFaults> federatedBundles = new ConcurrentHashMap<>();

	SimulatedFaults(Connections connections) {
		this.connections = connections;
	}

	/**
	 * Fall silent like a suspended process: connections are accepted and stay open, but
	 * nothing is read or written.
	 */
	public void hang() {
		this.connections.silence(true);
	}

	/**
	 * Resume after {@link #hang()}, with everything that has accumulated.
	 */
	public void resume() {
		this.connections.silence(false);
	}

	/**
	 * Refuse the next call of a method, before the server's own rules apply. Further
	 * invocations apply to the calls after that.
	 * @param method the method
	 * @param status the status, which must not be OK
	 */
	public void failNext(SpireMethod method, Status status) {
		Assert.notNull(method, "'method' must not be null");
		Assert.notNull(status, "'status' must not be null");
		addNext(method, failure(status));
	}

	/**
	 * Refuse all calls of a method.
	 * @param method the method
	 * @param status the status, which must not be OK; {@code null} to stop refusing
	 */
	public synchronized void failAll(SpireMethod method, @Nullable Status status) {
		Assert.notNull(method, "'method' must not be null");
		if (status != null) {
			this.lasting.put(method, failure(status));
		}
		else {
			this.lasting.remove(method);
		}
	}

	private static Fault failure(Status status) {
		Assert.isTrue(!status.isOk(), "'status' must not be OK");
		return new Fault.Failure(status);
	}

	/**
	 * Answer the next call of a method with the given message, and do nothing else.
	 * @param method the method
	 * @param answer the message, which must be of the type that the method returns
	 */
	void answerNext(SpireMethod method, Message answer) {
		addNext(method, new Fault.Answer(answer));
	}

	/**
	 * Execute the next call of a method, but break the connection instead of answering.
	 * After an attestation, the earlier agent SVID is no longer active.
	 * @param method the method
	 */
	public void loseNextAnswer(SpireMethod method) {
		Assert.notNull(method, "'method' must not be null");
		addNext(method, new Fault.LostAnswer());
	}

	/**
	 * Return the faults of the calls that ask for the bundle of one federated trust
	 * domain, so that one of several can fail alone.
	 * @param trustDomain the name of the trust domain
	 * @return its faults
	 */
	public FederatedBundleFaults federatedBundle(String trustDomain) {
		Assert.notNull(trustDomain, "'trustDomain' must not be null");
		return this.federatedBundles.computeIfAbsent(SpiffeIds.trustDomain(trustDomain),
				(name) -> new FederatedBundleFaults());
	}

	private synchronized void addNext(SpireMethod method, Fault fault) {
		this.next.computeIfAbsent(method, (key) -> new ArrayDeque<>()).add(fault);
	}

	synchronized @Nullable Fault take(SpireMethod method) {
		Queue<Fault> queue = this.next.get(method);
		Fault fault = (queue != null) ? queue.poll() : null;
		return (fault != null) ? fault : this.lasting.get(method);
	}

	/**
	 * The fault of a call.
	 */
	sealed interface Fault {

		record Failure(Status status) implements Fault {

		}

		record Answer(Message message) implements Fault {

		}

		record LostAnswer() implements Fault {

		}

	}

}
