package dev.psat.spire.security;

import dev.psat.spire.SpireIdentity;

import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * {@link JwtDecoder} for JWT-SVIDs of this application's trust domain. The subject of a
 * decoded token is the SPIFFE ID of the calling workload.
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
 * <li>its signature is that of a JWT authority in the current trust bundle which has not
 * expired; a rotation does not require a restart</li>
 * <li>it is signed with one of the standard's nine algorithms (section 2.1), and names
 * the authority in {@code kid}, which is optional in the standard but required by
 * SPIRE</li>
 * <li>its {@code typ} is absent, {@code JWT} or {@code JOSE} (section 2.3)</li>
 * <li>its {@code sub} is the SPIFFE ID of a workload of this trust domain (section 3.1);
 * IDs under {@code /spire/} belong to servers and agents</li>
 * <li>its {@code aud} contains one of the audiences (section 3.2)</li>
 * <li>it has an expiry (section 3.3), which may be up to 60 seconds ago</li>
 * </ul>
 * Any other token results in a {@link BadJwtException}. While tokens cannot be verified,
 * since there is no trust bundle or it has no JWT authority, each one results in a plain
 * {@link JwtException}, which Spring Security reports as a server error rather than as an
 * invalid token.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md">JWT-SVID</a>
 * @see SpiffeReactiveJwtDecoder
 */
public final class SpiffeJwtDecoder implements JwtDecoder {

	private final NimbusJwtDecoder decoder;

	private SpiffeJwtDecoder(JwtSvidProfile profile) {
		this.decoder = NimbusJwtDecoder.withJwkSource(profile.keys())
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

	@Override
	public Jwt decode(String token) {
		return this.decoder.decode(token);
	}

}
