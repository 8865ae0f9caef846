package dev.psat.spire.tls.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * An identity that is what a test says, and at first nothing.
 */
public class MutableIdentity implements TlsIdentity {

	static final String ABSENCE = "The test has not begun";

	private final AtomicLong generations = new AtomicLong();

	private final Map<TrustDomain, TrustBundle> federated = new ConcurrentHashMap<>();

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final AtomicInteger asked = new AtomicInteger();

	private volatile boolean telling;

	private volatile TlsSnapshot snapshot = TlsSnapshot.EMPTY;

	/**
	 * An identity that was issued by an authority, and trusts it.
	 */
	public static MutableIdentity of(SvidMint mint, String id) {
		MutableIdentity identity = new MutableIdentity();
		identity.become(mint.mint(id), mint.bundle());
		return identity;
	}

	/**
	 * Let it tell of changes, as the identities of this library do.
	 * @return this
	 */
	public MutableIdentity telling() {
		this.telling = true;
		return this;
	}

	@Override
	public boolean onChange(Runnable listener) {
		this.asked.incrementAndGet();
		return this.telling && this.listeners.add(listener);
	}

	/**
	 * How often somebody wanted to be told of changes.
	 */
	int asked() {
		return this.asked.get();
	}

	private void changed() {
		this.listeners.forEach(Runnable::run);
	}

	public void become(Minted minted, @Nullable TrustBundle trustBundle) {
		become(new TlsSnapshot(keyed(minted), trustBundle));
	}

	public void become(TlsSnapshot snapshot) {
		this.snapshot = snapshot;
		changed();
	}

	public void rotate(Minted minted) {
		become(minted, this.snapshot.trustBundle());
	}

	public void trust(TrustBundle trustBundle) {
		become(new TlsSnapshot(this.snapshot.svid(), trustBundle));
	}

	/**
	 * Trust another trust domain, too.
	 */
	public void federate(TrustBundle trustBundle) {
		this.federated.put(trustBundle.trustDomain(), trustBundle);
		changed();
	}

	/**
	 * Trust another trust domain no longer.
	 */
	public void endFederation(TrustDomain trustDomain) {
		this.federated.remove(trustDomain);
		changed();
	}

	@Override
	public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
		TrustBundle federated = this.federated.get(trustDomain);
		return (federated != null) ? federated : TlsIdentity.super.bundle(trustDomain);
	}

	KeyedSvid keyed(Minted minted) {
		return new KeyedSvid(minted.svid(), minted.privateKey(), this.generations.incrementAndGet());
	}

	@Override
	public TlsSnapshot snapshot() {
		return this.snapshot;
	}

	@Override
	public String absence() {
		return ABSENCE;
	}

}
