package dev.psat.spire.test;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.google.protobuf.Message;
import dev.psat.spire.test.CallFaults.Fault;
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

	private final CallFaults<SpireMethod> calls = new CallFaults<>(SpireMethod.class);

	private final Map<String, FederatedBundleFaults> federatedBundles = new ConcurrentHashMap<>();

	SimulatedFaults(Connections connections) {
		this.connections = connections;
	}

	/**
	 * Fall silent like a suspended process: connections are accepted and stay open, but
	 * nothing is read or written once this returns. Calls that were read before go on,
	 * but their answers wait.
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
		this.calls.addNext(method, CallFaults.failure(status));
	}

	/**
	 * Refuse all calls of a method.
	 * @param method the method
	 * @param status the status, which must not be OK; {@code null} to stop refusing
	 */
	public void failAll(SpireMethod method, @Nullable Status status) {
		this.calls.setLasting(method, (status != null) ? CallFaults.failure(status) : null);
	}

	/**
	 * Answer the next call of a method with the given message, and do nothing else.
	 * @param method the method
	 * @param answer the message, which must be of the type that the method returns
	 */
	void answerNext(SpireMethod method, Message answer) {
		this.calls.addNext(method, new Fault.Answer(answer));
	}

	/**
	 * Execute the next call of a method, but break the connection instead of answering.
	 * After an attestation, the earlier agent SVID is no longer active.
	 * @param method the method
	 */
	public void loseNextAnswer(SpireMethod method) {
		this.calls.addNext(method, new Fault.LostAnswer());
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

	@Nullable Fault take(SpireMethod method) {
		return this.calls.take(method);
	}

}
