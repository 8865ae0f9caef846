package dev.psat.tlstests;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * An identity that can present an X.509-SVID that nothing replaces before it expires, and
 * knows when the bundle last learned of a change.
 */
final class MortalIdentity implements SpireIdentity, TlsIdentity {

	private final SpireIdentity identity;

	private final TlsIdentity tls;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private volatile @Nullable KeyedSvid last;

	private volatile @Nullable Change change;

	/**
	 * Create an identity.
	 * @param identity the identity that it is otherwise, a {@link TlsIdentity}
	 */
	MortalIdentity(SpireIdentity identity) {
		this.identity = identity;
		this.tls = (TlsIdentity) identity;
	}

	/**
	 * Present an X.509-SVID that is the last.
	 * @param credential the X.509-SVID
	 */
	void presentAsLast(Credential credential) {
		KeyedSvid current = this.tls.snapshot().svid();
		this.last = new KeyedSvid(X509Svid.of(credential.chain(), null), credential.privateKey(),
				(current != null) ? current.generation() + 1 : 1);
		this.listeners.forEach(Runnable::run);
	}

	/**
	 * Present what the identity does.
	 */
	void revive() {
		this.last = null;
		this.listeners.forEach(Runnable::run);
	}

	/**
	 * Return when the bundle last learned of other authorities.
	 * @return the time by {@link System#nanoTime()}
	 */
	long told() {
		return Objects.requireNonNull(this.change, "The bundle has learned of none yet").time();
	}

	private void record() {
		TrustBundle trustBundle = this.tls.snapshot().trustBundle();
		Change before = this.change;
		if (trustBundle != null && (before == null || !before.authorities().equals(trustBundle.x509Authorities()))) {
			this.change = new Change(trustBundle.x509Authorities(), System.nanoTime());
		}
	}

	@Override
	public TlsSnapshot snapshot() {
		TlsSnapshot snapshot = this.tls.snapshot();
		KeyedSvid last = this.last;
		return (last != null) ? new TlsSnapshot(last, snapshot.trustBundle()) : snapshot;
	}

	@Override
	public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
		return this.tls.bundle(trustDomain);
	}

	@Override
	public boolean onChange(Runnable listener) {
		Runnable telling = () -> {
			record();
			listener.run();
		};
		this.listeners.add(telling);
		return this.tls.onChange(telling);
	}

	@Override
	public String absence() {
		return this.tls.absence();
	}

	@Override
	public String absence(TrustDomain trustDomain) {
		return this.tls.absence(trustDomain);
	}

	@Override
	public X509Svid x509Svid() {
		return this.identity.x509Svid();
	}

	@Override
	public JwtSvid jwtSvid(String audience, String... more) {
		return this.identity.jwtSvid(audience, more);
	}

	@Override
	public TrustBundle trustBundle() {
		return this.identity.trustBundle();
	}

	@Override
	public TrustBundle trustBundle(TrustDomain trustDomain) {
		return this.identity.trustBundle(trustDomain);
	}

	@Override
	public SpireStatus status() {
		return this.identity.status();
	}

	@Override
	public void addObserver(SpireObserver observer) {
		this.identity.addObserver(observer);
	}

	@Override
	public void removeObserver(SpireObserver observer) {
		this.identity.removeObserver(observer);
	}

	@Override
	public void start() {
		this.identity.start();
	}

	@Override
	public void stop() {
		this.identity.stop();
	}

	@Override
	public void close() {
		this.identity.close();
	}

	private record Change(List<X509Authority> authorities, long time) {

	}

}
