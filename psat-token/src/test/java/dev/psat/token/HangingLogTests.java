package dev.psat.token;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.psat.concurrent.internal.Time;
import dev.psat.file.internal.DirectoryWatch.WatchServices;
import dev.psat.support.HangingLog;
import dev.psat.support.MutableClock;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A log that hangs, as on a pipe that nobody reads, harms nothing but the log.
 */
class HangingLogTests {

	private static final Duration SOON = Patience.LIMIT;

	@AutoClose
	SimulatedKubelet kubelet;

	private final MutableClock clock = MutableClock.running();

	@BeforeEach
	void setUp(@TempDir Path directory) {
		this.kubelet = SimulatedKubelet.builder().directory(directory).build();
	}

	@Test
	void tokensAreNoticedAndToldWhileALineHangs() {
		List<Long> told = new CopyOnWriteArrayList<>();
		try (HangingLog log = hanging("of generation 2"); FileTokenSource source = source(null)) {
			source.addListener((previous, current) -> told.add(Snapshot.generation(current)));
			source.start();
			awaitToken(source, this.kubelet.rotate());
			log.awaitHanging();
			awaitToken(source, this.kubelet.rotate());
			soon().until(() -> told.contains(3L));
			String token = this.kubelet.rotate();
			source.refresh();
			assertThat(source.value()).isEqualTo(token);
			soon().until(() -> told.contains(4L));
		}
	}

	@Test
	void expiryIsToldWhileALineHangs() {
		List<TokenState> told = new CopyOnWriteArrayList<>();
		try (HangingLog log = hanging("of generation 1"); FileTokenSource source = source(null)) {
			source.addListener((previous, current) -> told.add(current.tokenState()));
			source.start();
			log.awaitHanging();
			this.clock.setAhead(Duration.ofSeconds(700));
			soon().until(() -> told.contains(TokenState.EXPIRED));
		}
	}

	@Test
	void tokensAreNoticedWhileTheLineThatThereAreNoEventsHangs() {
		WatchServices none = () -> {
			throw new IOException("none left");
		};
		try (HangingLog log = hanging("polling alone"); FileTokenSource source = source(none)) {
			source.start();
			log.awaitHanging();
			awaitToken(source, this.kubelet.rotate());
		}
	}

	@Test
	void tokensAreNoticedWhileTheLineOfAnObserverThatFailsHangs() {
		try (HangingLog log = hanging("An observer of looks"); FileTokenSource source = source(null)) {
			source.addObserver((outcome, sinceCause) -> {
				throw new IllegalStateException("on purpose");
			});
			source.start();
			log.awaitHanging();
			awaitToken(source, this.kubelet.rotate());
		}
	}

	@Test
	void startAndCloseDoNotWaitForALineThatHangs() {
		try (HangingLog log = hanging("of generation 1")) {
			FileTokenSource source = source(null);
			assertThat(CompletableFuture.runAsync(source::start)).succeedsWithin(SOON);
			log.awaitHanging();
			assertThat(source.value()).isEqualTo(this.kubelet.token());
			assertThat(CompletableFuture.runAsync(source::close)).succeedsWithin(SOON);
		}
	}

	@Test
	void closeWaitsForALogThatIsSlow() {
		try (SlowLog log = new SlowLog(); FileTokenSource source = source(null)) {
			source.start();
			this.kubelet.rotate();
			source.refresh();
			source.close();
			assertThat(log.lines).satisfiesExactly(
					(first) -> assertThat(first).startsWith("INFO Token ").contains("of generation 1"),
					(rotation) -> assertThat(rotation).startsWith("DEBUG Token ").contains("of generation 2"));
		}
	}

	private FileTokenSource source(@Nullable WatchServices services) {
		return new FileTokenSource(path(), SourceTorture.judge(), services, Time.of(this.clock),
				Intervals.withPoll(Duration.ofMillis(100)));
	}

	private Path path() {
		return this.kubelet.tokenPath();
	}

	private static HangingLog hanging(String text) {
		return new HangingLog(TokenSource.class.getName(), text);
	}

	private static void awaitToken(TokenSource source, String token) {
		soon().until(() -> source.value().equals(token));
	}

	private static ConditionFactory soon() {
		return await().pollInterval(Duration.ofMillis(20));
	}

	/**
	 * Takes its time for each line.
	 */
	private static final class SlowLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

		private final Logger logger = (Logger) LoggerFactory.getLogger(TokenSource.class);

		private final List<String> lines = new CopyOnWriteArrayList<>();

		SlowLog() {
			start();
			this.logger.setLevel(Level.DEBUG);
			this.logger.addAppender(this);
		}

		@Override
		protected void append(ILoggingEvent event) {
			try {
				Thread.sleep(100);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			this.lines.add(event.getLevel() + " " + event.getFormattedMessage());
		}

		@Override
		public void close() {
			this.logger.detachAppender(this);
			this.logger.setLevel(null);
			stop();
		}

	}

}
