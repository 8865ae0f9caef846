/**
 * Key managers, trust managers and contexts of the SSL bundles. Each connection uses a
 * single {@link dev.psat.spire.tls.TlsSnapshot} for its key, and none is resumed with
 * another.
 *
 * <pre>
 * by SPIFFE ID   SvidTls      SvidKeyManager, PeerTrustManager ── PeerPolicies
 *                    │
 * by host name   ClassicTls   ClientKeyManager, ServerTrustManager
 *                    │
 *                    ▼
 *                BundleTls    what a library gets: factories, and SnapshotSslContext, each of whose
 *                    │        connections has managers of its own, as its TlsVariant says
 *                    │
 * each handshake     ▼
 * that accepts ── Registrar   tells how the connection is ended (ConnectionEnd: SocketEnd, EndingSslEngine),
 *                    │        and adds it to those that are replaced together (ConnectionGroup)
 *                    ▼
 *             OpenConnections ── ConnectionIndex    the connections, each an OpenConnection, and by
 *                    │                              SessionKey that of a session
 *                    │
 *                    ├── ConnectionWatch   the thread that looks at them: when the identity says so,
 *                    │                     and when time is up
 *                    ├── Reauthorization   has policies asked again, all or by lists
 *                    ├── ConnectionJudge   decides by what is known now whether one may go on, and until when
 *                    └── ConnectionEnder   ends the others, and has servers close what carries them
 *                    │
 *                    ▼
 *                PeerReport   counts and log; PeerLog ── KnownPeers: who was seen
 *                             DryRunReport: whom only a DryRunPolicy has let in
 * </pre>
 */
@NullMarked
package dev.psat.spire.tls.internal;

import org.jspecify.annotations.NullMarked;
