package dev.psat.spire.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.spire.test.SpireMethod;
import dev.psat.support.soak.Figures;

/**
 * Reports the load in Markdown.
 */
final class LoadReport {

	private static final String REPORT = """
			%s clients with the same address, each with an identity as the starter creates it, share one JVM with a \
			simulated server, which they visit every %s. The server attests one agent per second and address, and \
			reloads its entries every %s. The JVM is warm, since one machine does here what many do elsewhere: the \
			same number of clients has obtained SVIDs from another server before, one after the other. All figures \
			except the times come from the server.

			*Start*: all clients start at once. *Idle*: %s from the moment the last client has its SVID; SVIDs live \
			for an hour, so none is renewed in that time. *Back to clients with SVIDs*: the server of these clients \
			was away, so nothing listened on its port, %s times for %s (*soon*), then for at least %s; all clients \
			were `READY` at each return. *Back to clients without*: another server came back, after at least %s, to \
			the same number of clients, which had started in the meantime. A server is watched for %s after its \
			return, or until all clients are served, whichever takes longer.

			A client is served when it is `READY` and, after a return to clients with SVIDs, has refreshed its trust \
			bundle without an error since; the time starts just before the first client or the server does. A peak is \
			the maximum in any one-second window; it comes from a journal that is read every five milliseconds, and is \
			never too low. For a server that returned several times, figures are medians, with the maximum in \
			brackets.

			|  | calls per client | `AttestAgent` per client | connections per client | peak of calls | peak of `AttestAgent` | peak of connections | half served after | all served after |
			| --- | --: | --: | --: | --: | --: | --: | --: | --: |
			%s
			While idle, per client and minute; a SPIRE Agent asks for its entries 12 times.

			|  | per client and minute |
			| --- | --: |
			%s""";

	private LoadReport() {
	}

	/**
	 * Write the report.
	 * @param how the number of clients, and the times and numbers that they were measured
	 * by, in the order of the text
	 * @param start when all clients started at once
	 * @param idle while they had nothing to do
	 * @param returns when the server came back to them soon
	 * @param inForce when the server came back to them at last
	 * @param waiting when a server came back to clients that had never seen it
	 * @return the report
	 */
	static String of(List<Object> how, Episode start, Episode idle, List<Episode> returns, Episode inForce,
			Episode waiting) {
		String rows = Stream.of(List.of(start), List.of(idle), returns, List.of(inForce), List.of(waiting))
			.map(LoadReport::row)
			.collect(Collectors.joining());
		Stream<String> methods = idle.methods()
			.stream()
			.map((method) -> idleRow("`%s`".formatted(method.fullName().replaceFirst(".*/", "")), idle,
					(reading) -> reading.calls(method)));
		String idleRows = Stream
			.concat(methods, Stream.of(idleRow("all calls", idle, Reading::allCalls),
					idleRow("connections", idle, Reading::connections)))
			.collect(Collectors.joining());
		return REPORT.formatted(
				Stream.concat(how.stream().map(LoadReport::text), Stream.of(rows, idleRows)).toArray(Object[]::new));
	}

	private static String text(Object figure) {
		return (figure instanceof Duration duration) ? duration.toString().substring(2).toLowerCase(Locale.ROOT)
				: figure.toString();
	}

	private static String row(List<Episode> episodes) {
		ToIntFunction<Reading> attestations = (reading) -> reading.calls(SpireMethod.ATTEST_AGENT);
		List<String> cells = new ArrayList<>(List.of(episodes.get(0).name()));
		List<ToIntFunction<Reading>> counters = List.of(Reading::allCalls, attestations, Reading::connections);
		counters
			.forEach((counter) -> cells.add(figures(episodes, (episode) -> episode.each(counter), Figures::number)));
		counters.forEach((counter) -> cells
			.add(figures(episodes, (episode) -> episode.traffic().peak(counter), (peak) -> "%.0f".formatted(peak))));
		Stream.<ToDoubleFunction<Episode>>of((episode) -> episode.servedAfter(0.5), (episode) -> episode.servedAfter(1))
			.forEach((served) -> cells.add(episodes.get(0).name().equals("idle") ? "–" : figures(episodes, served,
					(seconds) -> Double.isNaN(seconds) ? "never" : Figures.number(seconds) + " s")));
		return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
	}

	/**
	 * Return the median, and the maximum if there are several episodes.
	 */
	private static String figures(List<Episode> episodes, ToDoubleFunction<Episode> figure,
			DoubleFunction<String> format) {
		List<Double> all = episodes.stream().map(figure::applyAsDouble).toList();
		String median = format.apply(Figures.median(all));
		return (all.size() > 1) ? "%s (%s)".formatted(median, format.apply(Collections.max(all))) : median;
	}

	private static String idleRow(String name, Episode idle, ToIntFunction<Reading> counter) {
		return "| %s | %s |\n".formatted(name, Figures.number(idle.eachIn(Duration.ofMinutes(1), counter)));
	}

}
