package dev.psat.tlstests;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;

/**
 * An identity of the trust domain {@code example.org} that has what a test gives it, at
 * once.
 */
public final class PlayedIdentity implements SpireIdentity, TlsIdentity {

	private static final TrustDomain TRUST_DOMAIN = TrustDomain.of("example.org");

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private volatile TlsSnapshot snapshot = TlsSnapshot.EMPTY;

	/**
	 * Have another X.509-SVID from now on.
	 * @param credential the X.509-SVID with its key
	 */
	public synchronized void present(Credential credential) {
		KeyedSvid before = this.snapshot.svid();
		change(new TlsSnapshot(new KeyedSvid(X509Svid.of(credential.chain(), null), credential.privateKey(),
				(before != null) ? before.generation() + 1 : 1), this.snapshot.trustBundle()));
	}

	/**
	 * Have no X.509-SVID any more.
	 */
	public synchronized void withdraw() {
		change(new TlsSnapshot(null, this.snapshot.trustBundle()));
	}

	/**
	 * Trust other authorities from now on.
	 * @param authorities the authorities
	 */
	public synchronized void trust(X509Authority... authorities) {
		change(new TlsSnapshot(this.snapshot.svid(),
				TrustBundle.of(TRUST_DOMAIN, Stream.of(authorities).toList(), List.of(), null, null)));
	}

	private void change(TlsSnapshot snapshot) {
		this.snapshot = snapshot;
		this.listeners.forEach(Runnable::run);
	}

	@Override
	public TlsSnapshot snapshot() {
		return this.snapshot;
	}

	@Override
	public boolean onChange(Runnable listener) {
		return this.listeners.add(listener);
	}

	@Override
	public String absence() {
		return "The test has withdrawn it";
	}

	@Override
	public X509Svid x509Svid() {
		KeyedSvid svid = this.snapshot.svid();
		if (svid == null) {
			throw unavailable();
		}
		return svid.svid();
	}

	@Override
	public JwtSvid jwtSvid(String audience, String... more) {
		throw unavailable();
	}

	@Override
	public TrustBundle trustBundle() {
		TrustBundle trustBundle = this.snapshot.trustBundle();
		if (trustBundle == null) {
			throw unavailable();
		}
		return trustBundle;
	}

	@Override
	public SpireStatus status() {
		SpireState state = (this.snapshot.svid() != null) ? SpireState.READY : SpireState.STARTING;
		return SpireStatus.builder(state).trustDomain(TRUST_DOMAIN).build();
	}

	private SvidUnavailableException unavailable() {
		return new SvidUnavailableException(absence(), status().state(), "Present one.");
	}

}
