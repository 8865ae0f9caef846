package dev.psat.spire.tls.internal;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

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

	/**
	 * Return the ID of the session. Each is new where the JDK serves, since no session is
	 * resumed, but a server may give all of its clients an empty one.
	 * @return the ID, {@code null} if it is empty, or nothing uses the session any more
	 */
	@Nullable ByteBuffer id() {
		SSLSession session = get();
		byte[] id = (session != null) ? session.getId() : new byte[0];
		return (id.length != 0) ? ByteBuffer.wrap(id) : null;
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
