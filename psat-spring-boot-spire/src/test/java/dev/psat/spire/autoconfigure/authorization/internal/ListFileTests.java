package dev.psat.spire.autoconfigure.authorization.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

import dev.psat.concurrent.internal.Time;
import dev.psat.file.internal.FileWatch;
import dev.psat.file.internal.LinkedFile;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists.FileStatus.State;
import dev.psat.support.ConfigMapVolume;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ListFile}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ListFileTests {

	private static final Duration REST = Duration.ofMillis(200);

	private static final ListFile.Intervals INTERVALS = new ListFile.Intervals(Duration.ofSeconds(5),
			Duration.ofSeconds(1), REST, Duration.ofMillis(900), Duration.ofMillis(300), Duration.ofSeconds(20),
			Duration.ofSeconds(3));

	private static final ListFile.Intervals IMPATIENT = new ListFile.Intervals(Duration.ofSeconds(5),
			Duration.ofSeconds(1), REST, Duration.ofMillis(900), Duration.ofMillis(300), Duration.ofSeconds(2),
			Duration.ofSeconds(3));

	private static final Time TIME = Time.ofSystem();

	private static final ItemRules RULES = new ItemRules(TrustDomain.of("example.org"), Set.of());

	private static final String A = "spiffe://example.org/a";

	private static final String B = "spiffe://example.org/b";

	private static final String WARNING = "WARN";

	@TempDir
	private Path directory;

	/**
	 * Or the next test would find the lines of this one.
	 */
	@AfterEach
	void awaitLines() {
		await().until(() -> RunningThreads.named("spire-lists-log").isEmpty());
	}

	@Test
	void fileThatHasRestedIsInForceAtOnce() throws Exception {
		Instant before = Instant.now();
		ListFile file = file(rested(A + "\n" + B));
		assertThat(file.status().state()).isEqualTo(State.UNREADABLE);
		assertThat(file.inForce().isEmpty()).isTrue();
		FileWatch.Look look = file.look();
		assertThat(look.isConclusive()).isTrue();
		assertThat(look.next()).isEqualTo(INTERVALS.poll());
		assertThat(look.directories().values()).containsExactly(this.directory.toRealPath());
		assertThat(file.inForce().items()).containsExactly(A, B);
		PeerLists.FileStatus status = file.status();
		assertThat(status.path()).isEqualTo(this.directory.resolve("list"));
		assertThat(status.state()).isEqualTo(State.OK);
		assertThat(status.entries()).isEqualTo(2);
		assertThat(status.readAt()).isBetween(before, Instant.now());
		assertThat(status.error()).isNull();
	}

	@Test
	void fileThatIsBeingWrittenCountsOnceItHasRested() throws Exception {
		Path path = Files.writeString(this.directory.resolve("list"), A);
		// not at rest yet, however late the look is
		Files.setLastModifiedTime(path, FileTime.from(Instant.now().plus(Patience.LIMIT)));
		ListFile file = file(path);
		FileWatch.Look look = file.look();
		assertThat(look.isConclusive()).isFalse();
		assertThat(look.next()).isLessThanOrEqualTo(REST);
		assertThat(file.inForce().isEmpty()).isTrue();
		awaitLook().until(() -> looksConclusive(file));
		assertThat(file.inForce().items()).containsExactly(A);
		Files.writeString(path, "");
		assertThat(file.look().isConclusive()).isFalse();
		Files.writeString(path, A + "\n" + B);
		assertThat(file.look().isConclusive()).isFalse();
		assertThat(file.inForce().items()).containsExactly(A);
		awaitLook().until(() -> looksConclusive(file));
		assertThat(file.inForce().items()).containsExactly(A, B);
	}

	@Test
	void directoryThatKubeletSwapsCountsAtOnce() throws Exception {
		ConfigMapVolume volume = new ConfigMapVolume(this.directory.resolve("lists"));
		volume.write("clients", A);
		ListFile file = file(volume.path("clients"));
		assertThat(file.look().isConclusive()).isTrue();
		assertThat(file.inForce().items()).containsExactly(A);
		volume.write("clients", B);
		assertThat(file.look().isConclusive()).isTrue();
		assertThat(file.inForce().items()).containsExactly(B);
		assertThat(file.status().state()).isEqualTo(State.OK);
	}

	@Test
	void lastListStaysWhateverHappensToTheFileAndEachProblemIsToldOnce(CapturedOutput output) throws Exception {
		Path path = rested(A);
		ListFile file = file(path);
		file.look();
		assertThat(logged(output)).doesNotContain("some.property");
		Files.delete(path);
		assertThat(file.look().isConclusive()).isFalse();
		awaitState(file, State.MISSING);
		file.look();
		assertKept(file, "There is no file " + path);
		assertThat(logged(output)).containsOnlyOnce(
				"'some.property' cannot be read anew: There is no file %s. What it listed last stays in force (entries: 1)"
					.formatted(path));
		Files.createDirectory(path);
		awaitState(file, State.UNREADABLE);
		assertKept(file, "is a directory");
		Files.delete(path);
		rested("not a list");
		awaitState(file, State.INVALID);
		assertKept(file, "line 1 does not begin with 'spiffe://'");
		rested("#".repeat(1024 * 1024) + "\n" + B);
		awaitLook().until(() -> looksLike(file, "larger than 1 MiB"));
		assertThat(file.status().state()).isEqualTo(State.INVALID);
		assertKept(file, "larger than 1 MiB");
		rested(B);
		awaitState(file, State.OK);
		assertThat(file.inForce().items()).containsExactly(B);
		assertThat(logged(output).toString().split(WARNING, -1)).hasSize(5);
		assertThat(logged(output)).containsOnlyOnce("'some.property' can be read now (entries: 1)");
	}

	@Test
	void fileThatIsReplacedInTwoStepsIsNoProblem(CapturedOutput output) throws Exception {
		Path path = rested(A);
		ListFile file = file(path);
		file.look();
		Files.delete(path);
		file.look();
		rested(B);
		awaitLook().until(() -> file.look().isConclusive());
		assertThat(file.inForce().items()).containsExactly(B);
		assertThat(logged(output).getOut().lines().filter((line) -> line.contains("some.property")).toList().toString())
			.doesNotContain(WARNING)
			.containsOnlyOnce("'some.property' has changed (entries: 1, added: 1, removed: 1)");
	}

	@Test
	void emptyFileIsAListOfNobody(CapturedOutput output) throws Exception {
		Path path = rested(A);
		ListFile file = file(path);
		file.look();
		rested("");
		awaitLook().until(() -> file.look().isConclusive());
		assertThat(file.inForce().isEmpty()).isTrue();
		assertThat(file.status().state()).isEqualTo(State.OK);
		assertThat(file.status().entries()).isZero();
		assertThat(logged(output).getOut().lines().filter((line) -> line.contains("some.property")).toList().toString())
			.doesNotContain(WARNING);
	}

	@Test
	void missingFileIsToldOnceAndAuthorizesNobodyUntilItIsThere(CapturedOutput output) throws Exception {
		Path path = this.directory.resolve("deeper").resolve("list");
		ListFile file = file(path);
		FileWatch.Look look = file.look();
		file.look();
		assertThat(look.isConclusive()).isTrue();
		assertThat(look.directories().values()).containsExactly(this.directory.toRealPath());
		assertThat(file.status())
			.isEqualTo(new PeerLists.FileStatus(path, State.MISSING, 0, null, "There is no file " + path));
		assertThat(logged(output)).containsOnlyOnce(
				"'some.property' authorizes nobody until it can be read: There is no file %s".formatted(path));
		Files.createDirectory(path.getParent());
		Files.writeString(path, A);
		awaitState(file, State.OK);
		assertThat(file.inForce().items()).containsExactly(A);
	}

	@Test
	void fileWithoutPermissionIsUnreadable() throws Exception {
		Path path = rested(A);
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
		Assumptions.assumeFalse(Files.isReadable(path), "root may read anything");
		ListFile file = file(path);
		file.look();
		assertThat(file.status().state()).isEqualTo(State.UNREADABLE);
		assertThat(file.status().error()).contains("permission denied");
	}

	@Test
	void pipeIsNotOpened() throws Exception {
		Path path = this.directory.resolve("list");
		Assumptions.assumeTrue(new ProcessBuilder("mkfifo", path.toString()).start().waitFor() == 0, "no mkfifo");
		ListFile file = file(path);
		file.look();
		assertThat(file.status().state()).isEqualTo(State.UNREADABLE);
		assertThat(file.status().error()).contains("is not a regular file");
	}

	@Test
	void relativePathIsOfTheWorkingDirectory() throws Exception {
		Path path = Path.of("").toAbsolutePath().relativize(rested(A).toAbsolutePath());
		ListFile file = file(path);
		file.look();
		assertThat(path.isAbsolute()).isFalse();
		assertThat(file.inForce().items()).containsExactly(A);
		assertThat(file.look().directories().values()).containsExactly(this.directory.toRealPath());
	}

	@Test
	void linkIsFollowedWhereverItLeads() throws Exception {
		Path elsewhere = Files.createDirectory(this.directory.resolve("elsewhere"));
		Path target = Files.move(rested(A), elsewhere.resolve("list"));
		Path path = Files.createSymbolicLink(this.directory.resolve("link"), target);
		ListFile file = file(path);
		assertThat(file.look().directories().values()).containsExactlyInAnyOrder(this.directory.toRealPath(),
				elsewhere.toRealPath());
		assertThat(file.inForce().items()).containsExactly(A);
		Files.delete(target);
		awaitState(file, State.MISSING);
		assertKept(file, "is a link that leads nowhere");
		assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
	}

	@Test
	void fileThatKeepsChangingIsTold() throws Exception {
		Path path = rested(A);
		ListFile file = file(path);
		file.look();
		int[] writes = { 0 };
		await().pollInterval(Duration.ofMillis(50)).until(() -> {
			Files.writeString(path, A + "\n" + "#".repeat(++writes[0]));
			file.look();
			return file.status().state() == State.UNREADABLE;
		});
		assertKept(file, "keeps changing: it never stays unchanged for 200 ms");
		awaitState(file, State.OK);
	}

	@Test
	void fileSystemThatDoesNotAnswerIsToldAndWaitedForOnceOnly() throws Exception {
		Path path = rested(A);
		LinkedFile linked = new LinkedFile(path, 100, TIME);
		CountDownLatch dead = new CountDownLatch(1);
		boolean[] hangs = { false };
		ListFile file = new ListFile("some.property", path, () -> {
			if (hangs[0]) {
				dead.await();
			}
			return linked.read();
		}, RULES, TIME, IMPATIENT);
		file.look();
		hangs[0] = true;
		file.look();
		// unless the machine is busy, just then
		await().until(() -> {
			long began = System.nanoTime();
			assertThat(file.look().directories()).isNotEmpty();
			return System.nanoTime() - began < IMPATIENT.patience().toNanos();
		});
		assertThat(file.status().state()).isEqualTo(State.UNREADABLE);
		assertKept(file, "The file system has not answered since ");
		hangs[0] = false;
		dead.countDown();
		awaitState(file, State.OK);
		file.end();
	}

	@Test
	void whatDoesNotFitTheOwnTrustDomainIsToldOnceItIsKnown(CapturedOutput output) throws Exception {
		ListFile file = new ListFile("some.property", rested(A + "\nspiffe://third.org/a\nspiffe://fourth.org/a"),
				new ItemRules(null, Set.of()), TIME, INTERVALS);
		file.look();
		assertThat(file.inForce().size()).isEqualTo(3);
		assertThat(logged(output)).doesNotContain("can never connect");
		file.own(TrustDomain.of("example.org"));
		file.own(TrustDomain.of("example.org"));
		assertThat(logged(output)).containsOnlyOnce(
				"'some.property' lists spiffe://third.org/a and spiffe://fourth.org/a, which can never connect: the own trust domain is 'example.org'");
		rested("spiffe://third.org/b");
		awaitLook().until(() -> file.look().isConclusive());
		assertThat(logged(output))
			.containsOnlyOnce("'some.property' lists spiffe://third.org/b, which can never connect");
	}

	private void assertKept(ListFile file, String error) {
		assertThat(file.inForce().items()).containsExactly(A);
		assertThat(file.status().entries()).isEqualTo(1);
		assertThat(file.status().readAt()).isNotNull();
		assertThat(file.status().error()).contains(error);
	}

	private static void awaitState(ListFile file, State state) {
		awaitLook().until(() -> {
			file.look();
			return file.status().state() == state;
		});
	}

	private static boolean looksConclusive(ListFile file) throws InterruptedException {
		return file.look().isConclusive();
	}

	private static boolean looksLike(ListFile file, String error) throws InterruptedException {
		file.look();
		String told = file.status().error();
		return told != null && told.contains(error);
	}

	private static ConditionFactory awaitLook() {
		return await().pollInterval(Duration.ofMillis(20));
	}

	private Path rested(String content) throws IOException {
		Path path = Files.writeString(this.directory.resolve("next"), content);
		Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(60)));
		return Files.move(path, this.directory.resolve("list"), StandardCopyOption.ATOMIC_MOVE);
	}

	private static ListFile file(Path path) {
		return new ListFile("some.property", path, RULES, TIME, INTERVALS);
	}

	/**
	 * Return what was logged, in its time.
	 */
	private CapturedOutput logged(CapturedOutput output) {
		awaitLines();
		return output;
	}

}
