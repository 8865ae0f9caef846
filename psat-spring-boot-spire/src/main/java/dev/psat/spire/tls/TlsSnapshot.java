package dev.psat.spire.tls;

import dev.psat.spire.client.TrustBundle;
import org.jspecify.annotations.Nullable;

/**
 * The identity of this application at one moment.
 *
 * @param svid the X.509-SVID, {@code null} if there is none yet
 * @param trustBundle the trust bundle that verifies peers, {@code null} if there is none
 * yet
 * @since 0.1.0
 */
public record TlsSnapshot(@Nullable KeyedSvid svid, @Nullable TrustBundle trustBundle) {

	/** Neither an SVID nor a trust bundle. */
	public static final TlsSnapshot EMPTY = new TlsSnapshot(null, null);

}
