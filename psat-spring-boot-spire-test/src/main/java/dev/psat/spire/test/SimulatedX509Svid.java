package dev.psat.spire.test;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.Assert;

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

	/** Return the SPIFFE ID. */
	public String spiffeId() {
		return this.spiffeId;
	}

	/** Return the leaf, then intermediates, if any, without the root; unmodifiable. */
	public List<X509Certificate> chain() {
		return this.chain;
	}

	/** Return the private key of the leaf, on P-256. */
	public PrivateKey privateKey() {
		return this.privateKey;
	}

	/**
	 * Return an SSL bundle for a peer in a test: a client or a server that presents this
	 * X509-SVID, which is not renewed, and lets in everybody for whom one of the given
	 * servers vouches. It checks no host names and no SPIFFE IDs, not even by which of
	 * these servers an ID may be signed, since it is the other side that a test is about.
	 * @param trusted the servers, which may be of several trust domains
	 * @return the bundle
	 */
	public SslBundle toSslBundle(SimulatedSpireServer... trusted) {
		Assert.notNull(trusted, "'trusted' must not be null");
		Assert.noNullElements(trusted, "'trusted' must not contain null elements");
		return PeerSslBundle.of(this, Arrays.stream(trusted).map(SimulatedSpireServer::authority).toList());
	}

	@Override
	public String toString() {
		return "SimulatedX509Svid[spiffeId=%s]".formatted(this.spiffeId);
	}

}
