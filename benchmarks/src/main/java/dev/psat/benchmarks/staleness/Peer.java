package dev.psat.benchmarks.staleness;

/**
 * Somebody who hands out tokens.
 *
 * @param name its name
 * @param reads when it reads the file
 */
record Peer(String name, String reads) {

}
