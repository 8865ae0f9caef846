package dev.psat.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

import dev.psat.support.MutableClock;
import dev.psat.support.Patience;
import dev.psat.support.Torture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link SimulatedKubelet}.
 */
class SimulatedKubeletTests {

	private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().clock(new MutableClock(NOW)).build();

	@Test
	void rotateProjectsNewToken() {
		String first = this.kubelet.token();
		assertThat(this.kubelet.tokenPath()).hasContent(first);
		String second = this.kubelet.rotate();
		assertThat(second).isNotEqualTo(first).isEqualTo(this.kubelet.token());
		assertThat(this.kubelet.tokenPath()).isSymbolicLink().hasContent(second);
	}

	@Test
	void rotateNeverShowsReadersAnythingButWholeTokens() {
		Set<String> tokens = new TreeSet<>(Set.of(this.kubelet.token()));
		Stream.generate(this.kubelet::issueToken).limit(100).forEach(tokens::add);
		Executor threadPerTask = (task) -> new Thread(task).start();
		List<CompletableFuture<Integer>> readers = new ArrayList<>();
		Instant enough = Instant.now().plus(Torture.lasting(Duration.ofSeconds(1), Duration.ofSeconds(3)));
		CompletableFuture<Integer> written = CompletableFuture.supplyAsync(() -> {
			int swaps = 0;
			while (swaps <= 500 || (swaps < 10_000 && Instant.now().isBefore(enough))) {
				tokens.forEach((token) -> this.kubelet.write(token.getBytes(StandardCharsets.US_ASCII)));
				swaps += tokens.size();
			}
			return swaps;
		}, threadPerTask);
		for (int i = 0; i < 2; i++) {
			readers.add(CompletableFuture.supplyAsync(() -> countReads(tokens, written), threadPerTask));
		}
		assertThat(written).succeedsWithin(Patience.LIMIT);
		assertThat(readers).allSatisfy((reads) -> assertThat(reads.join()).isPositive());
	}

	private int countReads(Set<String> tokens, CompletableFuture<Integer> written) {
		int reads = 0;
		while (!written.isDone()) {
			try {
				assertThat(tokens.contains(Files.readString(this.kubelet.tokenPath()))).isTrue();
				reads++;
			}
			catch (NoSuchFileException ex) {
				// The directory was swapped away while the path was resolved
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return reads;
	}

	@Test
	void issueTokenProjectsNothing() {
		String projected = this.kubelet.token();
		assertThat(this.kubelet.issueToken()).isNotEqualTo(projected);
		assertThat(this.kubelet.token()).isEqualTo(projected);
		assertThat(this.kubelet.tokenPath()).hasContent(projected);
	}

	@Test
	void rotateWithAudienceIsForOtherAudiencesOnce() {
		assertThat(audiences(this.kubelet.rotateWithAudience("vault", "other"))).containsExactly("vault", "other");
		assertThat(this.kubelet.tokenPath()).hasContent(this.kubelet.token());
		assertThat(audiences(this.kubelet.rotate())).containsExactly("spire-server");
		assertThatIllegalArgumentException().isThrownBy(this.kubelet::rotateWithAudience);
	}

	@Test
	void rotateWithClockSkewShiftsTimesOnce() {
		JsonNode claims = Tokens.claims(this.kubelet.rotateWithClockSkew(Duration.ofMinutes(-9)));
		assertThat(claims.get("iat").asLong()).isEqualTo(NOW.getEpochSecond() - 540);
		assertThat(claims.get("exp").asLong()).isEqualTo(NOW.getEpochSecond() + 60);
		assertThat(Tokens.claims(this.kubelet.rotate()).get("iat").asLong()).isEqualTo(NOW.getEpochSecond());
	}

	@Test
	void rotateExpiredIsPastEveryLeeway() {
		JsonNode claims = Tokens.claims(this.kubelet.rotateExpired());
		assertThat(claims.get("exp").asLong()).isEqualTo(NOW.getEpochSecond() - 3600);
		assertThat(this.kubelet.tokenPath()).hasContent(this.kubelet.token());
	}

	@Test
	void rotateNotYetValidStartsLater() {
		JsonNode claims = Tokens.claims(this.kubelet.rotateNotYetValid(Duration.ofMinutes(5)));
		assertThat(claims.get("nbf").asLong()).isEqualTo(NOW.getEpochSecond() + 300);
		assertThatIllegalArgumentException().isThrownBy(() -> this.kubelet.rotateNotYetValid(Duration.ZERO));
	}

	@Test
	void writeProjectsAnyContentThroughSwap() throws IOException {
		String token = this.kubelet.token();
		byte[] junk = { 0, (byte) 0xff, '\n' };
		this.kubelet.write(junk);
		assertThat(this.kubelet.tokenPath()).isSymbolicLink().hasBinaryContent(junk);
		assertThat(this.kubelet.token()).isEqualTo(token);
	}

	@Test
	void removeTokenLeavesNothingUntilRotation() {
		this.kubelet.removeToken();
		this.kubelet.removeToken();
		assertThat(Files.exists(this.kubelet.tokenPath(), LinkOption.NOFOLLOW_LINKS)).isFalse();
		assertThat(this.kubelet.tokenPath()).hasContent(this.kubelet.rotate());
	}

	@Test
	void writeInPlaceEndsWithWholeTokenInRegularFile() {
		String token = this.kubelet.writeInPlace(Duration.ZERO);
		assertThat(token).isEqualTo(this.kubelet.token());
		assertThat(this.kubelet.tokenPath()).hasContent(token);
		assertThat(Files.isRegularFile(this.kubelet.tokenPath(), LinkOption.NOFOLLOW_LINKS)).isTrue();
		assertThat(this.kubelet.tokenPath()).hasContent(this.kubelet.writeInPlace(Duration.ZERO));
		assertThat(this.kubelet.rotate()).isEqualTo(this.kubelet.token());
		assertThat(this.kubelet.tokenPath()).isSymbolicLink().hasContent(this.kubelet.token());
	}

	@Test
	void writeInPlacePausesTwice() {
		long start = System.nanoTime();
		this.kubelet.writeInPlace(Duration.ofMillis(25));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
		assertThatIllegalArgumentException().isThrownBy(() -> this.kubelet.writeInPlace(Duration.ofMillis(-1)));
	}

	@Test
	void writeInPlaceWhenTokenWasRemovedMakesFile() {
		this.kubelet.removeToken();
		assertThat(this.kubelet.tokenPath()).hasContent(this.kubelet.writeInPlace(Duration.ZERO));
	}

	@Test
	void tearTokenLeavesHalfOfSignature() {
		String token = this.kubelet.token();
		String torn = this.kubelet.tearToken();
		assertThat(this.kubelet.tokenPath()).hasContent(torn);
		assertThat(Tokens.claims(torn).get("exp")).isEqualTo(Tokens.claims(token).get("exp"));
		assertThat(torn.split("\\.")[2]).hasSize(43);
		assertThat(this.kubelet.token()).isEqualTo(token);
		assertThat(this.kubelet.tokenPath()).hasContent(this.kubelet.rotate());
	}

	@Test
	void misdeedsWorkInNestedDirectory() {
		try (SimulatedKubelet nested = SimulatedKubelet.builder().itemPath("psat/token").build()) {
			assertThat(nested.tokenPath()).hasContent(nested.tearToken());
			assertThat(nested.tokenPath()).hasContent(nested.writeInPlace(Duration.ZERO));
			nested.removeToken();
			assertThat(nested.tokenPath()).doesNotExist();
			assertThat(nested.tokenPath()).hasContent(nested.writeInPlace(Duration.ZERO));
			assertThat(nested.tokenPath()).hasContent(nested.rotate());
			assertThat(nested.tokenPath().getParent()).isSymbolicLink();
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void subPathNeverRotates() throws IOException {
		String first = this.kubelet.token();
		Path subPath = this.kubelet.subPath();
		assertThat(subPath).isRegularFile().hasContent(first);
		String second = this.kubelet.rotate();
		Path later = this.kubelet.subPath();
		this.kubelet.rotate();
		assertThat(subPath).isRegularFile().hasContent(first);
		assertThat(Files.getAttribute(subPath, "unix:nlink")).isEqualTo(0);
		assertThat(later).isNotEqualTo(subPath).hasContent(second);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void closeLeavesNothing() throws IOException {
		Set<Thread> before = threads();
		SimulatedKubelet scheduled = SimulatedKubelet.builder().rotateOnSchedule().build();
		Path directory = directoryOf(scheduled);
		scheduled.subPath();
		assertThat(openFilesIn(directory)).hasSize(1);
		assertThat(threadsSince(before)).extracting(Thread::getName).containsExactly("simulated-kubelet");
		scheduled.close();
		scheduled.close();
		assertThat(openFilesIn(directory)).isEmpty();
		assertThat(threadsSince(before)).isEmpty();
		assertThat(directory).doesNotExist();
	}

	@Test
	void closeInGivenDirectoryDeletesOnlyItsOwn(@TempDir Path directory) throws IOException {
		Path other = Files.createFile(directory.resolve("other"));
		SimulatedKubelet mounted = SimulatedKubelet.builder().directory(directory).build();
		mounted.tearToken();
		mounted.close();
		assertThat(directory.toFile().listFiles()).containsExactly(other.toFile());
	}

	@Test
	void closeLeavesCreatedDirectoryThatHoldsSomethingElse(@TempDir Path parent) throws IOException {
		Path directory = parent.resolve("run/tokens");
		SimulatedKubelet mounted = SimulatedKubelet.builder().directory(directory).build();
		Files.createFile(parent.resolve("run/other"));
		mounted.close();
		assertThat(directory).doesNotExist();
		assertThat(parent.resolve("run/other")).exists();
	}

	@Test
	void closeWhenSomebodyRemovedTheDirectoryDoesNothing() throws IOException {
		try (SimulatedKubelet mounted = SimulatedKubelet.builder().build()) {
			Path directory = directoryOf(mounted);
			FileSystemUtils.deleteRecursively(directory);
			assertThatNoException().isThrownBy(mounted::close);
		}
	}

	@Test
	void changesAfterCloseThrowException() {
		this.kubelet.close();
		assertThatIllegalStateException().isThrownBy(this.kubelet::rotate)
			.withMessage("The simulated kubelet is closed");
		assertThatIllegalStateException().isThrownBy(this.kubelet::removeToken);
		assertThatIllegalStateException().isThrownBy(() -> this.kubelet.write(new byte[0]));
		assertThatNoException().isThrownBy(this.kubelet::stopRotating);
		assertThat(this.kubelet.token()).isNotEmpty();
		assertThat(this.kubelet.jwks()).isNotEmpty();
	}

	@Test
	void rotateWhenFileSystemRefusesThrowsException() throws IOException {
		Path directory = directoryOf(this.kubelet);
		FileSystemUtils.deleteRecursively(directory);
		Files.createFile(directory);
		String token = this.kubelet.token();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this.kubelet::rotate);
		assertThat(this.kubelet.token()).isEqualTo(token);
	}

	private static Path directoryOf(SimulatedKubelet kubelet) {
		return kubelet.tokenPath().resolveSibling("");
	}

	private static List<String> audiences(String token) {
		return Tokens.claims(token).get("aud").valueStream().map(JsonNode::asString).toList();
	}

	private static Set<Thread> threadsSince(Set<Thread> before) {
		Set<Thread> threads = threads();
		threads.removeAll(before);
		return threads;
	}

	/**
	 * Those of ours: the JDK and the build have threads that come and go.
	 */
	private static Set<Thread> threads() {
		Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
		threads.removeIf((thread) -> !thread.getName().startsWith("simulated-"));
		return threads;
	}

	private static List<Path> openFilesIn(Path directory) throws IOException {
		List<Path> files = new ArrayList<>();
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			for (Path descriptor : descriptors.toList()) {
				try {
					files.add(Files.readSymbolicLink(descriptor));
				}
				catch (NoSuchFileException ex) {
					// closed meanwhile, as that of the listing itself
				}
			}
		}
		return files.stream().filter((file) -> file.startsWith(directory)).toList();
	}

}
