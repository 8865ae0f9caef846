package dev.psat.benchmarks.spire.start;

import java.io.IOException;

import dev.psat.benchmarks.startup.Jars;
import dev.psat.benchmarks.startup.Jdk;
import dev.psat.benchmarks.startup.Launch;
import dev.psat.benchmarks.startup.LoadedClasses;
import dev.psat.benchmarks.startup.WebApplications;
import dev.psat.benchmarks.startup.WebProcess;

/**
 * A variant of the web application.
 *
 * @param name what it is called in a table
 * @param applications starts it with its properties
 * @param jars its class path
 */
record Contestant(String name, WebApplications applications, Jars jars) implements Racer.Program {

	Racer racer(Jdk jdk, Preparation preparation) throws Exception {
		return new Racer(this.name, preparation.prepare(this.applications, this.jars.on(jdk)), this);
	}

	@Override
	public WebProcess start(Launch launch) throws IOException {
		return this.applications.process(launch);
	}

	@Override
	public LoadedClasses classes(Launch launch) throws Exception {
		return this.applications.loadedClasses(launch);
	}

	/**
	 * Prepares what makes a start faster.
	 */
	@FunctionalInterface
	interface Preparation {

		Preparation NONE = (applications, launch) -> launch;

		Launch prepare(WebApplications applications, Launch launch) throws Exception;

	}

}
