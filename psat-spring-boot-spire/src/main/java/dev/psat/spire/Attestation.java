package dev.psat.spire;

import java.security.KeyPair;
import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.client.X509Svid;
import dev.psat.token.TokenClaims;
import dev.psat.token.TokenUnavailableException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.log.LogMessage;

/**
 * Attests with the current payload, and accepts no identity but that of this pod.
 */
final class Attestation {

	private static final Log logger = LogFactory.getLog(SpireIdentity.class);

	private final PsatAttestor attestor;

	private final SpireClient client;

	private final ServerAddress server;

	private final IdentityGuard guard;

	private final KeyType keyType;

	private final Outcomes outcomes;

	private final BooleanSupplier stopping;

	private final Time time;

	Attestation(PsatAttestor attestor, SpireClient client, ServerAddress server, IdentityGuard guard, KeyType keyType,
			Outcomes outcomes, BooleanSupplier stopping, Time time) {
		this.attestor = attestor;
		this.client = client;
		this.server = server;
		this.guard = guard;
		this.keyType = keyType;
		this.outcomes = outcomes;
		this.stopping = stopping;
		this.time = time;
	}

	/**
	 * Attest.
	 * @return the agent
	 * @throws VisitException if there is no payload, the server refuses it, or the agent
	 * is not this pod
	 */
	Agent attest() throws VisitException {
		long began = this.time.nanos();
		try {
			Agent agent = attest(payload());
			this.outcomes.attested(null, Duration.ofNanos(this.time.nanos() - began));
			return agent;
		}
		catch (VisitException ex) {
			this.outcomes.attested(ex, Duration.ofNanos(this.time.nanos() - began));
			throw ex;
		}
	}

	private AttestationPayload payload() throws VisitException {
		try {
			return this.attestor.payload();
		}
		catch (TokenUnavailableException ex) {
			throw new VisitException(VisitException.OwnReason.TOKEN_UNAVAILABLE, String.valueOf(ex.getMessage()),
					ex.advice());
		}
		// only the type, even of an error, since its message could contain a token
		catch (Throwable ex) {
			throw new VisitException(VisitException.OwnReason.UNEXPECTED,
					"The attestor failed with " + ex.getClass().getName(),
					"Check the PsatAttestor of the application.");
		}
		finally {
			if (!this.stopping.getAsBoolean()) {
				// an interrupt left behind by the attestor would cancel the calls to the
				// server
				Thread.interrupted();
			}
		}
	}

	private Agent attest(AttestationPayload payload) throws VisitException {
		TokenClaims claims = payload.claims();
		this.guard.checkBefore(claims);
		KeyPair key = this.keyType.generate();
		X509Svid svid = send(payload, key);
		this.guard.checkAfter(svid.spiffeId(), claims);
		logger.info(LogMessage.format("Attested to %s as %s (serial number %s, expires at %s)", this.server,
				svid.spiffeId(), svid.serialNumber(), svid.expiresAt()));
		Duration skew = ClockSkew.of(svid, this.time.now());
		if (!skew.isZero()) {
			logger.warn(LogMessage.format("The clock of the SPIRE Server is %d seconds %s this one",
					skew.abs().toSeconds(), skew.isNegative() ? "behind" : "ahead of"));
		}
		return new Agent(svid, this.client.connect(svid, key), claims, Renewal.of(svid, 0.80, 0.95, this.time));
	}

	private X509Svid send(AttestationPayload payload, KeyPair key) throws VisitException {
		try {
			return this.client.attest(payload.type(), payload.toBytes(), key);
		}
		catch (SpireException ex) {
			throw new VisitException(ex, FailureAdvice.of(ex.reason(), payload.claims()));
		}
	}

}
