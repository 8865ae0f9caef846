package dev.psat.benchmarks.staleness;

/**
 * A peer that hands out tokens.
 *
 * @param name its name
 * @param reads when it reads the file
 */
record Peer(String name, String reads) {

}
