package dev.psat.benchmarks.spire.tls;

import java.math.BigInteger;

/**
 * That a certificate takes the place of the one before.
 *
 * @param serialNumber its serial number
 * @param at when, by {@link System#nanoTime()}, which is the same for all processes of
 * Linux
 */
record Publication(BigInteger serialNumber, long at) {

}
