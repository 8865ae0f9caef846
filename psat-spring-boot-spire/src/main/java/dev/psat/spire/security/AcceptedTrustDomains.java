package dev.psat.spire.security;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.internal.Federation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;
import org.springframework.security.oauth2.jwt.BadJwtException;

/**
 * The trust domains whose JWT-SVIDs are accepted. The trust bundle of each verifies only
 * its own.
 */
final class AcceptedTrustDomains {

	private static final Log logger = LogFactory.getLog(SpiffeJwtDecoder.class);

	private final SpireIdentity identity;

	private final Set<TrustDomain> federated;

	private final AtomicBoolean compared = new AtomicBoolean();

	AcceptedTrustDomains(SpireIdentity identity, Set<TrustDomain> federated) {
		this.identity = identity;
		this.federated = federated;
	}

	/**
	 * {@link BadJwtException} if no JWT-SVID of the trust domain is accepted, and
	 * {@link KeySourceException} if this application lacks something to verify it.
	 */
	List<JWK> keys(TrustDomain trustDomain, JWKSelector selector) throws KeySourceException {
		TrustBundle own = ask(this.identity::trustBundle);
		compareOnce(own.trustDomain());
		if (trustDomain.equals(own.trustDomain())) {
			return new JwtAuthorityKeys(own).select(selector);
		}
		if (!this.federated.contains(trustDomain)) {
			throw new BadJwtException(
					"The sub claim is not valid: the trust domain '%s' is not accepted".formatted(trustDomain));
		}
		JwtAuthorityKeys keys = new JwtAuthorityKeys(federatedBundle(trustDomain));
		try {
			return keys.select(selector);
		}
		catch (KeySourceException ex) {
			// this application has what that trust domain publishes
			throw notAccepted(trustDomain, ex);
		}
	}

	private TrustBundle federatedBundle(TrustDomain trustDomain) throws KeySourceException {
		TrustBundle bundle = ask(() -> {
			try {
				return this.identity.trustBundle(trustDomain);
			}
			catch (SvidUnavailableException ex) {
				if (isUndecided(trustDomain)) {
					throw ex;
				}
				throw notAccepted(trustDomain, ex);
			}
		});
		if (!bundle.trustDomain().equals(trustDomain)) {
			throw new KeySourceException("The SPIRE identity has returned the trust bundle of %s as that of %s"
				.formatted(bundle.trustDomain(), trustDomain));
		}
		return bundle;
	}

	/** As before the server has first answered. */
	private boolean isUndecided(TrustDomain trustDomain) {
		SpireStatus.Federation federation = federation(trustDomain);
		return federation != null && switch (federation.state()) {
			// the former has changed in between
			case TRUSTED, UNKNOWN -> true;
			case NOT_FEDERATED, NO_BUNDLE, EMPTY -> false;
		};
	}

	private SpireStatus.@Nullable Federation federation(TrustDomain trustDomain) {
		return this.identity.status()
			.federation()
			.stream()
			.filter((federation) -> federation.trustDomain().equals(trustDomain))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Not before there is a token, since the identity may be created later than the
	 * decoder.
	 */
	private void compareOnce(TrustDomain own) {
		if (!this.compared.getAndSet(true)) {
			this.federated.stream()
				.filter((trustDomain) -> !trustDomain.equals(own) && isUnknown(trustDomain))
				.forEach((trustDomain) -> logger.warn(LogMessage.format(
						"A JWT decoder accepts the trust domain '%s', but the SPIRE identity does not know it, so that "
								+ "its JWT-SVIDs are refused. Add it to 'spire.federates-with'",
						trustDomain)));
		}
	}

	private boolean isUnknown(TrustDomain trustDomain) {
		try {
			if (federation(trustDomain) == null) {
				this.identity.trustBundle(trustDomain);
			}
			return false;
		}
		catch (SvidUnavailableException ex) {
			return true;
		}
		catch (Exception ex) {
			// says nothing about the trust domain
			return false;
		}
	}

	private static BadJwtException notAccepted(TrustDomain trustDomain, Exception cause) {
		return new BadJwtException("No JWT-SVID of '%s' is accepted now: %s".formatted(trustDomain, cause.getMessage()),
				cause);
	}

	/** The identity may be a bean that cannot be created. */
	private static <T> T ask(Supplier<T> question) throws KeySourceException {
		try {
			return question.get();
		}
		catch (BadJwtException ex) {
			throw ex;
		}
		// including undeclared exceptions: an identity need not be written in Java
		catch (Exception ex) {
			throw new KeySourceException(ex.getMessage(), ex);
		}
	}

	/** The keys of the JWT authorities of a trust bundle that have not expired. */
	private record JwtAuthorityKeys(TrustBundle bundle) {

		/**
		 * Since the selector on its own would match a key with any algorithm of its type.
		 */
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
			Instant now = Time.ofSystem().now();
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

}
