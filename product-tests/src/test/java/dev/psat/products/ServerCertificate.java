package dev.psat.products;

import dev.psat.tlstests.Credential;
import dev.psat.tlstests.TlsWorld;

/**
 * What a server of a product may present.
 */
public enum ServerCertificate {

	/** Its X.509-SVID. */
	SPIRE,

	/** The X.509-SVID of another workload. */
	STRANGER,

	/** A certificate of a classic CA for {@code localhost}. */
	CLASSIC,

	/** A certificate of a classic CA for another host. */
	ELSEWHERE;

	/**
	 * Issue the certificate.
	 * @param world the world whose authorities do
	 * @param spiffeId the ID of the product
	 * @return the certificate and its key
	 */
	public Credential issue(TlsWorld world, String spiffeId) {
		return switch (this) {
			case SPIRE -> Credential.of(world.server().mintX509Svid(spiffeId));
			case STRANGER -> Credential.of(world.server().mintX509Svid(TlsWorld.STRANGER));
			case CLASSIC -> Credential.of(world.web(), "localhost");
			case ELSEWHERE -> Credential.of(world.web(), "elsewhere.example");
		};
	}

}
