package dev.psat.benchmarks.spire.start;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.jvm.Jdk;
import dev.psat.benchmarks.jvm.Start;

/**
 * Starts in pods that the server has never seen, while it reloads its cache as a real one
 * does.
 *
 * @param figures those of the starts
 */
record NewPods(List<Start> figures) {

	/** As a real server has it. */
	private static final Duration RELOAD = Duration.ofSeconds(5);

	static final long SEED = 4;

	/**
	 * Start one pod after the other. A pod is ready just after a reload, so that the next
	 * would always meet the server at the same moment if it did not wait at random.
	 * @param directory where to put files
	 * @param pods how many pods
	 * @return the pods
	 * @throws Exception if one does not start
	 */
	static NewPods start(Path directory, int pods) throws Exception {
		Random random = new Random(SEED);
		List<Start> figures = new ArrayList<>();
		try (World world = World.create(directory, RELOAD)) {
			for (int pod = 0; pod < pods; pod++) {
				Thread.sleep(random.nextLong(RELOAD.toMillis()));
				figures.add(WebContest.spire(directory, world, world.newPod()).on(Jdk.current()).start());
			}
		}
		return new NewPods(figures);
	}

	int count() {
		return this.figures.size();
	}

	/**
	 * Return how long the server let the pods wait.
	 * @return the times from the attestation to the SVID
	 */
	Sample waits() {
		return sample((pod) -> Moment.SVID.since(Moment.ATTESTED, pod));
	}

	Sample ready() {
		return sample(Start::ready);
	}

	private Sample sample(ToDoubleFunction<Start> figure) {
		return Sample.of(this.figures.stream().map(figure::applyAsDouble).toList());
	}

}
