/**
 * Keeps the newest projected service account token in memory. It flows from the file that
 * kubelet writes to the caller as follows:
 *
 * <pre>
 * FileWatch ─ when to look: a Loop whose sleep is DirectoryWatch (file events), poll, clock
 *    │
 * Looker ──── what a look tells
 *    │          reads      WatchedFile: LinkedFile by a ForeignCall; WriteSettling holds back what may be half written
 *    │          parses     TokenParser, ClaimsReader
 *    │          judges     TokenJudge; Confirmation believes a new problem only once it has lasted
 *    │
 * Publication one immutable Snapshot, read without a lock ── current(), status()
 *    │
 *    ├─ Delivery ── each TokenListener on an OnDemandThread of its own
 *    ├─ StatusLog, by a LogThread, since a log may hang
 *    └─ Observers ─ each LookObserver, by the thread that looked
 * </pre>
 *
 * {@code FileTokenSource} assembles them. {@code PatientWatchService} asks a JDK that may
 * never answer. At rest, there is only the thread of the loop.
 */
@NullMarked
package dev.psat.token;

import org.jspecify.annotations.NullMarked;
