package dev.psat.benchmarks.spire.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spire.test.ServerJournal;

/**
 * Reads the journal of a server again and again.
 */
final class Recorder implements AutoCloseable {

	private static final Duration STEP = Duration.ofMillis(5);

	private final ServerJournal journal;

	private final List<Reading> readings = new ArrayList<>();

	private final Thread thread = new Thread(this::read, "recorder");

	private Recorder(ServerJournal journal) {
		this.journal = journal;
		this.readings.add(Reading.of(journal));
	}

	static Recorder start(ServerJournal journal) {
		Recorder recorder = new Recorder(journal);
		recorder.thread.start();
		return recorder;
	}

	private void read() {
		try {
			while (true) {
				Thread.sleep(STEP.toMillis());
				this.readings.add(Reading.of(this.journal));
			}
		}
		catch (InterruptedException ex) {
			// the last one
			this.readings.add(Reading.of(this.journal));
		}
	}

	Traffic stop() throws InterruptedException {
		close();
		return new Traffic(this.readings);
	}

	@Override
	public void close() throws InterruptedException {
		this.thread.interrupt();
		this.thread.join();
	}

}
