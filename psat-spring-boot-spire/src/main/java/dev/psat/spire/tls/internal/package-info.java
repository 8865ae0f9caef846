/**
 * Key managers, trust managers and contexts of the SSL bundles. Each connection uses a
 * single {@link dev.psat.spire.tls.TlsSnapshot} for its key, and none is resumed with
 * another.
 *
 * <pre>
 * by SPIFFE ID   SvidTls      SvidKeyManager, PeerTrustManager ── PeerPolicies
 *                    │
 * by host name   ClassicTls   ClientKeyManager, ServerTrustManager ── ServerTrust
 *                    │
 *                    ▼
 *                BundleTls    what a library gets: factories, and SnapshotSslContext, each of whose
 *                             connections has managers of its own
 * </pre>
 */
@NullMarked
package dev.psat.spire.tls.internal;

import org.jspecify.annotations.NullMarked;
