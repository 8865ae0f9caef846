package dev.psat.spire.server;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/**
 * Requests the trust bundle from the server: as the agent if possible, and anonymously
 * otherwise, so that a dead agent does not hide a revocation.
 */
final class TrustBundleRefresh {

	private final SpireClient client;

	private final TrustBundleKeeper keeper;

	private final Outcomes outcomes;

	private final Composure composure;

	TrustBundleRefresh(SpireClient client, TrustBundleKeeper keeper, Outcomes outcomes, Composure composure) {
		this.client = client;
		this.keeper = keeper;
		this.outcomes = outcomes;
		this.composure = composure;
	}

	/**
	 * Refresh the trust bundle.
	 * @param agent the agent, {@code null} if there is none
	 * @return the failure, {@code null} if there was none
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
				this.keeper.serverUntrusted();
			}
			return FailureAdvice.failure(ex, null);
		}
	}

	private TrustBundle ask(@Nullable Agent agent) {
		this.composure.regain();
		if (agent != null) {
			try {
				return agent.connection().trustBundle();
			}
			catch (SpireException ex) {
				// the other way reports the problem
			}
		}
		return this.client.trustBundle();
	}

}
