package dev.psat.spire.tls;

import dev.psat.spire.client.TrustBundle;
import org.jspecify.annotations.Nullable;

/**
 * What TLS needs at one moment.
 *
 * @param svid who we are, {@code null} if there is no X.509-SVID yet
 * @param trustBundle by what peers are verified, {@code null} if there is none yet
 * @since 0.1.0
 */
public record TlsSnapshot(@Nullable KeyedSvid svid, @Nullable TrustBundle trustBundle) {

	/** Neither an SVID nor a trust bundle. */
	public static final TlsSnapshot EMPTY = new TlsSnapshot(null, null);

}
