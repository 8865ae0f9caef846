package dev.psat.benchmarks.spire.start;

import java.util.List;

import dev.psat.benchmarks.startup.LoadedClasses;

/**
 * What was measured.
 *
 * @param web starts of the web application, by way
 * @param webClasses its classes, by way
 * @param parts its plain starts with the steps that Spring records
 * @param heaps bytes in use on its heap after plain starts
 * @param newPods its starts in pods that the server has never seen
 * @param clients starts of the bare clients, by way
 * @param clientClasses their classes, by way
 */
record Findings(List<Result<Figures>> web, List<Result<LoadedClasses>> webClasses, Result<Figures> parts,
		Result<Long> heaps, NewPods newPods, List<Result<Figures>> clients, List<Result<LoadedClasses>> clientClasses) {

}
