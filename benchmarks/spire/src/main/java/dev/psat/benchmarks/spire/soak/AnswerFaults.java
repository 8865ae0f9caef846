package dev.psat.benchmarks.spire.soak;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Answers without the trust bundle or the entry that was there before.
 */
final class AnswerFaults {

	private static final String INVALID_TRUST_BUNDLE = "INVALID_TRUST_BUNDLE";

	private AnswerFaults() {
	}

	static List<Fault> all() {
		return List.of(
				new Fault("empty trust bundle", Effect.failing(INVALID_TRUST_BUNDLE),
						(trial) -> refuse(trial, () -> trial.world().server().trustBundle().empty(true))),
				new Fault("sequence number going back", Effect.failing(INVALID_TRUST_BUNDLE),
						(trial) -> refuse(trial, trial.world().repair()::setBackSequenceNumber)),
				new Fault("entry gone and back", Effect.NONE, AnswerFaults::deleteEntry));
	}

	/**
	 * The answer is refused and counted, and takes no authority away.
	 */
	private static void refuse(Trial trial, Runnable action) {
		List<Application> both = trial.world().applications();
		Map<Application, Long> refreshes = both.stream()
			.collect(Collectors.toMap(Function.identity(), AnswerFaults::refused));
		Map<Application, Integer> authorities = both.stream()
			.collect(Collectors.toMap(Function.identity(), AnswerFaults::authorities));
		action.run();
		trial.awaitSeen("the answer is refused, and the trust bundle stays", both,
				(application) -> refused(application) > refreshes.getOrDefault(application, 0L)
						&& authorities.getOrDefault(application, 0) == authorities(application));
	}

	private static long refused(Application application) {
		return application.refreshes("invalid-trust-bundle");
	}

	private static int authorities(Application application) {
		var bundle = application.status().trustBundle();
		return (bundle != null) ? bundle.authorities() : 0;
	}

	private static void deleteEntry(Trial trial) {
		List<Application> deprived = trial.draw();
		deprived.forEach(trial.world().repair()::deleteEntry);
		trial.awaitSeen("the entry is missing", deprived,
				(application) -> Integer.valueOf(0).equals(application.status().candidates()));
	}

}
