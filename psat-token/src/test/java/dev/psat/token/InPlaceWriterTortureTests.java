package dev.psat.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import dev.psat.test.SigningAlgorithm;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The file is written by somebody who knows nothing of atomic writes.
 */
@Matrix
class InPlaceWriterTortureTests extends SourceTorture {

	private final Set<String> published = ConcurrentHashMap.newKeySet();

	@BeforeEach
	void setUp() {
		this.source = source(this.directory.resolve("token"));
	}

	@ParameterizedTest
	@CsvSource({ "0, ES256", "2, RS256", "10, ES256", "50, ES256", "50, RS256" })
	void truncatesAndWritesInPieces(long pause, SigningAlgorithm algorithm) throws Exception {
		List<String> tokens = tokens(3, algorithm);
		SloppyWriter writer = start(tokens.get(0));
		for (String token : tokens) {
			writer.rewrite(token, Duration.ofMillis(pause));
			TimeUnit.MILLISECONDS.sleep(20);
		}
		assertOnlyWholeTokens(tokens, writer);
	}

	@ParameterizedTest
	@CsvSource({ "2, ES256", "10, RS256", "50, RS256" })
	void writesOverWhatIsThere(long pause, SigningAlgorithm algorithm) throws Exception {
		List<String> tokens = tokens(3, algorithm);
		SloppyWriter writer = start(tokens.get(0));
		for (String token : tokens) {
			writer.overwrite(token, Duration.ofMillis(pause));
			TimeUnit.MILLISECONDS.sleep(20);
		}
		assertOnlyWholeTokens(tokens, writer);
	}

	@Test
	void severalWriteAtOnce() throws Exception {
		List<String> tokens = tokens(41, SigningAlgorithm.ES256);
		SloppyWriter writer = start(tokens.get(0));
		List<Thread> threads = Stream.of(0, 1, 2, 3)
			.map((hand) -> new Thread(() -> overwriteAll(writer, tokens.subList(10 * hand, 10 * hand + 10))))
			.toList();
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		writer.rewrite(tokens.get(40), Duration.ofMillis(5));
		assertOnlyWholeTokens(tokens, writer);
	}

	@Test
	void renamesOverAPlainFile() throws IOException {
		List<String> tokens = tokens(5, SigningAlgorithm.ES256);
		start(tokens.get(0));
		for (String token : tokens) {
			Path whole = Files.writeString(this.directory.resolve("token.tmp"), token);
			Files.move(whole, this.directory.resolve("token"), StandardCopyOption.ATOMIC_MOVE);
			awaitToken(token);
		}
		assertThat(Snapshot.generation(this.source.status())).isEqualTo(5);
		assertThat(this.log.warnings()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0, 0.5 })
	void stopsHalfWay(double share) throws Exception {
		List<String> tokens = tokens(3, SigningAlgorithm.ES256);
		SloppyWriter writer = start(tokens.get(0));
		Files.writeString(this.directory.resolve("token"),
				tokens.get(1).substring(0, (int) (share * tokens.get(1).length())));
		awaitState(SourceState.MALFORMED);
		assertThat(this.source.value()).isEqualTo(tokens.get(0));
		writer.rewrite(tokens.get(2), Duration.ZERO);
		awaitToken(tokens.get(2));
		awaitState(SourceState.OK);
		assertThat(this.log.warnings()).hasSize(1);
	}

	@Test
	void stopsInsideTheSignature() {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().directory(this.directory.resolve("mount")).build()) {
			this.source = source(kubelet.tokenPath());
			startWithEvents(this.source);
			for (int torn = 0; torn < 3; torn++) {
				String token = kubelet.rotate();
				awaitToken(token);
				awaitState(SourceState.OK);
				kubelet.tearToken();
				awaitState(SourceState.MALFORMED);
				assertThat(this.source.value()).isEqualTo(token);
			}
		}
	}

	@Test
	void deletesAndCreatesAgain() throws IOException {
		List<String> tokens = tokens(2, SigningAlgorithm.ES256);
		start(tokens.get(0));
		Files.delete(this.directory.resolve("token"));
		awaitState(SourceState.MISSING);
		assertThat(this.source.value()).isEqualTo(tokens.get(0));
		Files.writeString(this.directory.resolve("token"), tokens.get(1));
		awaitToken(tokens.get(1));
		awaitState(SourceState.OK);
		assertThat(this.log.warnings()).hasSize(1);
	}

	@Test
	void neverRests() throws Exception {
		List<String> tokens = tokens(2, SigningAlgorithm.ES256);
		this.source = restingSource(Duration.ofSeconds(3), Duration.ofMillis(1500));
		startWithOldFile(tokens.get(0));
		Path file = this.directory.resolve("token");
		long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
		for (int turn = 0; this.source.status().message() == null && System.nanoTime() < deadline; turn++) {
			Files.writeString(file, tokens.get(1).substring(turn % 7));
			TimeUnit.MILLISECONDS.sleep(20);
		}
		TokenStatus status = this.source.status();
		assertThat(status.sourceState()).isEqualTo(SourceState.UNREADABLE);
		assertThat(status.message()).contains("keeps changing", "3000 ms");
		assertThat(status.advice()).contains("rename");
		assertThat(this.source.value()).isEqualTo(tokens.get(0));
		Files.writeString(file, tokens.get(1));
		awaitToken(tokens.get(1));
		awaitState(SourceState.OK);
		assertThat(this.log.warnings()).hasSize(1);
	}

	@Test
	void makesProblemAndNothingInTurn() throws Exception {
		List<String> tokens = tokens(1, SigningAlgorithm.ES256);
		this.source = restingSource(Duration.ofSeconds(3), Duration.ofMillis(1500));
		startWithOldFile(tokens.get(0));
		Path file = this.directory.resolve("token");
		long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
		for (int turn = 0; this.source.status().sourceState() == SourceState.OK
				&& System.nanoTime() < deadline; turn++) {
			Files.delete(file);
			TimeUnit.MILLISECONDS.sleep(20);
			Files.writeString(file, "half a token " + turn);
			TimeUnit.MILLISECONDS.sleep(20);
		}
		assertThat(this.source.status().sourceState()).isEqualTo(SourceState.MISSING);
		assertThat(this.source.value()).isEqualTo(tokens.get(0));
	}

	/**
	 * What was written just now looks as if it were an hour old.
	 */
	@Test
	void writesByAClockThatIsBehind() throws Exception {
		List<String> tokens = tokens(3, SigningAlgorithm.ES256);
		// rests without being called restless
		this.source = restingSource(Duration.ofMillis(1500), Duration.ofSeconds(5));
		startWithOldFile(tokens.get(0));
		Path file = this.directory.resolve("token");
		for (String token : tokens.subList(1, 3)) {
			for (String part : List.of(token.substring(0, token.length() / 2), token)) {
				Path next = Files.writeString(this.directory.resolve("next"), part);
				Files.setLastModifiedTime(next, FileTime.from(Instant.now().minusSeconds(3600)));
				Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
				TimeUnit.MILLISECONDS.sleep(20);
			}
			awaitToken(token);
		}
		assertThat(Shown.watch(this.source.status()).rejectedReads()).isZero();
		assertThat(this.log.warnings()).isEmpty();
	}

	private void overwriteAll(SloppyWriter writer, List<String> tokens) {
		try {
			for (String token : tokens) {
				writer.overwrite(token, Duration.ofMillis(5));
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void assertOnlyWholeTokens(List<String> tokens, SloppyWriter writer) {
		awaitToken(tokens.get(tokens.size() - 1));
		Set<String> allowed = new HashSet<>(writer.rested());
		allowed.addAll(tokens);
		assertThat(this.published).isSubsetOf(allowed);
		allowed.removeAll(tokens);
		assertThat(this.log.warnings()).hasSizeLessThanOrEqualTo(allowed.size());
	}

	private SloppyWriter start(String token) throws IOException {
		Path file = Files.writeString(this.directory.resolve("token"), token);
		startWithEvents(this.source);
		awaitToken(token);
		return new SloppyWriter(file);
	}

	/**
	 * The first file need not rest.
	 */
	private void startWithOldFile(String token) throws IOException {
		Path file = Files.writeString(this.directory.resolve("token"), token);
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
		startWithEvents(this.source);
		awaitToken(token);
	}

	private FileTokenSource source(Path path) {
		return unpolledSource(path, (outcome, sinceCause) -> record(outcome));
	}

	/**
	 * A source whose file must rest for longer than a busy machine makes a writer pause.
	 */
	private FileTokenSource restingSource(Duration settling, Duration unrest) {
		Intervals intervals = patientIntervals(NEVER);
		return source(this.directory.resolve("token"),
				new Intervals(intervals.poll(), intervals.clockCheck(), intervals.problemPoll(), settling, unrest,
						intervals.confirmation(), intervals.eventGrace(), intervals.watchRetry(),
						intervals.watchPatience(), intervals.lookPatience(), intervals.patience()),
				(outcome, sinceCause) -> record(outcome));
	}

	private void record(LookOutcome outcome) {
		if (outcome == LookOutcome.ACCEPTED) {
			this.published.add(this.source.value());
		}
	}

	private static List<String> tokens(int count, SigningAlgorithm algorithm) {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().algorithm(algorithm).build()) {
			return Stream.generate(kubelet::issueToken).limit(count).toList();
		}
	}

}
