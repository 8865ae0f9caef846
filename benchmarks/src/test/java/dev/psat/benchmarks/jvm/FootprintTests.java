package dev.psat.benchmarks.jvm;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link Footprint}.
 */
class FootprintTests {

	@Test
	void processorTimeContainsThatOfThreadsThatHaveEnded() throws Exception {
		long pid = ProcessHandle.current().pid();
		long before = Footprint.of(pid).processor();
		Thread busy = new Thread(FootprintTests::work);
		busy.start();
		busy.join();
		assertThat(Footprint.of(pid).processor() - before).isGreaterThanOrEqualTo(100_000_000);
	}

	@Test
	void peakIsNotLessThanWhatIsResident() throws IOException {
		Footprint footprint = Footprint.of(ProcessHandle.current().pid());
		assertThat(footprint.resident()).isBetween(1L << 20, footprint.peak());
	}

	@Test
	void processThatHasEndedHasNone() throws Exception {
		Process process = new ProcessBuilder("true").start();
		process.waitFor();
		assertThatIOException().isThrownBy(() -> Footprint.of(process.pid()));
	}

	/** Until the thread has had a processor for 120 ms, however long that takes. */
	private static void work() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		while (threads.getCurrentThreadCpuTime() < 120_000_000) {
			Thread.onSpinWait();
		}
	}

}
