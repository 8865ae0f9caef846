package dev.psat.benchmarks.rest;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The cost of an idle application.
 *
 * @param watchCpu processor time of the threads that watch, in nanoseconds
 * @param jdkCpu processor time of the threads of the JDK's watch services, in nanoseconds
 * @param processCpu processor time of the whole process, in nanoseconds
 * @param ourThreads how many threads the library has
 * @param jdkThreads how many threads the JDK's watch services have
 * @param heap bytes in use after a full collection
 * @param inotify how many inotify instances are open
 * @param descriptors how many descriptors are open
 * @param polling how many sources have no file events
 */
record Measurement(long watchCpu, long jdkCpu, long processCpu, long ourThreads, long jdkThreads, long heap,
		long inotify, long descriptors, long polling) {

	String toLine() {
		return LongStream
			.of(this.watchCpu, this.jdkCpu, this.processCpu, this.ourThreads, this.jdkThreads, this.heap, this.inotify,
					this.descriptors, this.polling)
			.mapToObj(Long::toString)
			.collect(Collectors.joining(" "));
	}

	static Measurement fromLine(String line) {
		long[] figures = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
		return new Measurement(figures[0], figures[1], figures[2], figures[3], figures[4], figures[5], figures[6],
				figures[7], figures[8]);
	}

}
