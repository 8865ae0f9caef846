package dev.psat.spire.security;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.TrustBundle;

/**
 * The keys of the JWT authorities of a trust bundle that have not expired.
 */
record JwtAuthorityKeys(TrustBundle bundle) {

	/** Since the selector on its own would match a key with any algorithm of its type. */
	private static final Map<Curve, JWSAlgorithm> ALGORITHMS = Map.of(Curve.P_256, JWSAlgorithm.ES256, Curve.P_384,
			JWSAlgorithm.ES384, Curve.P_521, JWSAlgorithm.ES512);

	/** RFC 7518, section 3.3. With a shorter one, some algorithms fail. */
	private static final int SHORTEST_MODULUS = 2048;

	/** Throws {@link KeySourceException} if no token can be verified with it. */
	List<JWK> select(JWKSelector selector) throws KeySourceException {
		List<JwtAuthority> authorities = inForce();
		// a selector without one would match any key
		Set<String> named = selector.getMatcher().getKeyIDs();
		if (named == null) {
			return List.of();
		}
		try {
			return selector.select(new JWKSet(authorities.stream()
				.filter((authority) -> named.contains(authority.keyId()))
				.map(JwtAuthorityKeys::toJwk)
				.toList()));
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			throw new KeySourceException("The JWT authority has a key that cannot sign JWT-SVIDs", ex);
		}
	}

	private List<JwtAuthority> inForce() throws KeySourceException {
		Instant now = Instant.now();
		List<JwtAuthority> authorities = this.bundle.jwtAuthorities()
			.stream()
			.filter((authority) -> authority.expiresAt() == null || now.isBefore(authority.expiresAt()))
			.toList();
		if (authorities.isEmpty()) {
			// also while the trust bundle is still that of a PEM file
			throw new KeySourceException(
					"The trust bundle of %s has no JWT authority in force".formatted(this.bundle.trustDomain()));
		}
		return authorities;
	}

	/** Without a {@code use}, since the selector does not know {@code jwt-svid}. */
	private static JWK toJwk(JwtAuthority authority) {
		PublicKey key = authority.publicKey();
		if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= SHORTEST_MODULUS) {
			return new RSAKey.Builder(rsa).keyID(authority.keyId()).build();
		}
		if (key instanceof ECPublicKey ec) {
			Curve curve = Curve.forECParameterSpec(ec.getParams());
			JWSAlgorithm algorithm = (curve != null) ? ALGORITHMS.get(curve) : null;
			if (algorithm != null) {
				return new ECKey.Builder(curve, ec).keyID(authority.keyId()).algorithm(algorithm).build();
			}
		}
		throw new IllegalArgumentException("The key is of type " + key.getAlgorithm());
	}

}
