/**
 * A plain Java client of the SPIRE Server API. A call goes from the caller to the wire as
 * follows, and its answer back:
 *
 * <pre>
 * SpireClient ──── without a client certificate ─┐
 * AgentConnection ─ with that of the agent ──────┤ requests by MessageWriter
 *    │                                           │ Answers reads Message, and refuses what was not asked for
 * GrpcChannel ── one GrpcCall, sent once or repeated
 *    │             answers   AnswerWait; Liveness judges silence; Refusal asks whether the certificate is refused
 *    │             failures  ServerFailure says what a status means
 *    │
 * Connections ── the one to use, opened on demand
 *    │             where     AddressOrder remembers which address failed
 *    │             how       Dialer resolves, connects; ChannelTls, ServerTrustManager, ServerVerifier
 *    │
 * Connection ─── the JDK's HttpClient on TransportThreads; GrpcResponse; GrpcFrame, Message of dev.psat.spire.wire.internal
 * </pre>
 */
@NullMarked
package dev.psat.spire.client;

import org.jspecify.annotations.NullMarked;
