package dev.psat.spire.server;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.psat.token.TokenListener;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * The source may be the user's and hang, so that neither begin nor end waits for the
 * other: the one that is done last removes the listener, which is not that of any other
 * start.
 */
final class TokenSubscription {

	private final @Nullable TokenSource source;

	private final Runnable changed;

	private final TokenListener listener;

	private final AtomicBoolean addedOrOver = new AtomicBoolean();

	TokenSubscription(@Nullable TokenSource source, Runnable changed) {
		this.source = source;
		this.changed = changed;
		this.listener = (previous, current) -> changed.run();
	}

	/** No lock may be held, since this calls foreign code. */
	void begin() {
		if (this.source != null) {
			add(this.source);
			removeIfSecond(this.source);
			// the token may have changed before
			this.changed.run();
		}
	}

	/** Leaves nothing of the listener behind where that fails half way. */
	private void add(TokenSource source) {
		try {
			source.addListener(this.listener);
		}
		// including undeclared exceptions: a token source need not be written in Java
		catch (Throwable ex) {
			try {
				source.removeListener(this.listener);
			}
			catch (Throwable more) {
				ex.addSuppressed(more);
			}
			throw ex;
		}
	}

	void end() {
		if (this.source != null) {
			removeIfSecond(this.source);
		}
	}

	private void removeIfSecond(TokenSource source) {
		if (!this.addedOrOver.compareAndSet(false, true)) {
			source.removeListener(this.listener);
		}
	}

}
