package dev.psat.spire;

import dev.psat.spire.client.AgentConnection;
import dev.psat.spire.client.X509Svid;
import dev.psat.token.TokenClaims;

/**
 * What the server knows this application as, until it knows otherwise.
 *
 * @param svid the agent SVID
 * @param connection what the agent SVID opens
 * @param claims the claims of the token that it was attested with
 * @param replacement when another one is due
 */
record Agent(X509Svid svid, AgentConnection connection, TokenClaims claims,
		Renewal replacement) implements AutoCloseable {

	@Override
	public void close() {
		this.connection.close();
	}

}
