package dev.psat.spire.test;

import dev.psat.spire.test.CallFaults.Fault;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The faults of the simulated Workload API. Thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedWorkloadApi#faults()
 */
public final class WorkloadFaults {

	private final CallFaults<WorkloadMethod> calls = new CallFaults<>(WorkloadMethod.class);

	private volatile boolean mute;

	private volatile boolean refusing;

	private volatile boolean issuanceHeld;

	private volatile boolean jwtProfile = true;

	private volatile Runnable changed = () -> {
	};

	WorkloadFaults() {
	}

	/**
	 * Set what is run whenever streams may have to be told something.
	 */
	void onChange(Runnable changed) {
		this.changed = changed;
	}

	/**
	 * Refuse the next call of a method, before the agent's own rules apply. Further
	 * invocations apply to the calls after that.
	 * @param method the method
	 * @param status the status, which must not be OK
	 */
	public void failNext(WorkloadMethod method, Status status) {
		this.calls.addNext(method, CallFaults.failure(status));
	}

	/**
	 * Refuse all further calls of a method. Open streams are not affected.
	 * @param method the method
	 * @param status the status, which must not be OK; {@code null} to stop refusing
	 */
	public void failAll(WorkloadMethod method, @Nullable Status status) {
		this.calls.setLasting(method, (status != null) ? CallFaults.failure(status) : null);
	}

	/**
	 * Answer the next call of a method with the given message, and end it with OK.
	 * @param method the method
	 * @param message the message, which may be any bytes
	 */
	public void answerNext(WorkloadMethod method, byte[] message) {
		Assert.notNull(message, "'message' must not be null");
		this.calls.addNext(method, new Fault.Answer(message.clone()));
	}

	/**
	 * Set whether calls are accepted, but streams get no message.
	 * @param mute whether nothing is sent
	 */
	public void mute(boolean mute) {
		this.mute = mute;
		this.changed.run();
	}

	/**
	 * Set whether nobody is a workload that the agent knows, as when the attested
	 * selectors match no entry. Open streams end.
	 * @param refusing whether to refuse
	 */
	public void refuse(boolean refusing) {
		this.refusing = refusing;
		this.changed.run();
	}

	/**
	 * Set whether the server is slow, and issues no X509-SVIDs. Whoever asks while one is
	 * missing has to wait.
	 * @param held whether nothing is issued
	 */
	public void holdIssuance(boolean held) {
		this.issuanceHeld = held;
		this.changed.run();
	}

	/**
	 * Set whether there is a JWT profile. Without it, as with an implementation of the
	 * Workload API that has none, its methods are unimplemented.
	 * @param jwtProfile whether there is one
	 */
	public void jwtProfile(boolean jwtProfile) {
		this.jwtProfile = jwtProfile;
	}

	boolean isMute() {
		return this.mute;
	}

	boolean isRefusing() {
		return this.refusing;
	}

	boolean isIssuanceHeld() {
		return this.issuanceHeld;
	}

	boolean hasJwtProfile() {
		return this.jwtProfile;
	}

	@Nullable Fault take(WorkloadMethod method) {
		return this.calls.take(method);
	}

}
