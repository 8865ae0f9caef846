package dev.psat.benchmarks.spire.tls;

import java.math.BigInteger;

/**
 * A handshake that went well.
 *
 * @param begun when it began, by {@link System#nanoTime()}
 * @param serialNumber the serial number of the certificate that one side has shown
 */
record Probe(long begun, BigInteger serialNumber) {

}
