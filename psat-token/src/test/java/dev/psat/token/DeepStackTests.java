package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.psat.concurrent.internal.Time;
import dev.psat.support.DeepStack;
import dev.psat.support.Leftovers;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FileTokenSource} and callers that have little stack left. An error in
 * one of them could leave a lock behind, if it ever held one.
 */
class DeepStackTests {

	private static final Duration SOON = Patience.LIMIT;

	private final Leftovers leftovers = new Leftovers();

	private SimulatedKubelet kubelet;

	@BeforeEach
	void setUp(@TempDir Path directory) {
		this.kubelet = SimulatedKubelet.builder().directory(directory).build();
		// an error while a class is initialized would remain
		try (FileTokenSource source = source()) {
			everyCall(source).forEach(Runnable::run);
		}
	}

	@AfterEach
	void tearDown() {
		this.kubelet.close();
		this.leftovers.expectNone();
	}

	@Test
	void errorInACallerKeepsNoOtherFromLookingOrClosing() throws Exception {
		dive(3);
	}

	@Matrix
	@Test
	void errorInACallerKeepsNoOtherFromLookingOrClosingWhereverItIs() throws Exception {
		dive(12);
	}

	private void dive(int dives) throws Exception {
		for (int dive = 0; dive < dives; dive++) {
			FileTokenSource source = source();
			for (Runnable call : everyCall(source)) {
				DeepStack.dive(call, dive);
			}
			String token = this.kubelet.rotate();
			assertThat(CompletableFuture.supplyAsync(() -> {
				source.refresh();
				return source.value();
			})).as("dive %d", dive).succeedsWithin(SOON).isEqualTo(token);
			assertThat(CompletableFuture.runAsync(source::close)).as("dive %d", dive).succeedsWithin(SOON);
		}
	}

	private static List<Runnable> everyCall(FileTokenSource source) {
		TokenListener listener = (previous, current) -> {
		};
		return List.of(source::value, source::refresh, source::start, () -> source.addListener(listener),
				source::refresh, source::status, () -> source.removeListener(listener), source::stop, source::refresh);
	}

	private FileTokenSource source() {
		return new FileTokenSource(this.kubelet.tokenPath(), SourceTorture.judge(), true, Time.ofSystem(),
				Intervals.withPoll(SourceTorture.NEVER));
	}

}
