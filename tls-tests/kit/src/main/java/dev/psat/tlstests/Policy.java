package dev.psat.tlstests;

import java.util.function.Predicate;

import dev.psat.spiffe.SpiffeId;

/**
 * A policy of a single client or server that can change. It initially authorizes the
 * listed peer.
 */
public final class Policy implements Predicate<SpiffeId> {

	private volatile boolean shrunk;

	private volatile boolean widened;

	@Override
	public boolean test(SpiffeId peer) {
		return this.widened || (!this.shrunk && peer.toString().equals(TlsWorld.LISTED));
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
