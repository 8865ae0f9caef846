package dev.psat.tlstests;

import java.util.concurrent.CompletableFuture;
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

	private volatile @Nullable Hang hang;

	@Override
	public boolean test(SpiffeId peer) {
		String id = peer.toString();
		Hang hang = this.hang;
		if (hang != null && id.equals(hang.peer())) {
			hang.begun().complete(null);
			hang.over().join();
		}
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
	 * Have whoever asks for a peer wait.
	 * @param peer the peer
	 * @param over when it is over
	 * @return when somebody waits
	 */
	public CompletableFuture<Void> hang(String peer, CompletableFuture<Void> over) {
		Hang hang = new Hang(peer, new CompletableFuture<>(), over);
		this.hang = hang;
		return hang.begun();
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

	/**
	 * What somebody waits for.
	 *
	 * @param peer the peer
	 * @param begun once somebody waits
	 * @param over once nobody does any more
	 */
	private record Hang(String peer, CompletableFuture<Void> begun, CompletableFuture<Void> over) {

	}

}
