package dev.psat.tlstests.tomcat.storm;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.SvidUnavailableException;

/**
 * Verifies the signatures of JWT-SVIDs by the trust bundles of a member, with the JDK.
 *
 * @param member the member
 */
record JwtVerifier(Member member) {

	private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

	/**
	 * Return whether a JWT authority that the member trusts has signed a JWT-SVID.
	 * @param svid the JWT-SVID
	 */
	boolean isVouchedFor(JwtSvid svid) {
		try {
			return this.member.identity()
				.trustBundle(svid.spiffeId().trustDomain())
				.jwtAuthorities()
				.stream()
				.anyMatch((authority) -> hasSigned(authority, svid.token()));
		}
		catch (SvidUnavailableException ex) {
			return false;
		}
	}

	private static boolean hasSigned(JwtAuthority authority, String token) {
		int end = token.lastIndexOf('.');
		try {
			Signature signature = Signature.getInstance(ALGORITHM);
			signature.initVerify(authority.publicKey());
			signature.update(token.substring(0, end).getBytes(StandardCharsets.US_ASCII));
			return signature.verify(Base64.getUrlDecoder().decode(token.substring(end + 1)));
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

}
