/**
 * What every kind of identity needs, whoever issues its SVIDs. Public for the packages of
 * this module only:
 *
 * <pre>
 * ServedIdentity ─ what the application, TLS and observers are answered, whichever Door it comes from
 *    │   Federation, HeldSvid   what is held
 *    │   JwtSvids, JwtAnswers, JwtRequests     JWT-SVIDs in memory, and their issuer's refusals
 *    │
 * LateStart ────── from a start, or the first use, to a stop: Session
 * Loop ─────────── a thread that does something when it is due: BackOff, Renewal, Composure
 * VisitReport ──── how that went: VisitException; FederationReport
 * StateClock ───── what only time changes
 *    │
 * Announcer ────── whether there is News for observers; Outcomes of what was asked for
 *
 * Time, IdentityLog, SvidPreference
 * </pre>
 */
@NullMarked
package dev.psat.spire.internal;

import org.jspecify.annotations.NullMarked;
