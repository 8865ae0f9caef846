/**
 * The identity that an agent hands out by the SPIFFE Workload API. Two threads hold a
 * stream each, and whatever comes replaces what is published:
 *
 * <pre>
 * Loop ───────────── one for each stream: when to begin it again, as StreamPause says
 *    │
 * HeldStream ─────── X.509-SVIDs with the trust bundles: X509Keeper, X509Decision, SvidChoice
 *    │               JWT authorities, once there is an X.509-SVID: JwtKeeper
 *    │                  what goes wrong, and whom to trust, in the log: WorkloadAdvice, TrustReport
 *    │
 * WorkloadPublication one immutable WorkloadSnapshot with its OfferedTrust ── WorkloadDoor
 *    │
 * StateClock ─────── what only time changes: overdue (SilenceReport), withdrawn, expired
 * </pre>
 *
 * {@code WorkloadDoor} is what {@code ServedIdentity} knows of them. A
 * {@code WorkloadRun} lasts from a start to a stop, a {@code Memory} survives it.
 * JWT-SVIDs come from {@code WorkloadJwtIssuer}, on the thread of the caller. All of them
 * call the Workload API by {@code Calls}.
 */
@NullMarked
package dev.psat.spire.workload;

import org.jspecify.annotations.NullMarked;
