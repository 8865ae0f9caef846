package dev.psat.spire.client;

import java.security.cert.X509Certificate;

/**
 * An authority that signs X.509-SVIDs of a trust domain.
 *
 * @param certificate its certificate, which need not be self-signed
 * @param tainted whether the trust domain is about to revoke it: SVIDs that it signed are
 * still good, and are to be replaced. SPIRE tells so in the answer of the server alone,
 * never in PEM or a JWK set
 * @since 0.1.0
 */
public record X509Authority(X509Certificate certificate, boolean tainted) {

}
