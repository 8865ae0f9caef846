package dev.psat.benchmarks.spire.attest;

import java.util.List;
import java.util.Map;

import dev.psat.benchmarks.Sample;

/**
 * What was found out at one server.
 *
 * @param target the server
 * @param warmUp how often each candidate attested before
 * @param warm whether times had become no shorter by then
 * @param contest the attestations whose time counts
 * @param unsettled how many of their blocks began although clients were left
 * @param anatomy those in which calls were repeated
 * @param parts what they are made of
 */
record Findings(Target target, int warmUp, boolean warm, List<Series> contest, int unsettled, List<Series> anatomy,
		Map<Part, Sample> parts) {

}
