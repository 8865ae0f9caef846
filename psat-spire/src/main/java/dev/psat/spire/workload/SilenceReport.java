package dev.psat.spire.workload;

import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitException;

/**
 * Reports once that an X.509-SVID should have been replaced, which no message and no
 * failure tells. It belongs to the thread of the clock.
 */
final class SilenceReport {

	private final WorkloadMemory memory;

	private final Time time;

	/** The generation of the X.509-SVID that was reported last. */
	private long told;

	SilenceReport(WorkloadMemory memory, Time time) {
		this.memory = memory;
		this.time = time;
	}

	void tell() {
		WorkloadSnapshot snapshot = this.memory.publication().snapshot();
		HeldSvid svid = snapshot.svid();
		VisitException silence = snapshot.silence(this.time.now());
		if (svid != null && silence != null && svid.generation() != this.told) {
			this.told = svid.generation();
			this.memory.outcomes().renewed(silence);
			this.memory.publication().warn("{}: {}. {}", silence.reason(), silence.getMessage(), silence.advice());
		}
	}

}
