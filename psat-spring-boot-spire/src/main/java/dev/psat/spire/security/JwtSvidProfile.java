package dev.psat.spire.security;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.util.Assert;

/**
 * The profile of JWT-SVIDs that belong to this trust domain and are meant for this
 * application.
 */
final class JwtSvidProfile {

	/** JWT-SVID, section 2.1. */
	private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384,
			JWSAlgorithm.RS512, JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512, JWSAlgorithm.PS256,
			JWSAlgorithm.PS384, JWSAlgorithm.PS512);

	private static final Duration LEEWAY = Duration.ofSeconds(60);

	private final SpireIdentity identity;

	private final Set<String> audiences;

	private JwtSvidProfile(SpireIdentity identity, Set<String> audiences) {
		this.identity = identity;
		this.audiences = audiences;
	}

	static JwtSvidProfile of(SpireIdentity identity, String audience, String... more) {
		Assert.notNull(identity, "'identity' must not be null");
		Assert.notNull(audience, "'audience' must not be null");
		Assert.notNull(more, "'more' must not be null");
		Assert.noNullElements(more, "'more' must not contain null elements");
		Set<String> audiences = new HashSet<>(List.of(more));
		audiences.add(audience);
		audiences.forEach((each) -> Assert.hasText(each, "'audience' must not be blank"));
		return new JwtSvidProfile(identity, audiences);
	}

	<C extends SecurityContext> JWKSource<C> keys() {
		return new JwtAuthorityKeys<>(this.identity);
	}

	/**
	 * Configure the checks of header and signature. The claims are left to
	 * {@link #validator()}.
	 */
	<C extends SecurityContext> void customize(ConfigurableJWTProcessor<C> processor) {
		processor
			.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, JOSEObjectType.JOSE, null));
		processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys()));
	}

	OAuth2TokenValidator<Jwt> validator() {
		JwtTimestampValidator times = new JwtTimestampValidator(LEEWAY);
		times.setAllowEmptyExpiryClaim(false);
		return new DelegatingOAuth2TokenValidator<>(
				List.of(times, new JwtClaimValidator<>(JwtClaimNames.AUD, this::isForThisApplication),
						new JwtClaimValidator<>(JwtClaimNames.SUB, this::isWorkload)));
	}

	private boolean isForThisApplication(@Nullable Collection<String> audience) {
		return audience != null && audience.stream().anyMatch(this.audiences::contains);
	}

	private boolean isWorkload(@Nullable String subject) {
		if (subject == null) {
			return false;
		}
		try {
			SpiffeId id = SpiffeId.parse(subject);
			return id.trustDomain().equals(this.identity.trustBundle().trustDomain()) && !id.path().isEmpty()
					&& !id.isReserved();
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
