/**
 * The values of SPIFFE, without a wire: IDs, SVIDs, trust bundles, and what verifies
 * them.
 *
 * <pre>
 * TrustBundle ── reads        PemReader, SpiffeJwks
 *    │
 * X509Svid ───── from a leaf
 *    │
 * SvidVerifier ─ path         PathSearch, from the authorities down: Issued
 *    │           intermediate IntermediateProfile
 *    │           any of them  CertificateProfile, CertificateBounds
 *    │
 * SpiffeId, TrustDomain, X509Svid, JwtSvid
 * </pre>
 */
@NullMarked
package dev.psat.spiffe;

import org.jspecify.annotations.NullMarked;
