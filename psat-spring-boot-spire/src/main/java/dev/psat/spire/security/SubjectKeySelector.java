package dev.psat.spire.security;

import java.security.Key;
import java.util.List;
import java.util.Set;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.JWTClaimsSetAwareJWSKeySelector;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.jwt.BadJwtException;

/**
 * Selects the key by the trust domain of the subject and the key ID. A trust domain can
 * choose the key IDs of its authorities, so the key ID alone could be that of another.
 */
final class SubjectKeySelector<C extends SecurityContext> implements JWTClaimsSetAwareJWSKeySelector<C> {

	/** JWT-SVID, section 2.1. */
	private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384,
			JWSAlgorithm.RS512, JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512, JWSAlgorithm.PS256,
			JWSAlgorithm.PS384, JWSAlgorithm.PS512);

	private final AcceptedTrustDomains trustDomains;

	SubjectKeySelector(AcceptedTrustDomains trustDomains) {
		this.trustDomains = trustDomains;
	}

	@Override
	public List<Key> selectKeys(JWSHeader header, JWTClaimsSet claims, @Nullable C context) throws KeySourceException {
		TrustDomain trustDomain = trustDomain(claims.getSubject());
		return new JWSVerificationKeySelector<>(ALGORITHMS,
				(selector, any) -> this.trustDomains.keys(trustDomain, selector))
			.selectJWSKeys(header, context);
	}

	/**
	 * Return the trust domain of a subject.
	 * @throws BadJwtException if it is no SPIFFE ID; both decoders leave this exception
	 * what it is, unlike others that are not declared
	 */
	private static TrustDomain trustDomain(@Nullable String subject) {
		if (subject == null) {
			throw new BadJwtException("The sub claim is not valid: there is none");
		}
		try {
			return SpiffeId.parse(subject).trustDomain();
		}
		catch (IllegalArgumentException ex) {
			throw new BadJwtException("The sub claim is not valid: it is not a SPIFFE ID", ex);
		}
	}

}
