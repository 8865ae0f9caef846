package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import dev.psat.support.DeepStack;
import dev.psat.support.Leftovers;
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

	private final Set<String> holders = ConcurrentHashMap.newKeySet();

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
		for (int dive = 0; dive < 12; dive++) {
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
		assertThat(this.holders).isNotEmpty().allMatch((name) -> name.startsWith("psat-token-"));
	}

	@Test
	void threadsOfTheSourceAloneHoldALockWhileTheyLook() {
		try (FileTokenSource source = source()) {
			for (Runnable call : everyCall(source)) {
				this.kubelet.rotate();
				call.run();
			}
		}
		assertThat(this.holders).contains("psat-token-look", "psat-token-watch")
			.allMatch((name) -> name.startsWith("psat-token-"));
	}

	private static List<Runnable> everyCall(FileTokenSource source) {
		TokenListener listener = (previous, current) -> {
		};
		return List.of(source::value, source::refresh, source::start, () -> source.addListener(listener),
				source::refresh, source::status, () -> source.removeListener(listener), source::stop, source::refresh);
	}

	private FileTokenSource source() {
		return new FileTokenSource(this.kubelet.tokenPath(), SourceTorture.judge(), true, new HolderClock(),
				Intervals.withPoll(SourceTorture.NEVER));
	}

	/**
	 * A clock that notes which threads ask for the time while they hold a lock.
	 */
	private final class HolderClock extends Clock {

		@Override
		public Instant instant() {
			if (StackWalker.getInstance().walk(HolderClock::isHolding)) {
				DeepStackTests.this.holders.add(Thread.currentThread().getName());
			}
			return Instant.now();
		}

		private static boolean isHolding(Stream<StackWalker.StackFrame> frames) {
			return frames.anyMatch((frame) -> frame.getClassName().equals(Looker.class.getName())
					|| frame.getClassName().equals(Publication.class.getName())
							&& frame.getMethodName().equals("announce"));
		}

		@Override
		public ZoneId getZone() {
			return ZoneId.of("UTC");
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}
