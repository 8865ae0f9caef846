/**
 * The identity that a SPIRE Server issues without an agent. A single thread visits the
 * server, does everything that is due, and publishes the result:
 *
 * <pre>
 * Loop ───────── when to visit: as Visit says, or a new token
 *    │
 * Visit ──────── when the next visit is: VisitSchedule, BackOff
 *    │
 * VisitSteps ─── what is due, in its order
 *    │           trust bundle   TrustBundleKeeper, BundleFile
 *    │           attestation    Attestation, Payloads; AgentKeeper, AgentState
 *    │           entry          EntryKeeper, EntryChoice, SvidPreference
 *    │           federation     FederationKeeper, FederationReport
 *    │           X.509-SVID     SvidKeeper
 *    │           the calls for all of them   ServerCalls
 *    │
 * VisitReport ── how it went, in the log and the status
 *    │
 * SpirePublication one immutable Snapshot, read without a lock ── x509Svid(), status(), TLS
 *    │
 * Delivery ───── each observer on a thread of its own
 * </pre>
 *
 * {@code ServerDoor} is what {@code ServedIdentity} knows of them. A
 * {@code RunningIdentity} lasts from a start to a stop, a {@code Memory} survives it.
 * JWT-SVIDs come from {@code JwtSvidIssuer}, on the thread of the caller, who may have to
 * wait for an agent ({@code AgentDemand}).
 */
@NullMarked
package dev.psat.spire.server;

import org.jspecify.annotations.NullMarked;
