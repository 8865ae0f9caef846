package dev.psat.token;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.psat.concurrent.internal.Time;
import dev.psat.file.internal.FileWatch;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Something is at the path that never was a token.
 */
@Matrix
class PathTortureTests {

	private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory
		.getThreadMXBean();

	private static final long GIBIBYTE = 1L << 30;

	@TempDir
	Path directory;

	@AutoClose
	final SourceLog log = new SourceLog();

	private Path path;

	@BeforeEach
	void setUp() {
		this.path = this.directory.resolve("token");
	}

	@Test
	void nothing() throws Exception {
		assertRejected(SourceState.MISSING, LookOutcome.MISSING, "There is no file");
	}

	@Test
	void linkThatLeadsNowhere() throws Exception {
		Files.createSymbolicLink(this.path, Path.of("..data/token"));
		assertRejected(SourceState.MISSING, LookOutcome.MISSING, "a link that leads nowhere");
	}

	@Test
	void directory() throws Exception {
		Files.createDirectory(this.path);
		assertRejected(SourceState.UNREADABLE, LookOutcome.UNREADABLE, "is a directory");
	}

	@Test
	void fifo() throws Exception {
		makeFifo();
		assertRejected(SourceState.UNREADABLE, LookOutcome.UNREADABLE, "not a regular file");
	}

	@Test
	void device() throws Exception {
		assumeTrue(Files.exists(Path.of("/dev/zero")), "There is no /dev/zero");
		Files.createSymbolicLink(this.path, Path.of("/dev/zero"));
		assertRejected(SourceState.UNREADABLE, LookOutcome.UNREADABLE, "not a regular file");
	}

	@Test
	void linkToItself() throws Exception {
		Files.createSymbolicLink(this.path, this.path.getFileName());
		assertRejected(SourceState.UNREADABLE, LookOutcome.UNREADABLE, "cannot be read");
	}

	@Test
	void linksInACircle() throws Exception {
		Files.createSymbolicLink(this.path, Path.of("other"));
		Files.createSymbolicLink(this.directory.resolve("other"), Path.of("token"));
		assertRejected(SourceState.UNREADABLE, LookOutcome.UNREADABLE, "cannot be read");
	}

	@Test
	void tooManyLinks() throws Exception {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().build()) {
			Path target = kubelet.tokenPath();
			for (int link = 0; link < 50; link++) {
				target = Files.createSymbolicLink(this.directory.resolve("link-" + link), target);
			}
			this.path = target;
			assertRejected(SourceState.UNREADABLE, LookOutcome.UNREADABLE, "cannot be read");
		}
	}

	@Test
	void fileWhereADirectoryShouldBe() throws Exception {
		Files.createFile(this.path);
		this.path = this.path.resolve("token");
		assertRejected(SourceState.UNREADABLE, LookOutcome.UNREADABLE, "Not a directory");
	}

	@Test
	void nameThatIsTooLong() throws Exception {
		this.path = this.directory.resolve("t".repeat(300));
		assertRejected(SourceState.UNREADABLE, LookOutcome.UNREADABLE, "cannot be read");
	}

	@Test
	void pathThatIsTooLong() throws Exception {
		this.path = this.directory.resolve("t".repeat(250).concat("/").repeat(20));
		assertRejected(SourceState.UNREADABLE, LookOutcome.UNREADABLE, "cannot be read");
	}

	@Test
	void emptyFile() throws Exception {
		Files.createFile(this.path);
		assertRejected(SourceState.MALFORMED, LookOutcome.MALFORMED, "is empty");
	}

	@Test
	void hugeFile() throws Exception {
		try (RandomAccessFile file = new RandomAccessFile(this.path.toFile(), "rw")) {
			file.setLength(3 * GIBIBYTE);
		}
		assertRejected(SourceState.MALFORMED, LookOutcome.MALFORMED, "larger than 64 KiB");
	}

	@Test
	void fileOfTheKernelThatHasNoSize() throws Exception {
		assumeTrue(Files.exists(Path.of("/proc/version")), "There is no /proc/version");
		this.path = Path.of("/proc/version");
		assertRejected(SourceState.MALFORMED, LookOutcome.MALFORMED, "characters that are not allowed in a JWT");
	}

	@Test
	void callersAreAnsweredSoonWhileAFifoIsThere() throws Exception {
		makeFifo();
		try (TokenSource source = TokenSource.builder(this.path).build()) {
			source.start();
			for (int question = 0; question < 3; question++) {
				assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(source::current);
			}
			Files.delete(this.path);
			try (SimulatedKubelet kubelet = SimulatedKubelet.builder().build()) {
				Files.createSymbolicLink(this.path, kubelet.tokenPath());
				SourceTorture.soon().until(() -> source.status().tokenState() == TokenState.VALID);
			}
		}
		assertNoThreadIsLeft();
	}

	/**
	 * Look by this thread, so that what it allocates is known, until the problem is
	 * certain.
	 */
	private void assertRejected(SourceState state, LookOutcome outcome, String message) throws Exception {
		List<LookOutcome> outcomes = new CopyOnWriteArrayList<>();
		Observers observers = new Observers(Runnable::run);
		observers.add((seen, sinceCause) -> outcomes.add(seen));
		Publication publication = new Publication(this.path, Clock.systemUTC(), new Publication.Owner() {

			@Override
			public WatchMode watchMode() {
				return WatchMode.STOPPED;
			}

			@Override
			public void announce(TokenStatus before, TokenStatus after, Snapshot snapshot) {
			}

		});
		Looker looker = new Looker(this.path, SourceTorture.judge(), Time.ofSystem(),
				Intervals.withPoll(SourceTorture.NEVER), publication, observers);
		SourceTorture.soon().pollInSameThread().until(() -> {
			long before = THREADS.getCurrentThreadAllocatedBytes();
			FileWatch.Look look = looker.look(System.nanoTime());
			assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
			return look.isConclusive();
		});
		assertThat(publication.status().sourceState()).isEqualTo(state);
		assertThat(publication.status().message()).contains(message);
		assertThat(publication.status().tokenState()).isEqualTo(TokenState.NONE);
		assertThat(outcomes).last().isEqualTo(outcome);
		looker.look(System.nanoTime());
		assertThat(outcomes).last().isEqualTo(LookOutcome.UNCHANGED);
	}

	private void makeFifo() throws Exception {
		try {
			Process mkfifo = new ProcessBuilder("mkfifo", this.path.toString()).inheritIO().start();
			assumeTrue(mkfifo.waitFor(Patience.SECONDS, TimeUnit.SECONDS) && mkfifo.exitValue() == 0, "mkfifo failed");
		}
		catch (IOException ex) {
			abort("There is no mkfifo here: " + ex.getMessage());
		}
	}

	private static void assertNoThreadIsLeft() {
		SourceTorture.soon().untilAsserted(() -> assertThat(RunningThreads.beginningWith("psat-token-")).isEmpty());
	}

}
