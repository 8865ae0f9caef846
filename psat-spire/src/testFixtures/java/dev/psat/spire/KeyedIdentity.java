package dev.psat.spire;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;

/**
 * An identity of a user that offers TLS its key, as soon as it has rotated once.
 */
public class KeyedIdentity implements SpireIdentity, TlsIdentity {

	/** Its SPIFFE ID. */
	public static final String ID = "spiffe://example.org/ns/shop/sa/orders";

	private final SvidMint mint = new SvidMint("authority");

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private volatile TlsSnapshot snapshot = TlsSnapshot.EMPTY;

	/**
	 * Replace the X.509-SVID, and tell the listeners.
	 */
	public void rotate() {
		rotate(this.mint);
	}

	/**
	 * Replace the X.509-SVID by one of another authority, and tell the listeners.
	 */
	public void rotate(SvidMint mint) {
		rotate(mint, ID, mint.bundle());
	}

	/**
	 * Become somebody else, and tell the listeners.
	 */
	public void rotate(SvidMint mint, String id, TrustBundle trustBundle) {
		KeyedSvid before = this.snapshot.svid();
		Minted minted = mint.mint(id);
		this.snapshot = new TlsSnapshot(
				new KeyedSvid(minted.svid(), minted.privateKey(), (before != null) ? before.generation() + 1 : 1),
				trustBundle);
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
		return "The test has not rotated it yet";
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
		return TestIdentity.bare((this.snapshot.svid() != null) ? SpireState.READY : SpireState.STARTING);
	}

	private SvidUnavailableException unavailable() {
		return new SvidUnavailableException(absence(), status().state(), "Rotate it.");
	}

}
