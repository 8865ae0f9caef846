/**
 * Mutual TLS with the SSL bundle of the SPIRE starter.
 *
 * <pre>
 * TlsBenchmark ── Plan       TlsReport
 *    │
 *    ├─ ThroughputRun        calls, beside a PEM bundle of Spring Boot
 *    ├─ EngineHandshakes     TLS alone, in memory, by two EngineSides
 *    ├─ PeerChecks           trust managers: PeerCertificates, Strangers
 *    └─ RotationRun          SVIDs replaced under load: Prober, Succession
 *          │
 *        Load                Callers, by Repetition
 *          │
 *        ClientApplication ── ServerProcess   one in this JVM, one for each WebServer
 * </pre>
 */
@NullMarked
package dev.psat.benchmarks.spire.tls;

import org.jspecify.annotations.NullMarked;
