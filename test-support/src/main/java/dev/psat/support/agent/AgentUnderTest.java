package dev.psat.support.agent;

import java.nio.file.Path;

/**
 * A SPIFFE Workload API and what has to be done to it, whether it is simulated or real.
 * Its trust domain is {@code example.org}, which knows {@code partner.org}. What is done
 * may take effect later.
 */
public interface AgentUnderTest extends AutoCloseable {

	String TRUST_DOMAIN = "example.org";

	String PARTNER = "partner.org";

	/**
	 * Return the socket. It is in a directory that has nothing else.
	 */
	Path socket();

	/**
	 * Add an entry that matches this process.
	 * @param spiffeId the SPIFFE ID
	 * @param options what else the entry has
	 * @return the ID of the entry
	 */
	String add(String spiffeId, EntryOptions options);

	/**
	 * Add an entry that matches a process of another user.
	 * @param spiffeId the SPIFFE ID
	 */
	void addForAnotherUser(String spiffeId);

	void delete(String entry);

	/**
	 * Delete an entry and add another one, between two synchronizations of the agent.
	 * @param entry the ID of the entry to delete
	 * @param spiffeId the SPIFFE ID of the new one
	 * @return the ID of the new entry
	 */
	String exchange(String entry, String spiffeId);

	/**
	 * Delete all entries.
	 */
	void clear();

	/**
	 * Replace X.509-SVIDs soon, if nothing would on its own.
	 */
	void rotate();

	/**
	 * Stop the agent as an operator does.
	 */
	void stop();

	/**
	 * Kill the agent, so that it leaves its socket behind.
	 */
	void kill();

	/**
	 * Start the agent, with the directory of its socket if that is gone.
	 */
	void start();

	/**
	 * Let the agent stand still, with all connections open.
	 */
	void suspend();

	void resume();

	/**
	 * Add an X.509 authority to the trust bundle, which signs nothing yet.
	 */
	void prepareAuthority();

	/**
	 * Let the prepared X.509 authority sign, and taint the one before it.
	 */
	void activateAuthorityAndTaint();

	/**
	 * Take the tainted X.509 authority out of the trust bundle.
	 */
	void revokeAuthority();

	/**
	 * Delete the trust bundle of the partner, and let no entry federate with it.
	 */
	void endFederation();

	/**
	 * Go on with RSA keys.
	 */
	void useRsaKeys();

	/**
	 * Go on without JWT-SVIDs.
	 */
	void endJwtSvids();

	@Override
	void close();

}
