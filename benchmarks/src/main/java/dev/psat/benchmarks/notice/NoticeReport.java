package dev.psat.benchmarks.notice;

import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Table;

/**
 * Reports how soon rotations were noticed.
 */
final class NoticeReport {

	private static final double MEDIAN = 50;

	private static final double MAX = 100;

	private NoticeReport() {
	}

	static Report of(int swaps, int rotations, List<Pair> pairs, List<Tournament> tournaments) {
		Report report = new Report("Rotation notice").paragraph("""
				Time from the rename that publishes a token, as kubelet does it, until a thread that calls \
				`PsatAttestor.payload()` without a pause gets the new one; %,d swaps in each row. The floor is the \
				minimum that this machine allows: one event of a bare `WatchService` on the mount directory and one \
				read of the file, whose text a thread waits for in the same way. The reader spins from before a swap \
				until it has seen it, which keeps one of the processors named above busy; the threads that notice, \
				ours as well as the floor's, share the others with the thread that swaps.\
				""".formatted(swaps)).paragraph("""
				One thread swaps all volumes, so that no two swaps overlap. At 10/s, each volume has a slot of its own \
				in every tenth of a second: ours and the floor, on each medium, and the rotations of the second table; \
				the processors idle in between and find their caches cold. Meanwhile, the peers of the second table \
				run in the same process; they are closed before the rest. Back to back, the next swap follows as soon \
				as the last one has been seen, with tokens that were signed in advance, and the volumes take turns in \
				blocks of %d swaps. Nothing is synced to disk. Each of these volumes is first swapped up to %,d times \
				without counting. The log level is WARN. A swap that is not seen within ten seconds is missed and is \
				not part of any percentile.\
				""".formatted(Course.BLOCK, NoticeBenchmark.WARM_UP));
		Table table = new Table("", "p50", "p99", "p99.9", "max", "missed");
		for (Pair pair : pairs) {
			rows(table, pair, "10/s", Candidate::paced);
			rows(table, pair, "back to back", Candidate::backToBack);
		}
		report.table(table);
		return (rotations > 0) ? peers(report, rotations, pairs, tournaments) : report;
	}

	private static void rows(Table table, Pair pair, String rate, Function<Candidate, Series> series) {
		Series ours = series.apply(pair.ours());
		Series floor = series.apply(pair.floor());
		String name = "%s, %s: ".formatted(pair.medium(), rate);
		table.row(cells(name + "ours", ours::time, ours.missed()))
			.row(cells(name + "floor", floor::time, floor.missed()))
			.row(cells(name + "ours ÷ floor", (percent) -> ours.ratio(floor, percent), ""));
	}

	private static Object[] cells(String name, DoubleFunction<String> figure, String missed) {
		Stream<String> figures = DoubleStream.of(MEDIAN, 99, 99.9, MAX).mapToObj(figure);
		return Stream.of(Stream.of(name), figures, Stream.of(missed)).flatMap(Function.identity()).toArray();
	}

	private static Report peers(Report report, int rotations, List<Pair> pairs, List<Tournament> tournaments) {
		report.paragraph("""
				Peers that notice changes in other ways, over %d rotations each, on %s, with the file directly in the \
				volume (`token`) and in a subdirectory of it (`psat/token`). Ours has a volume of the same shape \
				beside each peer's, swapped just after it. A rotation that is not noticed before the next one is \
				missed; it counts as slower than all others, and its time is shown as a dash.\
				""".formatted(rotations, pairs.get(0).medium())).paragraph("""
				Spring Boot: a PEM bundle with `reload-on-update`, which promises to reload once the files have been \
				quiet for 10 s (its default). Each rotation is a new certificate and key, 12 to 20 s after the last \
				one, and is noticed when the update handler is called. Each bundle has an application of its own. \
				Kubernetes client: `TokenFileAuthentication` of `client-java`, which promises to read the file again \
				after a minute (its default). Rotations are 61 to 75 s apart, with a request every %d ms, and are \
				noticed when a request carries the new token.\
				""".formatted(KubernetesRequests.INTERVAL_MILLIS));
		Table table = new Table("", "p50", "max", "missed", "ours p50", "ours max", "ours missed", "peer ÷ ours, p50");
		for (Tournament tournament : tournaments) {
			for (Contest contest : tournament.contests()) {
				Series peer = contest.peerTimes(tournament.due());
				Series ours = contest.oursTimes();
				table.row(contest.peer(), peer.time(MEDIAN), peer.time(MAX), peer.missed(), ours.time(MEDIAN),
						ours.time(MAX), ours.missed(), peer.ratio(ours, MEDIAN));
			}
		}
		return report.table(table);
	}

}
