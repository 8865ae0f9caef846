package dev.psat.tlstests;

import java.util.function.Predicate;

import dev.psat.spiffe.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * A policy of a single client or server that can change. It initially authorizes the
 * listed peer.
 */
public final class Policy implements Predicate<SpiffeId> {

	private volatile boolean shrunk;

	private volatile boolean widened;

	private volatile @Nullable String guest;

	@Override
	public boolean test(SpiffeId peer) {
		String id = peer.toString();
		return this.widened || id.equals(this.guest) || (!this.shrunk && id.equals(TlsWorld.LISTED));
	}

	/**
	 * Authorize another peer, too.
	 * @param guest the peer, which takes the place of an earlier one, {@code null} for
	 * nobody
	 */
	public void invite(@Nullable String guest) {
		this.guest = guest;
	}

	/**
	 * Stop authorizing the listed peer, or authorize it again.
	 * @param shrunk whether nobody is authorized
	 */
	public void shrink(boolean shrunk) {
		this.shrunk = shrunk;
	}

	/**
	 * Authorize everybody, or no longer.
	 * @param widened whether everybody is authorized
	 */
	public void widen(boolean widened) {
		this.widened = widened;
	}

}
