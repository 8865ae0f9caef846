package dev.psat.benchmarks.spire.tls;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * Some callers that have the same bundle.
 *
 * @param callers the callers
 * @param handshakes counts their full handshakes, in which the server's certificate is
 * checked
 */
record Callers(List<Caller> callers, LongSupplier handshakes) {

}
