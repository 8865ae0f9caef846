/**
 * A plain Java client of the SPIFFE Workload API, over HTTP/2 on a Unix socket. A call
 * goes from the caller to the wire as follows, and its answer back:
 *
 * <pre>
 * WorkloadClient ── one connection for each call
 *    │              requests by MessageWriter, of the WorkloadFields
 *    │              WorkloadAnswers reads Message: ReturnedX509Svid has to prove what WorkloadX509Svid says
 *    │
 * WorkloadCall ──── sends and receives until there is a message, its Deadline is over or it is closed
 *    │   sent       RequestWriter: preface, request, what the other side's windows allow
 *    │   received   FrameReader cuts frames; AnswerReader obeys them, within a FloodLimit
 *    │                 headers   AnswerHeaders finds the status; HpackDecoder, HeaderTable
 *    │                 data      MessageReader puts messages together
 *    │   failures   MalformedAnswerException, GrpcStatus.NotOkException; each becomes a WorkloadException
 *    │
 * WorkloadSocket ── waits at a selector, never in a channel; SocketFinding says why there is no connection
 *    │
 * WorkloadEndpoint  a path or an address
 * </pre>
 */
@NullMarked
package dev.psat.spire.workload.client;

import org.jspecify.annotations.NullMarked;
