package dev.psat.spire.server;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.AgentConnection;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.internal.Renewal;
import dev.psat.token.TokenClaims;

/** This application as an agent, until the server replaces or forgets it. */
record Agent(ServerAddress server, X509Svid svid, AgentConnection connection, TokenClaims claims,
		Renewal replacement) implements AutoCloseable {

	/** Anything less may be due to a queue and the network. */
	private static final Duration NOTABLE_SKEW = Duration.ofSeconds(30);

	/** It is never a reason to refuse anything. */
	static Duration clockSkew(X509Svid svid, Instant now) {
		Duration skew = Duration.between(now, svid.issuedAt()).truncatedTo(ChronoUnit.SECONDS);
		return (skew.abs().compareTo(NOTABLE_SKEW) > 0) ? skew : Duration.ZERO;
	}

	@Override
	public void close() {
		this.connection.close();
	}

}
