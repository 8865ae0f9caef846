package dev.psat.spire.tls;

import dev.psat.spiffe.TrustBundle;
import org.jspecify.annotations.Nullable;

/**
 * The identity of this application at one moment. Instances are immutable.
 *
 * @since 0.1.0
 */
public final class TlsSnapshot {

	/** Neither an SVID nor a trust bundle. */
	public static final TlsSnapshot EMPTY = new TlsSnapshot(null, null);

	private final @Nullable KeyedSvid svid;

	private final @Nullable TrustBundle trustBundle;

	/**
	 * Create a snapshot.
	 * @param svid the X.509-SVID, {@code null} if there is none yet
	 * @param trustBundle the trust bundle that verifies peers, {@code null} if there is
	 * none yet
	 */
	public TlsSnapshot(@Nullable KeyedSvid svid, @Nullable TrustBundle trustBundle) {
		this.svid = svid;
		this.trustBundle = trustBundle;
	}

	/** Return the X.509-SVID, {@code null} if there is none yet. */
	public @Nullable KeyedSvid svid() {
		return this.svid;
	}

	/** Return the trust bundle that verifies peers, {@code null} if there is none yet. */
	public @Nullable TrustBundle trustBundle() {
		return this.trustBundle;
	}

	@Override
	public String toString() {
		return "TlsSnapshot[svid=%s, trustBundle=%s]".formatted(this.svid, this.trustBundle);
	}

}
