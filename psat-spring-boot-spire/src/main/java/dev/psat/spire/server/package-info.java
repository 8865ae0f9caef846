/**
 * The identity that a SPIRE Server issues without an agent. A single thread visits the
 * server, does everything that is due, and publishes the result:
 *
 * <pre>
 * VisitLoop ──── when to visit: VisitSchedule, BackOff, a new token
 *    │
 * Visitor ────── reports the result
 *    │
 * Visit ──────── trust bundle   TrustBundleRefresh, TrustBundleKeeper, BundleFile
 *    │           attestation    AgentKeeper, Attestation, Payloads; AgentConflict, IdentityGuard
 *    │           entry          EntryKeeper, EntryChoice, CandidateFilter, EntryPreference
 *    │           X.509-SVID     SvidRenewal
 *    │
 * SpirePublication one immutable Snapshot, read without a lock ── x509Svid(), status(), TLS
 *    │
 * Delivery ───── each observer on a thread of its own
 * </pre>
 *
 * {@code SpireServerIdentity} assembles them; a {@code RunningIdentity} lasts from a
 * start to a stop. JWT-SVIDs come from {@code JwtSvidIssuer}, on the thread of the
 * caller, who may have to wait for an agent ({@code AgentDemand}).
 */
@NullMarked
package dev.psat.spire.server;

import org.jspecify.annotations.NullMarked;
