package dev.psat.spire.security;

import java.security.Key;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import com.nimbusds.jwt.proc.JWTClaimsSetAwareJWSKeySelector;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.util.Assert;

/**
 * What JWT-SVIDs of accepted trust domains have to have, to be meant for this
 * application.
 */
final class JwtSvidProfile {

	private static final Duration LEEWAY = Duration.ofSeconds(60);

	private final SpireIdentity identity;

	private final Set<String> audiences;

	private final Set<TrustDomain> federated;

	private JwtSvidProfile(SpireIdentity identity, Set<String> audiences, Set<TrustDomain> federated) {
		this.identity = identity;
		this.audiences = audiences;
		this.federated = federated;
	}

	static JwtSvidProfile of(SpireIdentity identity, String audience, String... more) {
		Assert.notNull(identity, "'identity' must not be null");
		Assert.notNull(audience, "'audience' must not be null");
		Assert.notNull(more, "'more' must not be null");
		Assert.noNullElements(more, "'more' must not contain null elements");
		Set<String> audiences = new HashSet<>(List.of(more));
		audiences.add(audience);
		audiences.forEach((each) -> Assert.hasText(each, "'audience' must not be blank"));
		return new JwtSvidProfile(identity, audiences, Set.of());
	}

	JwtSvidProfile federatedWith(TrustDomain... trustDomains) {
		Assert.notNull(trustDomains, "'trustDomains' must not be null");
		Assert.noNullElements(trustDomains, "'trustDomains' must not contain null elements");
		return new JwtSvidProfile(this.identity, this.audiences, new LinkedHashSet<>(List.of(trustDomains)));
	}

	/** The claims are left to {@link #validator()}. */
	<C extends SecurityContext> void customize(ConfigurableJWTProcessor<C> processor) {
		processor
			.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, JOSEObjectType.JOSE, null));
		// that of the builder knows a key only by its ID
		processor.setJWSKeySelector(null);
		processor.setJWTClaimsSetAwareJWSKeySelector(
				new SubjectKeySelector<>(new AcceptedTrustDomains(this.identity, this.federated)));
	}

	OAuth2TokenValidator<Jwt> validator() {
		JwtTimestampValidator times = new JwtTimestampValidator(LEEWAY);
		times.setAllowEmptyExpiryClaim(false);
		return new DelegatingOAuth2TokenValidator<>(
				List.of(times, new JwtClaimValidator<>(JwtClaimNames.AUD, this::isForThisApplication),
						new JwtClaimValidator<>(JwtClaimNames.SUB, JwtSvidProfile::isWorkload)));
	}

	private boolean isForThisApplication(@Nullable Collection<String> audience) {
		return audience != null && audience.stream().anyMatch(this.audiences::contains);
	}

	/** The trust domain is accepted, or there would have been no key. */
	private static boolean isWorkload(String subject) {
		SpiffeId id = SpiffeId.parse(subject);
		return !id.path().isEmpty() && !id.isReserved();
	}

	/**
	 * By the trust domain of the subject and the key ID: a trust domain can choose the
	 * key IDs of its authorities, so that alone could be that of another.
	 */
	private static final class SubjectKeySelector<C extends SecurityContext>
			implements JWTClaimsSetAwareJWSKeySelector<C> {

		/** JWT-SVID, section 2.1. */
		private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384,
				JWSAlgorithm.RS512, JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512, JWSAlgorithm.PS256,
				JWSAlgorithm.PS384, JWSAlgorithm.PS512);

		private final AcceptedTrustDomains trustDomains;

		SubjectKeySelector(AcceptedTrustDomains trustDomains) {
			this.trustDomains = trustDomains;
		}

		@Override
		public List<Key> selectKeys(JWSHeader header, JWTClaimsSet claims, @Nullable C context)
				throws KeySourceException {
			TrustDomain trustDomain = trustDomain(claims.getSubject());
			return new JWSVerificationKeySelector<>(ALGORITHMS,
					(selector, any) -> this.trustDomains.keys(trustDomain, selector))
				.selectJWSKeys(header, context);
		}

		/**
		 * {@link BadJwtException} is what both decoders leave as it is.
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

}
