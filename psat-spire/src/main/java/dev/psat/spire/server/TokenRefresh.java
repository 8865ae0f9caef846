package dev.psat.spire.server;

import dev.psat.concurrent.internal.ForeignCall;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.internal.Time;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the token source check for a newer token, whose event may not have arrived yet. If
 * there is one, the source reports it, and the next visit follows at once. Nobody waits
 * for that: the source may be the user's and hang.
 */
final class TokenRefresh {

	private static final Logger logger = LoggerFactory.getLogger(SpireIdentity.class);

	private final @Nullable ForeignCall<Boolean> refreshing;

	TokenRefresh(@Nullable TokenSource source, Time time) {
		this.refreshing = (source != null)
				? new ForeignCall<>("psat-spire-token", () -> isRefreshed(source), time.clock()) : null;
	}

	/**
	 * Begin a check, unless the previous one hangs.
	 */
	void begin() {
		if (this.refreshing != null) {
			try {
				this.refreshing.begin();
			}
			catch (ForeignCall.SilenceException ex) {
				logger.debug("The token source has not answered since {}", ex.since());
			}
		}
	}

	private static boolean isRefreshed(TokenSource source) {
		try {
			source.refresh();
			return true;
		}
		catch (Throwable ex) {
			// the message of a custom source could contain a token
			logger.debug("The token source could not be refreshed: {}", ex.getClass().getName());
			return false;
		}
	}

	/**
	 * End a check that hangs.
	 */
	void end() {
		if (this.refreshing != null) {
			this.refreshing.end();
		}
	}

}
