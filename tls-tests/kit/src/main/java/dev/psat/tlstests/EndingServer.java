package dev.psat.tlstests;

import java.math.BigInteger;
import java.net.URI;
import java.util.function.Predicate;

/**
 * A server that tells what clients do at the end of a connection. It answers each request
 * with {@code hello}.
 */
public interface EndingServer extends PeerServer {

	/**
	 * Return the URI of requests that are answered once they are released.
	 * @return the URI
	 */
	default URI heldUri() {
		return uri().resolve("/held");
	}

	/**
	 * Return how many requests wait for their release.
	 * @return how many do
	 */
	int held();

	/**
	 * Answer the requests that are held.
	 */
	void release();

	/**
	 * Return how many bytes clients have sent after their handshakes, once all that they
	 * have sent so far has been read.
	 * @return the number of bytes
	 */
	long bytes();

	/**
	 * Present another credential in handshakes that have not yet begun.
	 * @param credential the credential
	 */
	void renew(Credential credential);

	/**
	 * Reset connections, as a server does whose cause ends.
	 * @param which tells which ones
	 */
	void reset(Predicate<Shown> which);

	/**
	 * Return how many requests connections have received.
	 * @param which tells which connections
	 * @return the sum of their requests, including those of connections that are closed
	 */
	int requests(Predicate<Shown> which);

	/**
	 * What both ends of a connection have shown.
	 *
	 * @param server the serial number of the server's certificate
	 * @param client the serial number of the client's certificate
	 */
	record Shown(BigInteger server, BigInteger client) {

	}

}
