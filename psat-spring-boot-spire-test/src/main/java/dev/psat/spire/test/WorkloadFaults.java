package dev.psat.spire.test;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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

	private final Connections connections;

	private final CallFaults<WorkloadMethod> calls = new CallFaults<>(WorkloadMethod.class);

	private volatile boolean mute;

	private volatile boolean refusing;

	private volatile boolean issuanceHeld;

	private volatile boolean jwtProfile = true;

	private volatile boolean flooding;

	private volatile int padding;

	private volatile byte @Nullable [] garbage;

	private final Map<String, WorkloadSvidFault> svids = new ConcurrentHashMap<>();

	private volatile @Nullable WorkloadSvidFault everySvid;

	private volatile Runnable floodChanged = () -> {
	};

	private volatile Runnable changed = () -> {
	};

	WorkloadFaults(Connections connections) {
		this.connections = connections;
	}

	/**
	 * Set what is run whenever streams may have to be told something, and what when a
	 * flood begins or ends.
	 */
	void onChange(Runnable changed, Runnable floodChanged) {
		this.changed = changed;
		this.floodChanged = floodChanged;
	}

	/**
	 * Fall silent: connections are accepted and stay open, but nothing is read or written
	 * once this returns.
	 */
	public void hang() {
		this.connections.silence(true);
	}

	/**
	 * Fall silent like an agent that is suspended: once this returns, nothing is read or
	 * written, and nothing is accepted. Connections wait in the
	 * {@link SimulatedWorkloadApiBuilder#backlog backlog}.
	 */
	public void suspend() {
		this.connections.accept(false);
		this.connections.silence(true);
	}

	/**
	 * Resume after {@link #hang()} or {@link #suspend()}, with everything that has
	 * accumulated.
	 */
	public void resume() {
		this.connections.silence(false);
		this.connections.accept(true);
	}

	/**
	 * Answer new connections with bytes that are not HTTP/2, as something else than an
	 * agent does.
	 * @param garbage the bytes, of which there may be none; {@code null} to behave again
	 */
	public void garbage(byte @Nullable [] garbage) {
		this.garbage = (garbage != null) ? garbage.clone() : null;
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

	/**
	 * Hand out X509-SVIDs that are wrong.
	 * @param fault what is wrong with all of them; {@code null} for nothing
	 */
	public void spoil(@Nullable WorkloadSvidFault fault) {
		this.everySvid = fault;
		this.svids.clear();
		this.changed.run();
	}

	/**
	 * Hand out X509-SVIDs of one SPIFFE ID that are wrong, among others.
	 * @param spiffeId the SPIFFE ID
	 * @param fault what is wrong with them
	 */
	public void spoil(String spiffeId, WorkloadSvidFault fault) {
		Assert.notNull(spiffeId, "'spiffeId' must not be null");
		Assert.notNull(fault, "'fault' must not be null");
		this.svids.put(spiffeId, fault);
		this.changed.run();
	}

	/**
	 * Make the messages of streams larger than they have to be, by a field that nobody
	 * knows.
	 * @param size the size of the field in bytes, zero for none
	 */
	public void pad(int size) {
		Assert.isTrue(size >= 0, "'size' must not be negative");
		this.padding = size;
		this.changed.run();
	}

	/**
	 * Set whether streams get the same message over and over again, as fast as the
	 * workload reads. When the flood is over, nothing more of it is sent once this
	 * returns, but a workload may have to read what was sent before.
	 * @param flooding whether to flood them
	 */
	public void flood(boolean flooding) {
		this.flooding = flooding;
		this.floodChanged.run();
	}

	boolean isFlooding() {
		return this.flooding;
	}

	int padding() {
		return this.padding;
	}

	byte @Nullable [] garbage() {
		return this.garbage;
	}

	@Nullable WorkloadSvidFault ofSvid(String spiffeId) {
		WorkloadSvidFault fault = this.svids.get(spiffeId);
		return (fault != null) ? fault : this.everySvid;
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

	/**
	 * Return whether nobody gets an X509-SVID, and not since nobody is known.
	 */
	boolean isFailing() {
		return this.calls.lasting(WorkloadMethod.FETCH_X509_SVID) instanceof Fault.Failure failure
				&& failure.status().getCode() != Status.Code.PERMISSION_DENIED;
	}

	@Nullable Fault take(WorkloadMethod method) {
		return this.calls.take(method);
	}

}
