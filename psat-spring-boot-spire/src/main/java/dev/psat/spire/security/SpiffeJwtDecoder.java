package dev.psat.spire.security;

import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

import dev.psat.spire.SpireIdentity;

/**
 * {@link JwtDecoder} for JWT-SVIDs of the own trust domain. The subject of what it
 * decodes is the SPIFFE ID of the workload that calls.
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
 * <li>its signature is that of a JWT authority which the trust bundle holds at that
 * moment, and which has not expired; a rotation needs no restart</li>
 * <li>it is signed with one of the standard's nine algorithms (section 2.1), and says in
 * {@code kid} by which authority, which the standard leaves open and SPIRE demands</li>
 * <li>its {@code typ} is absent, {@code JWT} or {@code JOSE} (section 2.3)</li>
 * <li>its {@code sub} is the SPIFFE ID of a workload of the own trust domain (section
 * 3.1); IDs under {@code /spire/} belong to servers and agents</li>
 * <li>its {@code aud} holds one of the audiences (section 3.2)</li>
 * <li>it says when it expires (section 3.3), which may be 60 seconds ago</li>
 * </ul>
 * Any other token is a {@link BadJwtException}. While there is nothing to verify tokens
 * by, since no trust bundle is known or it holds no JWT authority, each one is a plain
 * {@link JwtException}, which Spring Security reports as an error of the server and not
 * as an invalid token.
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
	 * Return a decoder for JWT-SVIDs that are meant for this application.
	 * @param identity knows the trust bundle
	 * @param audience what callers name this application in {@code aud}
	 * @param more further such names, one of which is enough
	 * @return the decoder
	 */
	public static SpiffeJwtDecoder of(SpireIdentity identity, String audience, String... more) {
		return new SpiffeJwtDecoder(JwtSvidProfile.of(identity, audience, more));
	}

	@Override
	public Jwt decode(String token) {
		return this.decoder.decode(token);
	}

}
