package dev.psat.spire.server;

import java.security.KeyPair;
import java.time.Duration;
import java.util.function.Consumer;

import dev.psat.AttestationPayload;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.Renewal;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitException;
import dev.psat.token.TokenClaims;

/**
 * Attests with the current payload, and accepts no identity but that of this pod.
 */
final class Attestation {

	private final Settings settings;

	private final IdentityGuard guard;

	private final Payloads payloads;

	private final Outcomes outcomes;

	private final SpireClient client;

	private final Composure composure;

	private final Consumer<VisitException> silence;

	private final Time time;

	/**
	 * Create an attestation.
	 * @param settings the settings of the identity
	 * @param memory what the identity keeps
	 * @param client sends the payload
	 * @param composure keeps interrupts from cancelling that
	 * @param silence notified once if the attestor does not answer soon
	 */
	Attestation(Settings settings, IdentityMemory memory, SpireClient client, Composure composure,
			Consumer<VisitException> silence) {
		this.settings = settings;
		this.guard = new IdentityGuard(settings.allowNodeIdentity());
		this.payloads = memory.payloads();
		this.outcomes = memory.outcomes();
		this.client = client;
		this.composure = composure;
		this.silence = silence;
		this.time = settings.time();
	}

	/**
	 * Attest.
	 * @return the agent
	 * @throws VisitException if there is no payload, the server refuses it, or the agent
	 * is not this pod
	 */
	Agent attest() throws VisitException {
		return this.outcomes.observed(Outcomes.attestation(), this::attestAndTell);
	}

	private Agent attestAndTell() throws VisitException {
		long began = this.time.nanos();
		try {
			this.composure.regain();
			Agent agent = attest(this.payloads.payload(this.silence));
			this.outcomes.attested(null, Duration.ofNanos(this.time.nanos() - began));
			return agent;
		}
		catch (VisitException ex) {
			this.outcomes.attested(ex, Duration.ofNanos(this.time.nanos() - began));
			throw ex;
		}
	}

	private Agent attest(AttestationPayload payload) throws VisitException {
		TokenClaims claims = payload.claims();
		this.guard.checkBefore(claims);
		KeyPair key = this.settings.keyType().generate();
		X509Svid svid = send(payload, key);
		this.guard.checkAfter(svid.spiffeId(), claims);
		return new Agent(this.settings.server(), svid, this.client.connect(svid, key), claims,
				Renewal.of(svid, 0.80, 0.95, this.time));
	}

	private X509Svid send(AttestationPayload payload, KeyPair key) throws VisitException {
		this.composure.regain();
		try {
			return this.client.attest(payload.type(), payload.toBytes(), key);
		}
		catch (SpireException ex) {
			throw FailureAdvice.failure(ex, payload.claims());
		}
	}

}
