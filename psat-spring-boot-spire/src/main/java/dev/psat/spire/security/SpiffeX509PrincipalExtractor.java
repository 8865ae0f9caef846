package dev.psat.spire.security;

import java.security.cert.X509Certificate;
import java.util.List;

import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.web.authentication.preauth.x509.X509PrincipalExtractor;
import org.springframework.util.Assert;

import dev.psat.spire.client.SpiffeId;
import dev.psat.spire.client.X509Svid;

/**
 * {@link X509PrincipalExtractor} that extracts the SPIFFE ID of the peer, as a string.
 * Use it with {@code http.x509(…)}.
 * <p>
 * On its own, the extractor does not authenticate anyone. TLS decides which certificates
 * are trusted, so the connector must require and verify one. Authorization is up to an
 * {@code authenticationUserDetailsService} or a {@code userDetailsService}, which maps
 * the SPIFFE ID to authorities and rejects unknown IDs.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md#52-leaf-validation">X509-SVID,
 * section 5.2</a>
 */
public final class SpiffeX509PrincipalExtractor implements X509PrincipalExtractor {

	/**
	 * Return the SPIFFE ID of a certificate.
	 * @param certificate the certificate of the peer
	 * @return the SPIFFE ID as a string
	 * @throws BadCredentialsException if the certificate is not the leaf of an
	 * X.509-SVID, or belongs to a SPIRE Server or agent
	 */
	@Override
	public Object extractPrincipal(X509Certificate certificate) {
		Assert.notNull(certificate, "'certificate' must not be null");
		SpiffeId id = spiffeId(certificate);
		if (id.isReserved()) {
			throw new BadCredentialsException("%s is a server or agent of SPIRE".formatted(id));
		}
		return id.toString();
	}

	private static SpiffeId spiffeId(X509Certificate certificate) {
		try {
			return X509Svid.of(List.of(certificate), null).spiffeId();
		}
		catch (IllegalArgumentException ex) {
			throw new BadCredentialsException(ex.getMessage(), ex);
		}
	}

}
