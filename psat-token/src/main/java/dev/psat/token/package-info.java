/**
 * Keeps the newest projected service account token in memory. It flows from the file that
 * kubelet writes to the caller as follows:
 *
 * <pre>
 * LookLoop ── when to look: DirectoryWatch (file events), poll, clock ── InterruptibleWait
 *    │
 * Looker ──── one look at a time: TokenExaminer
 *    │          reads      TokenFile, by LinkedFile; WriteSettling holds back what may be half written
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
 * {@code FileTokenSource} assembles them. {@code SourceLifecycle} starts one loop after
 * another; {@code LookGuard} stands in for a thread whose look hangs;
 * {@code PatientWatchService} asks a JDK that may never answer. At rest, there is only
 * the thread of the loop.
 */
@NullMarked
package dev.psat.token;

import org.jspecify.annotations.NullMarked;
