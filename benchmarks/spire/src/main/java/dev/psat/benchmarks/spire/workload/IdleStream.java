package dev.psat.benchmarks.spire.workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import dev.psat.benchmarks.jvm.Footprint;
import dev.psat.benchmarks.jvm.Launch;
import dev.psat.benchmarks.jvm.WebProcess;

/**
 * A program that has its SVID and holds the stream.
 *
 * @param process where it runs
 * @param before what it had taken when it came to rest
 * @param since when that was, in nanoseconds
 */
record IdleStream(WebProcess process, Footprint before, long since) implements AutoCloseable {

	private static final long SETTLING_MILLIS = 3000;

	static IdleStream start(Launch launch) throws Exception {
		WebProcess process = launch.process();
		Thread.sleep(SETTLING_MILLIS);
		return new IdleStream(process, Footprint.of(process.pid()), System.nanoTime());
	}

	Cost cost() throws IOException {
		Footprint after = Footprint.of(this.process.pid());
		double minutes = (System.nanoTime() - this.since) / 60e9;
		return new Cost((after.processor() - this.before.processor()) / minutes, entries("task"), entries("fd"),
				after.resident());
	}

	private long entries(String directory) throws IOException {
		try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(this.process.pid()), directory))) {
			return entries.count();
		}
	}

	@Override
	public void close() throws InterruptedException {
		this.process.close();
	}

	/**
	 * Nanoseconds of processor time a minute, threads, descriptors, and bytes in memory.
	 */
	record Cost(double processor, long threads, long descriptors, long resident) {

	}

}
