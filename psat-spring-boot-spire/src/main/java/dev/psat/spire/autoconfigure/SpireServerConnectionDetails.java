package dev.psat.spire.autoconfigure;

import java.nio.file.Path;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.ServerAddress;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Details required to establish a connection to a SPIRE Server. A bean of this type takes
 * the place of the properties {@code spire.server.address}, {@code .trust-domain} and
 * {@code .trust-bundle}. It is asked once, when the identity that the server issues is
 * created, and not at all if there is no such identity.
 *
 * @since 0.1.0
 */
public interface SpireServerConnectionDetails extends ConnectionDetails {

	/**
	 * Return the address of the SPIRE Server's API.
	 * @return the address
	 */
	ServerAddress getAddress();

	/**
	 * Return the trust domain of the SPIRE Server.
	 * @return the trust domain
	 */
	TrustDomain getTrustDomain();

	/**
	 * Return the file with the initial trust bundle, in PEM or as a SPIFFE bundle. It may
	 * be written later: it is read at each attempt until the server has supplied its own.
	 * @return the path of the file
	 */
	Path getTrustBundle();

}
