package dev.psat.tlstests;

import java.util.function.Predicate;

import dev.psat.spire.client.SpiffeId;

/**
 * A policy of one client or one server that changes its mind: at first it authorizes the
 * listed peer.
 */
public final class Policy implements Predicate<SpiffeId> {

	private volatile boolean shrunk;

	@Override
	public boolean test(SpiffeId peer) {
		return !this.shrunk && peer.toString().equals(TlsWorld.LISTED);
	}

	/**
	 * Authorize nobody any more, or the listed peer again.
	 * @param shrunk whether nobody is authorized
	 */
	public void shrink(boolean shrunk) {
		this.shrunk = shrunk;
	}

}
