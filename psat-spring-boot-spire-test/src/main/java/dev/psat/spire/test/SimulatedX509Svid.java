package dev.psat.spire.test;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An X509-SVID of a peer, with its private key. Instances are immutable.
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#mintX509Svid(String)
 */
public final class SimulatedX509Svid {

	private final String spiffeId;

	private final List<X509Certificate> chain;

	private final PrivateKey privateKey;

	private SimulatedX509Svid(String spiffeId, List<X509Certificate> chain, PrivateKey privateKey) {
		this.spiffeId = spiffeId;
		this.chain = chain;
		this.privateKey = privateKey;
	}

	static SimulatedX509Svid mint(X509Authority authority, String spiffeId, Instant now, Duration ttl) {
		KeyPair keys = Certificates.newKeyPair();
		return new SimulatedX509Svid(spiffeId, authority.issue(keys.getPublic(), spiffeId, List.of(), now, ttl),
				keys.getPrivate());
	}

	/**
	 * Return the SPIFFE ID.
	 * @return the SPIFFE ID
	 */
	public String spiffeId() {
		return this.spiffeId;
	}

	/**
	 * Return the certificate chain.
	 * @return the leaf, then intermediates, if any, without the root; unmodifiable
	 */
	public List<X509Certificate> chain() {
		return this.chain;
	}

	/**
	 * Return the private key of the leaf, on P-256.
	 * @return the private key
	 */
	public PrivateKey privateKey() {
		return this.privateKey;
	}

	/**
	 * Return a description without the key.
	 */
	@Override
	public String toString() {
		return "SimulatedX509Svid[spiffeId=%s]".formatted(this.spiffeId);
	}

}
