package dev.psat.spire.test;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.Bundle;

import org.springframework.util.Assert;

/**
 * The trust bundle of another trust domain, as a server stores it: without the expiry of
 * JWT authorities, and without what is tainted. Instances are immutable.
 *
 * <p>
 * Its authorities are bytes, which need not be those of a certificate or of a key, so
 * that a test can see what a client makes of them; a real server would refuse such a
 * bundle when it is set.
 *
 * @since 0.1.0
 * @see SimulatedFederation#set(FederatedBundle)
 */
public final class FederatedBundle {

	private final String trustDomain;

	private final List<ByteString> x509Authorities;

	private final Map<String, ByteString> jwtAuthorities;

	private final long refreshHint;

	private final long sequenceNumber;

	FederatedBundle(String trustDomain, List<ByteString> x509Authorities, Map<String, ByteString> jwtAuthorities,
			long refreshHint, long sequenceNumber) {
		this.trustDomain = trustDomain;
		this.x509Authorities = List.copyOf(x509Authorities);
		this.jwtAuthorities = Collections.unmodifiableMap(new LinkedHashMap<>(jwtAuthorities));
		this.refreshHint = refreshHint;
		this.sequenceNumber = sequenceNumber;
	}

	/**
	 * Create an empty bundle, like that of the document {@code {"keys":[]}}. It ends the
	 * trust in the trust domain.
	 * @param trustDomain the name of the trust domain
	 * @return the bundle, with the sequence number zero and no refresh hint
	 */
	public static FederatedBundle empty(String trustDomain) {
		Assert.notNull(trustDomain, "'trustDomain' must not be null");
		return new FederatedBundle(SpiffeIds.trustDomain(trustDomain), List.of(), Map.of(), 0, 0);
	}

	/**
	 * Return the current bundle of another simulated server, as by {@code bundle show
	 * -format spiffe} there and {@code bundle set -format spiffe} here.
	 * @param partner the other server
	 * @return its bundle, with its sequence number and its refresh hint
	 */
	public static FederatedBundle of(SimulatedSpireServer partner) {
		Assert.notNull(partner, "'partner' must not be null");
		return ofJwks(partner.trustDomain(), partner.trustBundle().toJwks());
	}

	/**
	 * Read a document as {@code bundle set -format spiffe} does: keys with an unknown or
	 * without a {@code use} are skipped, and the sequence number is that of the document.
	 * @param trustDomain the name of the trust domain
	 * @param jwks the document
	 * @return the bundle
	 */
	public static FederatedBundle ofJwks(String trustDomain, String jwks) {
		Assert.notNull(trustDomain, "'trustDomain' must not be null");
		Assert.notNull(jwks, "'jwks' must not be null");
		return BundleDocument.LENIENT.read(SpiffeIds.trustDomain(trustDomain), jwks);
	}

	/**
	 * Read certificates as {@code bundle set -format pem} does: there are no JWT
	 * authorities, no refresh hint, and the sequence number is zero.
	 * @param trustDomain the name of the trust domain
	 * @param pem the certificates
	 * @return the bundle
	 */
	public static FederatedBundle ofPem(String trustDomain, String pem) {
		Assert.notNull(trustDomain, "'trustDomain' must not be null");
		Assert.notNull(pem, "'pem' must not be null");
		FederatedBundle bundle = empty(trustDomain);
		try {
			for (Certificate certificate : CertificateFactory.getInstance("X.509")
				.generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
				bundle = bundle.withX509Authority(Certificates.encoded((X509Certificate) certificate));
			}
		}
		catch (CertificateException ex) {
			throw new IllegalArgumentException("unable to parse bundle data: " + ex.getMessage(), ex);
		}
		Assert.isTrue(!bundle.x509Authorities.isEmpty(), "unable to parse bundle data: no PEM blocks");
		return bundle;
	}

	/** Return the name of the trust domain, without a scheme. */
	public String trustDomain() {
		return this.trustDomain;
	}

	/**
	 * Return the bundle as that of another trust domain.
	 * @param trustDomain the name of the other trust domain
	 * @return a bundle with the same authorities
	 */
	public FederatedBundle withTrustDomain(String trustDomain) {
		Assert.notNull(trustDomain, "'trustDomain' must not be null");
		return new FederatedBundle(SpiffeIds.trustDomain(trustDomain), this.x509Authorities, this.jwtAuthorities,
				this.refreshHint, this.sequenceNumber);
	}

	/**
	 * Add an X.509 authority.
	 * @param certificate the certificate in DER, or any other bytes
	 * @return a bundle with this authority, too
	 */
	public FederatedBundle withX509Authority(byte[] certificate) {
		Assert.notNull(certificate, "'certificate' must not be null");
		List<ByteString> authorities = new ArrayList<>(this.x509Authorities);
		authorities.add(ByteString.copyFrom(certificate));
		return new FederatedBundle(this.trustDomain, authorities, this.jwtAuthorities, this.refreshHint,
				this.sequenceNumber);
	}

	/**
	 * Remove the X.509 authorities.
	 * @return a bundle with only the JWT authorities
	 */
	public FederatedBundle withoutX509Authorities() {
		return new FederatedBundle(this.trustDomain, List.of(), this.jwtAuthorities, this.refreshHint,
				this.sequenceNumber);
	}

	/**
	 * Add a JWT authority, or replace the one with the same key ID.
	 * @param keyId the key ID
	 * @param publicKey the public key as a {@code SubjectPublicKeyInfo}, or any other
	 * bytes
	 * @return a bundle with this authority, too
	 */
	public FederatedBundle withJwtAuthority(String keyId, byte[] publicKey) {
		Assert.notNull(keyId, "'keyId' must not be null");
		Assert.notNull(publicKey, "'publicKey' must not be null");
		Map<String, ByteString> authorities = new LinkedHashMap<>(this.jwtAuthorities);
		authorities.put(keyId, ByteString.copyFrom(publicKey));
		return new FederatedBundle(this.trustDomain, this.x509Authorities, authorities, this.refreshHint,
				this.sequenceNumber);
	}

	/**
	 * Remove the JWT authorities.
	 * @return a bundle with only the X.509 authorities
	 */
	public FederatedBundle withoutJwtAuthorities() {
		return new FederatedBundle(this.trustDomain, this.x509Authorities, Map.of(), this.refreshHint,
				this.sequenceNumber);
	}

	/**
	 * Set the refresh hint of the trust domain, by which no agent goes.
	 * @param refreshHint the hint, truncated to seconds
	 * @return a bundle with this hint
	 */
	public FederatedBundle withRefreshHint(Duration refreshHint) {
		Assert.notNull(refreshHint, "'refreshHint' must not be null");
		return new FederatedBundle(this.trustDomain, this.x509Authorities, this.jwtAuthorities, refreshHint.toSeconds(),
				this.sequenceNumber);
	}

	/**
	 * Set the sequence number.
	 * @param sequenceNumber the number, unsigned
	 * @return a bundle with this number
	 */
	public FederatedBundle withSequenceNumber(long sequenceNumber) {
		return new FederatedBundle(this.trustDomain, this.x509Authorities, this.jwtAuthorities, this.refreshHint,
				sequenceNumber);
	}

	/** Return the sequence number, unsigned. */
	public long sequenceNumber() {
		return this.sequenceNumber;
	}

	List<ByteString> x509Authorities() {
		return this.x509Authorities;
	}

	FederatedBundle turned(int turn) {
		List<String> keyIds = new ArrayList<>(this.jwtAuthorities.keySet());
		Collections.rotate(keyIds, turn);
		Map<String, ByteString> turned = new LinkedHashMap<>();
		keyIds.forEach((keyId) -> turned.put(keyId, this.jwtAuthorities.get(keyId)));
		return new FederatedBundle(this.trustDomain, this.x509Authorities, turned, this.refreshHint,
				this.sequenceNumber);
	}

	Bundle toMessage() {
		Bundle.Builder bundle = Bundle.newBuilder()
			.setTrustDomain(this.trustDomain)
			.setRefreshHint(this.refreshHint)
			.setSequenceNumber(this.sequenceNumber);
		this.x509Authorities.forEach((authority) -> bundle.addX509AuthoritiesBuilder().setAsn1(authority));
		this.jwtAuthorities
			.forEach((keyId, publicKey) -> bundle.addJwtAuthoritiesBuilder().setKeyId(keyId).setPublicKey(publicKey));
		return bundle.build();
	}

	@Override
	public String toString() {
		return "FederatedBundle[trustDomain=%s, x509Authorities=%d, jwtAuthorities=%d, sequenceNumber=%s]".formatted(
				this.trustDomain, this.x509Authorities.size(), this.jwtAuthorities.size(),
				Long.toUnsignedString(this.sequenceNumber));
	}

}
