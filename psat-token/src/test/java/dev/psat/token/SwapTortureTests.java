package dev.psat.token;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.psat.support.Matrix;
import dev.psat.support.Torture;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Kubelet swaps its directory, harder than any kubelet does.
 */
@Matrix
class SwapTortureTests extends SourceTorture {

	@AutoClose
	SimulatedKubelet kubelet;

	private final Set<LookOutcome> outcomes = ConcurrentHashMap.newKeySet();

	@BeforeEach
	void setUp() {
		this.kubelet = SimulatedKubelet.builder().directory(this.directory).build();
		this.source = source(this.kubelet.tokenPath());
	}

	@Test
	void manySwapsUnderReaders() throws Exception {
		swapUnderReaders(Torture.times(10_000, 100_000), Torture.times(16, 64));
	}

	@Test
	void thousandReaders() throws Exception {
		swapUnderReaders(Torture.times(1000, 5000), 1000);
	}

	private void swapUnderReaders(int swaps, int count) throws Exception {
		NumberedTokens tokens = new NumberedTokens(swaps + 1);
		this.kubelet.write(tokens.bytes(0));
		startWithEvents(this.source);
		try (Readers readers = new Readers(count, this.source, tokens)) {
			long start = System.nanoTime();
			for (int swap = 1; swap <= swaps; swap++) {
				this.kubelet.write(tokens.bytes(swap));
			}
			double seconds = (System.nanoTime() - start) / 1e9;
			awaitToken(tokens.get(swaps));
			long reads = readers.end();
			Torture.tell("%d swaps, %.0f a second, %d readers, %d reads, %d generations".formatted(swaps,
					swaps / seconds, count, reads, Snapshot.generation(this.source.status())));
		}
		assertThat(Snapshot.generation(this.source.status())).isBetween(2L, swaps + 1L);
		assertThat(this.source.status().sourceState()).isEqualTo(SourceState.OK);
		assertThat(this.log.warnings()).isEmpty();
		assertThat(this.outcomes).isSubsetOf(LookOutcome.UNCHANGED, LookOutcome.ACCEPTED);
	}

	@Test
	void swapInTwoStepsAsOnWindows() throws Exception {
		NumberedTokens tokens = new NumberedTokens(1001);
		for (int token = 0; token <= tokens.last(); token++) {
			Path whole = Files.createDirectories(this.directory.resolve("..of_" + token));
			Files.write(whole.resolve("spire-agent"), tokens.bytes(token));
		}
		Path data = this.directory.resolve("..data");
		relink(data, Path.of("..of_0"));
		startWithEvents(this.source);
		try (Readers readers = new Readers(4, this.source, tokens)) {
			for (int token = 1; token <= tokens.last(); token++) {
				relink(data, Path.of("..of_" + token));
			}
			awaitToken(tokens.get(tokens.last()));
			readers.end();
		}
		awaitState(SourceState.OK);
	}

	@Test
	void linkThatIsThereBeforeItsTarget() throws Exception {
		Path older = Files.createDirectory(this.directory.resolve("older"));
		Files.createSymbolicLink(older.resolve("token"), Path.of("..data/token"));
		start(older.resolve("token"));
		assertThat(this.source.status().sourceState()).isEqualTo(SourceState.MISSING);
		Files.createDirectory(older.resolve("..first"));
		Files.writeString(older.resolve("..first/token"), this.kubelet.token());
		Files.createSymbolicLink(older.resolve("..data"), Path.of("..first"));
		awaitToken(this.kubelet.token());
	}

	@Test
	void threeTokensInARow() {
		startWithEvents(this.source);
		for (int generation = 2; generation <= 4; generation++) {
			awaitToken(this.kubelet.rotate());
			assertThat(Snapshot.generation(this.source.status())).isEqualTo(generation);
		}
	}

	@Test
	void tokenThatWasIssuedEarlierIsTheTruth() {
		String earlier = this.kubelet.issueToken();
		this.kubelet.rotateWithClockSkew(Duration.ofSeconds(30));
		startWithEvents(this.source);
		String later = this.source.value();
		this.kubelet.write(earlier.getBytes(StandardCharsets.US_ASCII));
		awaitToken(earlier);
		this.kubelet.write(later.getBytes(StandardCharsets.US_ASCII));
		awaitToken(later);
		awaitToken(this.kubelet.rotateWithClockSkew(Duration.ofMinutes(-5)));
		assertThat(Snapshot.generation(this.source.status())).isEqualTo(4);
	}

	@Test
	void nestedItem() {
		try (SimulatedKubelet nested = SimulatedKubelet.builder()
			.directory(this.directory.resolve("nested"))
			.itemPath("spire/agent/token")
			.build()) {
			start(nested.tokenPath());
			for (int generation = 2; generation <= 6; generation++) {
				awaitToken(nested.rotate());
				assertThat(Snapshot.generation(this.source.status())).isEqualTo(generation);
			}
		}
	}

	@Test
	void volumeOfTwoTokens() throws IOException {
		swap(Map.of("spire", this.kubelet.issueToken(), "vault", tokenForVault()));
		start(this.directory.resolve("spire"));
		try (TokenSource vault = TokenSource.builder(this.directory.resolve("vault"))
			.audience("vault")
			.pollInterval(NEVER)
			.build()) {
			startWithEvents(vault);
			for (int generation = 2; generation <= 6; generation++) {
				String spireToken = this.kubelet.issueToken();
				String vaultToken = tokenForVault();
				swap(Map.of("spire", spireToken, "vault", vaultToken));
				awaitToken(spireToken);
				soon().until(() -> vault.value().equals(vaultToken));
				assertThat(Snapshot.generation(this.source.status())).isEqualTo(generation);
				assertThat(Snapshot.generation(vault.status())).isEqualTo(generation);
			}
		}
	}

	@Test
	void sameTokenAgainIsNotPublished() throws IOException {
		String token = this.kubelet.token();
		swap(Map.of("spire", token, "ca.crt", "certificate 0"));
		start(this.directory.resolve("spire"));
		for (int swap = 1; swap <= 5; swap++) {
			Instant checkedAt = Shown.watch(this.source.status()).lastCheckedAt();
			swap(Map.of("spire", token, "ca.crt", "certificate " + swap));
			soon().until(() -> !Objects.equals(Shown.watch(this.source.status()).lastCheckedAt(), checkedAt));
		}
		assertThat(Snapshot.generation(this.source.refresh())).isEqualTo(1);
		assertThat(Shown.watch(this.source.status()).lastRotatedAt()).isNull();
	}

	/**
	 * Swap a volume of several items, in the directory of the simulated kubelet's own.
	 */
	private void swap(Map<String, String> items) throws IOException {
		Path whole = Files.createTempDirectory(this.directory, "..swap.");
		for (Map.Entry<String, String> item : items.entrySet()) {
			Files.writeString(whole.resolve(item.getKey()), item.getValue());
			if (!Files.isSymbolicLink(this.directory.resolve(item.getKey()))) {
				Files.createSymbolicLink(this.directory.resolve(item.getKey()), Path.of("..data", item.getKey()));
			}
		}
		Path link = Files.createSymbolicLink(this.directory.resolve("..data_tmp"), whole.getFileName());
		Files.move(link, this.directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
	}

	private void start(Path path) {
		this.source = source(path);
		startWithEvents(this.source);
	}

	private FileTokenSource source(Path path) {
		return unpolledSource(path, (outcome, sinceCause) -> this.outcomes.add(outcome));
	}

	private static String tokenForVault() {
		try (SimulatedKubelet other = SimulatedKubelet.builder().audience("vault").build()) {
			return other.token();
		}
	}

	private static void relink(Path link, Path target) throws IOException {
		Files.deleteIfExists(link);
		Files.createSymbolicLink(link, target);
	}

}
