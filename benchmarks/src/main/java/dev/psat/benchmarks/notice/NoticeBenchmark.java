package dev.psat.benchmarks.notice;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Medium;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.TokenVolume;
import dev.psat.test.SimulatedKubelet;

/**
 * Measures how soon a rotation reaches a reader: with the library, with the minimum that
 * the machine allows, and with peers.
 */
public final class NoticeBenchmark implements Benchmark {

	static final int WARM_UP = 1000;

	@Override
	public Report run(List<String> arguments) throws Exception {
		int swaps = (arguments.size() > 0) ? Integer.parseInt(arguments.get(0)) : 10_000;
		int rotations = (arguments.size() > 1) ? Integer.parseInt(arguments.get(1)) : 20;
		try (Workplace workplace = new Workplace()) {
			List<Medium> media = Medium.all();
			Path directory = workplace.directoryOn(media.get(0));
			SimulatedKubelet kubelet = workplace.closing(SimulatedKubelet.builder()
				.directory(directory.resolve("kubelet"))
				.lifetime(Duration.ofHours(2))
				.build());
			// first, since the logging of an application applies to all
			Peers peers = workplace.closing(new Peers(workplace, directory, kubelet::issueToken));
			List<Tournament> tournaments = peers.begin(rotations);
			List<Pair> pairs = new ArrayList<>();
			for (Medium medium : media) {
				pairs.add(pair(workplace, medium, kubelet::issueToken));
			}
			List<Candidate> candidates = pairs.stream().flatMap(Pair::candidates).toList();
			SpinningReader spinning = workplace.closing(new SpinningReader());
			Course course = new Course(candidates, spinning, kubelet::issueToken);
			course.backToBack(Math.min(WARM_UP, swaps), (candidate) -> new Series());
			course.paced(swaps, tournaments);
			peers.close();
			course.backToBack(swaps, Candidate::backToBack);
			return NoticeReport.of(swaps, rotations, pairs, tournaments);
		}
	}

	private static Pair pair(Workplace workplace, Medium medium, Supplier<String> tokens) throws IOException {
		Path directory = workplace.directoryOn(medium);
		TokenVolume ours = new TokenVolume(directory, "token", Content.token(tokens.get()).bytes());
		TokenVolume floor = new TokenVolume(directory, "token", Content.token(tokens.get()).bytes());
		return new Pair(medium.name(), new Candidate(ours, workplace.closing(new Ours(ours.path()))),
				new Candidate(floor, workplace.closing(new Floor(floor.path()))));
	}

}
