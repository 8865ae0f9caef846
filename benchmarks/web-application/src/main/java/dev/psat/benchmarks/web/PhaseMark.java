package dev.psat.benchmarks.web;

import org.springframework.context.SmartLifecycle;

/**
 * Notes when the start gets to a phase.
 */
final class PhaseMark implements SmartLifecycle {

	private final int phase;

	private long startedAt;

	private boolean running;

	PhaseMark(int phase) {
		this.phase = phase;
	}

	long startedAt() {
		return this.startedAt;
	}

	@Override
	public void start() {
		this.startedAt = System.nanoTime();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return this.phase;
	}

}
