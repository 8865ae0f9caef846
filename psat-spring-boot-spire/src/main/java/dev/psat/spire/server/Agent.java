package dev.psat.spire.server;

import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.AgentConnection;
import dev.psat.spire.internal.Renewal;
import dev.psat.token.TokenClaims;

/**
 * This application as an agent of the server, until the server replaces or forgets it.
 *
 * @param svid the agent SVID
 * @param connection the connection that the agent SVID opens
 * @param claims the claims of the token with which it attested
 * @param replacement when the next one is due
 */
record Agent(X509Svid svid, AgentConnection connection, TokenClaims claims,
		Renewal replacement) implements AutoCloseable {

	@Override
	public void close() {
		this.connection.close();
	}

}
