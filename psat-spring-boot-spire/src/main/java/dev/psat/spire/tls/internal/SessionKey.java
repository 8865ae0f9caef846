package dev.psat.spire.tls.internal;

import java.lang.ref.WeakReference;

import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

/**
 * A session as a key: the very same instance, which the JDK has both during the handshake
 * and afterwards. A value of the session would be simpler, but lets a server of the JDK
 * remember sessions that it was told to forget.
 */
final class SessionKey extends WeakReference<SSLSession> {

	private final int hash;

	SessionKey(SSLSession session) {
		super(session);
		this.hash = System.identityHashCode(session);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		if (this == other) {
			return true;
		}
		SSLSession session = get();
		return session != null && other instanceof SessionKey key && key.get() == session;
	}

	@Override
	public int hashCode() {
		return this.hash;
	}

}
