package dev.psat.benchmarks.spire.start;

import java.util.List;

import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.jvm.LoadedClasses;
import dev.psat.benchmarks.jvm.Start;

/**
 * What was measured.
 *
 * @param web starts of the web application, by way
 * @param webClasses its classes, by way
 * @param heaps bytes in use on its heap after plain starts
 * @param newPods its starts in pods that the server has never seen
 * @param clients starts of the bare clients, by way
 * @param clientClasses their classes, by way
 */
record Findings(List<Measured<String, Start>> web, List<Measured<String, LoadedClasses>> webClasses,
		Measured<String, Long> heaps, NewPods newPods, List<Measured<String, Start>> clients,
		List<Measured<String, LoadedClasses>> clientClasses) {

}
