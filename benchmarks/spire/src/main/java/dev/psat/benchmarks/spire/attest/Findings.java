package dev.psat.benchmarks.spire.attest;

import java.util.List;
import java.util.Map;

import dev.psat.benchmarks.Sample;

/**
 * What was found out at one server.
 *
 * @param target the server
 * @param contest the attestations whose time counts
 * @param anatomy those in which calls were repeated
 * @param parts what they are made of
 */
record Findings(Target target, List<Series> contest, List<Series> anatomy, Map<Part, Sample> parts) {

}
