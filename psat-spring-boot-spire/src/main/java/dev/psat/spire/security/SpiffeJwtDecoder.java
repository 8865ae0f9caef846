package dev.psat.spire.security;

import java.util.List;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;

import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * {@link JwtDecoder} for JWT-SVIDs of this application's trust domain, and of those that
 * {@link #federatedWith} names. The subject of a decoded token is the SPIFFE ID of the
 * calling workload.
 *
 * <pre class="code">
 * &#064;Bean
 * SpiffeJwtDecoder jwtDecoder(SpireIdentity identity) {
 * 	return SpiffeJwtDecoder.of(identity, "orders");
 * }
 * </pre>
 *
 * A JWT-SVID is accepted if
 * <ul>
 * <li>its signature is that of a JWT authority which has not expired, in the current
 * trust bundle of the trust domain to which its {@code sub} belongs, and in no other; a
 * rotation does not require a restart</li>
 * <li>it is signed with one of the standard's nine algorithms (section 2.1), and names
 * the authority in {@code kid}, which is optional in the standard but required by
 * SPIRE</li>
 * <li>its {@code typ} is absent, {@code JWT} or {@code JOSE} (section 2.3)</li>
 * <li>its {@code sub} is the SPIFFE ID of a workload (section 3.1); IDs under
 * {@code /spire/} belong to servers and agents</li>
 * <li>its {@code aud} contains one of the audiences (section 3.2)</li>
 * <li>it has an expiry (section 3.3), which may be up to 60 seconds ago</li>
 * </ul>
 * Any other token results in a {@link BadJwtException}. While no token can be verified,
 * since there is no trust bundle or it has no JWT authority, each results in a plain
 * {@link JwtException}, which Spring Security reports as a server error.
 * <p>
 * A token of another trust domain is invalid while that is not trusted: the registration
 * entry does not federate with it, or there is no JWT authority of it. While that is
 * unknown (the server has not answered yet, or no X.509-SVID of this application is in
 * force), it results in a plain {@link JwtException}.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md">JWT-SVID</a>
 * @see SpiffeReactiveJwtDecoder
 */
public final class SpiffeJwtDecoder implements JwtDecoder {

	private final JwtSvidProfile profile;

	private final NimbusJwtDecoder decoder;

	private SpiffeJwtDecoder(JwtSvidProfile profile) {
		this.profile = profile;
		// the profile selects the keys
		this.decoder = NimbusJwtDecoder.withJwkSource((selector, context) -> List.of())
			.jwtProcessorCustomizer(profile::customize)
			.build();
		this.decoder.setJwtValidator(profile.validator());
	}

	/**
	 * Create a decoder for JWT-SVIDs that are meant for this application.
	 * @param identity the identity, which provides the trust bundle
	 * @param audience the audience that callers put into {@code aud}
	 * @param more further audiences, any of which is accepted
	 * @return a new decoder
	 */
	public static SpiffeJwtDecoder of(SpireIdentity identity, String audience, String... more) {
		return new SpiffeJwtDecoder(JwtSvidProfile.of(identity, audience, more));
	}

	/**
	 * Create a decoder that also accepts JWT-SVIDs of other trust domains, while the
	 * identity trusts these. Otherwise only those of the own trust domain are accepted.
	 * If the identity does not know one of them, the first token to decode results in a
	 * warning.
	 * <p>
	 * No audience of this decoder should be that of a service of theirs, which could
	 * present the tokens that it receives here. A SPIFFE ID is an audience that no two
	 * trust domains have.
	 * @param trustDomains the other trust domains, which replace those of an earlier call
	 * @return a new decoder
	 */
	public SpiffeJwtDecoder federatedWith(TrustDomain... trustDomains) {
		return new SpiffeJwtDecoder(this.profile.federatedWith(trustDomains));
	}

	@Override
	public Jwt decode(String token) {
		return this.decoder.decode(token);
	}

}
