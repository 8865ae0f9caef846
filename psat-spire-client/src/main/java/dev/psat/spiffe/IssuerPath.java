package dev.psat.spiffe;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The path from a leaf to the authority that vouches for it.
 *
 * @param certificates the leaf, then intermediates, without the authority
 * @param authority the certificate of the authority
 */
record IssuerPath(List<X509Certificate> certificates, X509Certificate authority) {

}
