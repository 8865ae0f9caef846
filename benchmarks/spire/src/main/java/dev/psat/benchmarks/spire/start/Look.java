package dev.psat.benchmarks.spire.start;

import java.util.List;

import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.startup.LoadedClasses;
import dev.psat.benchmarks.startup.LoadedClasses.Origin;

/**
 * A closer look at a variant of the web application that is ready.
 *
 * @param name what it is called
 * @param classes the classes that were loaded, in several starts
 * @param heaps the bytes on the heap that are in use, in several starts
 */
record Look(String name, List<LoadedClasses> classes, List<Long> heaps) {

	double classes(Origin origin) {
		return Sample.of(this.classes.stream().map((loaded) -> loaded.count(origin)).toList()).median();
	}

	double heap() {
		return Sample.of(this.heaps).median();
	}

}
