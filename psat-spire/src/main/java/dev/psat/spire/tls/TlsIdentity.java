package dev.psat.spire.tls;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import org.jspecify.annotations.Nullable;

/**
 * Provides TLS with the identity of this application, including its private key. A
 * {@code SpireIdentity} that also is a {@code TlsIdentity} can be served by an SSL
 * bundle. No method waits, and none but {@link #onChange} throws, since handshakes call
 * them. Implementations are safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface TlsIdentity {

	/**
	 * Return the current snapshot. Each X.509-SVID is always the same {@link KeyedSvid}
	 * instance, whose generation is higher than those before, and comes no earlier than
	 * the trust bundle that vouches for it, and no later than a status that says so.
	 * @return the snapshot
	 */
	TlsSnapshot snapshot();

	/**
	 * Return the current trust bundle of a trust domain.
	 * @param trustDomain the trust domain
	 * @return the trust bundle, {@code null} if there is none, or that trust domain is
	 * not trusted; by default, only that of the snapshot is
	 */
	default @Nullable TrustBundle bundle(TrustDomain trustDomain) {
		TrustBundle own = snapshot().trustBundle();
		return (own != null && own.trustDomain().equals(trustDomain)) ? own : null;
	}

	/**
	 * Have a listener called whenever the snapshot or a trust bundle may have changed,
	 * for as long as the identity lives. Another identity that takes the place of this
	 * one, as behind a proxy, does not know the listener.
	 * @param listener the listener, which is called by a thread that it may block
	 * @return whether it will be called; if not, as by default, the owner of the listener
	 * has to look
	 * @throws IllegalStateException if there is nothing yet that could call it
	 */
	default boolean onChange(Runnable listener) {
		return false;
	}

	/**
	 * Return why there is no X.509-SVID. Called where a connection is refused because
	 * there is none.
	 * @return a sentence without a full stop
	 */
	String absence();

	/**
	 * Return why a trust domain is not trusted. Called where a peer of it is refused for
	 * that reason.
	 * @param trustDomain the trust domain
	 * @return a sentence without a full stop
	 */
	default String absence(TrustDomain trustDomain) {
		return "The trust domain '%s' is not trusted".formatted(trustDomain);
	}

}
