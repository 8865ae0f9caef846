package dev.psat.spire;

import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.client.TrustBundle;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server for the trust bundle: as the agent while that works, and as nobody
 * where it does not, so that a dead agent hides no revocation.
 */
final class TrustBundleRefresh {

	private final SpireClient client;

	private final TrustBundleKeeper keeper;

	private final Outcomes outcomes;

	TrustBundleRefresh(SpireClient client, TrustBundleKeeper keeper, Outcomes outcomes) {
		this.client = client;
		this.keeper = keeper;
		this.outcomes = outcomes;
	}

	/**
	 * Refresh the trust bundle.
	 * @param agent the agent, {@code null} if there is none
	 * @return what went wrong, {@code null} if nothing did
	 */
	@Nullable VisitException refresh(@Nullable Agent agent) {
		VisitException failure = failureOf(agent);
		this.outcomes.refreshed(failure);
		return failure;
	}

	private @Nullable VisitException failureOf(@Nullable Agent agent) {
		try {
			this.keeper.accept(ask(agent));
			return null;
		}
		catch (VisitException ex) {
			return ex;
		}
		catch (SpireException ex) {
			if (ex.reason() == FailureReason.SERVER_NOT_TRUSTED) {
				this.keeper.distrusted();
			}
			return new VisitException(ex, FailureAdvice.of(ex.reason(), null));
		}
	}

	private TrustBundle ask(@Nullable Agent agent) {
		if (agent != null) {
			try {
				return agent.connection().trustBundle();
			}
			catch (SpireException ex) {
				// the other way tells what is wrong
			}
		}
		return this.client.trustBundle();
	}

}
