package dev.psat.spire.server;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.concurrent.internal.ForeignCall;
import dev.psat.concurrent.internal.Time;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.internal.VisitException;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Obtains payloads from the attestor, which may hang. */
final class Payloads {

	private static final Logger logger = LoggerFactory.getLogger(SpireIdentity.class);

	private final ForeignCall<AttestationPayload> asking;

	private final Duration patience;

	private final @Nullable ForeignCall<Boolean> refreshing;

	Payloads(PsatAttestor attestor, @Nullable TokenSource source, Duration patience, Time time) {
		this.asking = new ForeignCall<>("psat-spire-attestor", attestor::payload, time);
		this.patience = patience;
		this.refreshing = (source != null) ? new ForeignCall<>("psat-spire-token", () -> isRefreshed(source), time)
				: null;
	}

	AttestationPayload payload(Consumer<VisitException> silence) throws VisitException {
		try {
			return await(this.asking.begin(), silence);
		}
		catch (ForeignCall.SilenceException ex) {
			throw silence(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw FailureAdvice.cancelled("The wait for the attestor was interrupted");
		}
		catch (ExecutionException ex) {
			throw failureOf(ex.getCause());
		}
	}

	private AttestationPayload await(ForeignCall.Answer<AttestationPayload> payload, Consumer<VisitException> silence)
			throws ExecutionException, ForeignCall.SilenceException, InterruptedException {
		try {
			return this.asking.await(payload, ForeignCall.PATIENCE);
		}
		catch (ForeignCall.SilenceException ex) {
			silence.accept(silence(ex));
			return this.asking.await(payload, this.patience);
		}
	}

	private static VisitException silence(ForeignCall.SilenceException ex) {
		return new VisitException(VisitException.OwnReason.TOKEN_UNAVAILABLE,
				"The attestor has not answered since " + ex.since(),
				"Check what the PsatAttestor of the application waits for.");
	}

	/** Names only the type, even of an error, since its message could contain a token. */
	private static VisitException failureOf(@Nullable Throwable cause) {
		if (cause instanceof TokenUnavailableException unavailable) {
			return new VisitException(VisitException.OwnReason.TOKEN_UNAVAILABLE,
					String.valueOf(unavailable.getMessage()), unavailable.advice());
		}
		return new VisitException(VisitException.OwnReason.UNEXPECTED,
				"The attestor failed with " + ((cause != null) ? cause.getClass().getName() : null),
				"Check the PsatAttestor of the application.");
	}

	/**
	 * Have the token source look for a newer token, whose event may not have arrived yet.
	 * Nobody waits for that: the source may be the user's and hang.
	 */
	void refreshToken() {
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

	void end() {
		this.asking.end();
		if (this.refreshing != null) {
			this.refreshing.end();
		}
	}

}
