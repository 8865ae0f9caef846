package dev.psat.spire.server;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.VisitException;
import dev.psat.support.Patience;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link TrustBundleKeeper}.
 */
@ExtendWith(OutputCaptureExtension.class)
class TrustBundleKeeperTests {

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private final SvidMint one = new SvidMint();

	private final SvidMint other = new SvidMint();

	private final ManualTime time = new ManualTime();

	@TempDir
	private Path directory;

	private Path file;

	private TrustBundleKeeper keeper;

	@BeforeEach
	void setUp() throws Exception {
		this.file = this.directory.resolve("bundle.crt");
		this.keeper = keeper();
		write(this.one);
	}

	@Test
	void beforeTheFileIsReadThereIsNone() {
		assertThat(this.keeper.current()).isNull();
		assertThatIllegalStateException().isThrownBy(this.keeper::get);
	}

	@Test
	void fileIsReadAnewUntilTheServerHasToldOne() throws Exception {
		this.keeper.bootstrap();
		assertHolds(this.one.bundle());
		write(this.other);
		this.keeper.bootstrap();
		assertHolds(this.other.bundle());
		accept(this.one.bundle(7L, null));
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(7L, null));
	}

	@Test
	void authorityThatIsLeftOutIsToldOnce(CapturedOutput output) throws Exception {
		TrustBundle bundle = this.one.bundleWithCostlyAuthority(SvidMint.TRUST_DOMAIN);
		this.keeper.bootstrap();
		assertThat(output).doesNotContain("left out");
		for (int i = 0; i < 3; i++) {
			accept(bundle);
			this.keeper.tell();
		}
		assertHolds(this.one.bundle());
		assertThat(output).containsOnlyOnce("left out")
			.contains("Authorities in the trust bundle of example.org are left out, and vouch for nobody: ["
					+ bundle.leftOut().get(0) + "]");
		accept(this.one.bundle());
		this.keeper.tell();
		assertThat(output).containsOnlyOnce("left out");
	}

	@Test
	void fileWithAnAuthorityThatIsLeftOutIsUsed(CapturedOutput output) throws Exception {
		Files.writeString(this.file, this.one.pem() + SvidMint.costlyPem());
		this.keeper.bootstrap();
		this.keeper.bootstrap();
		assertHolds(this.one.bundle());
		assertThat(output).containsOnlyOnce("has more than 64 name constraints");
		Files.writeString(this.file, SvidMint.costlyPem());
		assertThatExceptionOfType(VisitException.class).isThrownBy(this.keeper::bootstrap)
			.withMessageContaining("there is no X.509 authority: [The X.509 authority ");
	}

	@Test
	void fileThatIsMissingIsNamedWithAdvice() throws Exception {
		Files.delete(this.file);
		assertThatExceptionOfType(VisitException.class).isThrownBy(this.keeper::bootstrap)
			.withMessageContaining(this.file.toString())
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("TRUST_BUNDLE_UNREADABLE"))
			.satisfies((ex) -> assertThat(ex.advice()).contains("'spire.server.trust-bundle'"));
	}

	@Test
	void fileThatIsNoTrustBundleIsNamedWithAdvice() throws Exception {
		Files.writeString(this.file, "{}");
		assertThatExceptionOfType(VisitException.class).isThrownBy(this.keeper::bootstrap)
			.withMessageContaining(this.file.toString())
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("TRUST_BUNDLE_UNREADABLE"));
		assertThat(this.keeper.current()).isNull();
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	@Timeout(value = Patience.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void pipeIsNotWaitedFor() throws Exception {
		Files.delete(this.file);
		assertThat(new ProcessBuilder("mkfifo", this.file.toString()).start().waitFor()).isZero();
		assertThatExceptionOfType(VisitException.class).isThrownBy(this.keeper::bootstrap)
			.withMessageContainingAll(this.file.toString(), "not a regular file")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("TRUST_BUNDLE_UNREADABLE"));
	}

	@Test
	void fileOfMoreThanAMebibyteIsRefused() throws Exception {
		Files.writeString(this.file, this.one.pem() + " ".repeat(1024 * 1024));
		assertThatExceptionOfType(VisitException.class).isThrownBy(this.keeper::bootstrap)
			.withMessageContainingAll(this.file.toString(), "1 MiB")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("TRUST_BUNDLE_UNREADABLE"));
	}

	@Test
	void linkToAFileIsFollowed() throws Exception {
		Files.move(this.file, this.directory.resolve("data"));
		Files.createSymbolicLink(this.file, Path.of("data"));
		this.keeper.bootstrap();
		assertHolds(this.one.bundle());
	}

	@Test
	void fileIsNoLongerNeededOnceTheServerHasToldOne() throws Exception {
		this.keeper.bootstrap();
		accept(this.one.bundle(7L, null));
		Files.delete(this.file);
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(7L, null));
	}

	@Test
	void whatTheServerTellsReplacesWhatWasKnown() throws Exception {
		this.keeper.bootstrap();
		accept(this.one.bundle(7L, null));
		accept(this.other.bundle(8L, null));
		assertHolds(this.other.bundle(8L, null));
	}

	@Test
	void refreshHintIsThatOfTheServer() throws Exception {
		assertThat(this.keeper.refreshHint()).isNull();
		accept(this.one.bundle(7L, Duration.ofMinutes(5)));
		assertThat(this.keeper.refreshHint()).isEqualTo(Duration.ofMinutes(5));
	}

	@Test
	void sameNumberWithOtherContentIsTaken() throws Exception {
		accept(this.one.bundle(7L, null));
		accept(this.other.bundle(7L, null));
		assertHolds(this.other.bundle(7L, null));
	}

	@Test
	void numberOfTheFileHoldsNothingBack() throws Exception {
		Files.writeString(this.file, jwks(this.one, 9));
		this.keeper.bootstrap();
		assertThat(this.keeper.get().sequenceNumber()).isEqualTo(9);
		accept(this.one.bundle(7L, null));
		assertHolds(this.one.bundle(7L, null));
	}

	@Test
	void olderOneIsRefused() throws Exception {
		accept(this.one.bundle(7L, null));
		assertThatExceptionOfType(VisitException.class).isThrownBy(() -> accept(this.other.bundle(6L, null)))
			.withMessageContainingAll("6", "7")
			.satisfies((ex) -> assertThat(ex.failure()).isEqualTo(FailureReason.INVALID_TRUST_BUNDLE));
		assertHolds(this.one.bundle(7L, null));
	}

	@Test
	void olderOneThatStandsForTenMinutesIsTaken(CapturedOutput output) throws Exception {
		accept(this.one.bundle(7L, null));
		assertRefused(this.other.bundle(1L, null));
		this.time.pass(PATIENCE.minusNanos(1));
		assertRefused(this.other.bundle(2L, null));
		this.time.pass(Duration.ofNanos(1));
		accept(this.other.bundle(3L, null));
		assertHolds(this.other.bundle(3L, null));
		assertThat(output).doesNotContain("older");
		this.keeper.tell();
		assertThat(output.getOut().lines().filter((line) -> line.contains("older"))).hasSize(1);
		accept(this.other.bundle(4L, null));
		assertRefused(this.other.bundle(3L, null));
	}

	@Test
	void serverThatLagsBehindItsFellowsNeverWins() throws Exception {
		accept(this.one.bundle(7L, null));
		for (int i = 0; i < 20; i++) {
			assertRefused(this.other.bundle(6L, null));
			this.time.pass(Duration.ofMinutes(1));
			accept(this.one.bundle(7L, null));
		}
		assertHolds(this.one.bundle(7L, null));
	}

	@Test
	void answerIsFreshForAMinute() throws Exception {
		this.keeper.bootstrap();
		assertThat(this.keeper.isFresh()).isFalse();
		accept(this.one.bundle(7L, null));
		this.time.pass(Duration.ofMinutes(1).minusNanos(1));
		assertThat(this.keeper.isFresh()).isTrue();
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.keeper.isFresh()).isFalse();
	}

	@Test
	void answerOfBeforeAStopIsNotFresh() throws Exception {
		accept(this.one.bundle(7L, null));
		this.keeper.forget();
		assertThat(this.keeper.isFresh()).isFalse();
	}

	@Test
	void numbersAreUnsigned() throws Exception {
		accept(this.one.bundle(Long.MAX_VALUE, null));
		accept(this.one.bundle(Long.MIN_VALUE, null));
		assertRefused(this.one.bundle(Long.MAX_VALUE, null));
	}

	@Test
	void serverThatNobodyVouchesForTenMinutesSendsUsBackToTheFile() throws Exception {
		bootstrapAndAccept();
		this.keeper.serverUntrusted();
		write(this.other);
		this.time.pass(PATIENCE.minusNanos(1));
		this.keeper.serverUntrusted();
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(7L, null));
		this.time.pass(Duration.ofNanos(1));
		this.keeper.serverUntrusted();
		this.keeper.bootstrap();
		assertTries(this.other.bundle());
		// a server that was set up anew counts from one
		accept(this.other.bundle(1L, null));
		assertHolds(this.other.bundle(1L, null));
	}

	@Test
	void serverThatIsAwayForTenMinutesShowsNoCertificate() throws Exception {
		bootstrapAndAccept();
		this.keeper.serverUntrusted();
		write(this.other);
		this.time.pass(PATIENCE);
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(7L, null));
	}

	@Test
	void patienceBeginsAnewAfterAStop() throws Exception {
		bootstrapAndAccept();
		write(this.other);
		this.keeper.serverUntrusted();
		assertRefused(this.other.bundle(6L, null));
		this.time.pass(PATIENCE.minusNanos(1));
		this.keeper.forget();
		assertRefused(this.other.bundle(6L, null));
		this.keeper.serverUntrusted();
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(7L, null));
	}

	@Test
	void distrustAfterALongStopSendsUsBackToTheFileAtOnce() throws Exception {
		bootstrapAndAccept();
		write(this.other);
		this.time.pass(PATIENCE.minusNanos(1));
		this.keeper.forget();
		this.time.pass(Duration.ofNanos(1));
		this.keeper.forget();
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(7L, null));
		this.keeper.serverUntrusted();
		this.keeper.bootstrap();
		assertTries(this.other.bundle());
	}

	@Test
	void serverThatAnswersAfterALongStopIsPatientlyAwaitedAgain() throws Exception {
		bootstrapAndAccept();
		this.time.pass(PATIENCE);
		this.keeper.forget();
		accept(this.one.bundle(8L, null));
		write(this.other);
		this.time.pass(PATIENCE);
		this.keeper.serverUntrusted();
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(8L, null));
	}

	@Test
	void fileThatDidNotChangeVouchesForNothingNew() throws Exception {
		bootstrapAndAccept();
		distrustForTenMinutes();
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(7L, null));
	}

	@Test
	void answerEndsTheDistrust() throws Exception {
		bootstrapAndAccept();
		write(this.other);
		distrustForTenMinutes();
		accept(this.one.bundle(8L, null));
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(8L, null));
	}

	@Test
	void fileThatIsOfNoUseTakesNothingAway() throws Exception {
		bootstrapAndAccept();
		distrustForTenMinutes();
		Files.writeString(this.file, "half of a fi");
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(7L, null));
		Files.delete(this.file);
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(7L, null));
		write(this.other);
		this.keeper.bootstrap();
		assertTries(this.other.bundle());
	}

	@Test
	void fileAndWhatWasToldAreTriedInTurnAndThatIsToldOnce(CapturedOutput output) throws Exception {
		bootstrapAndAccept();
		write(this.other);
		distrustForTenMinutes();
		for (int i = 0; i < 3; i++) {
			this.keeper.bootstrap();
			assertTries(this.other.bundle());
			this.keeper.serverUntrusted();
			this.keeper.bootstrap();
			assertHolds(this.one.bundle(7L, null));
			this.keeper.serverUntrusted();
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("starting over with"))).hasSize(1);
		accept(this.one.bundle(8L, null));
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(8L, null));
	}

	@Test
	void fallbackReadsTheFileForEachAttempt(CapturedOutput output) throws Exception {
		bootstrapAndAccept();
		write(this.other);
		distrustForTenMinutes();
		this.keeper.bootstrap();
		this.keeper.bootstrap();
		assertTries(this.other.bundle());
		assertThat(output.getOut().lines().filter((line) -> line.contains("starting over with"))).hasSize(1);
		SvidMint third = new SvidMint();
		write(third);
		this.keeper.bootstrap();
		assertTries(third.bundle());
		Files.delete(this.file);
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(7L, null));
		write(third);
		this.keeper.bootstrap();
		assertTries(third.bundle());
	}

	@Test
	void fallbackToTheFileEndsWithAStop() throws Exception {
		bootstrapAndAccept();
		write(this.other);
		distrustForTenMinutes();
		this.keeper.bootstrap();
		this.keeper.forget();
		assertHolds(this.one.bundle(7L, null));
	}

	@Test
	void fileThatHoldsAgainWhatItHeldLongAgoIsNews() throws Exception {
		bootstrapAndAccept();
		write(this.other);
		accept(this.other.bundle(8L, null));
		// the server is restored from its backup
		write(this.one);
		distrustForTenMinutes();
		this.keeper.bootstrap();
		assertThat(this.keeper.get()).isEqualTo(this.one.bundle());
		assertThat(this.keeper.fallsBackToFile()).isTrue();
		accept(this.one.bundle(7L, null));
		assertHolds(this.one.bundle(7L, null));
	}

	@Test
	void fileThatNobodyUpdatesNeverBringsBackAnAuthorityThatWasRevoked() throws Exception {
		bootstrapAndAccept();
		accept(this.other.bundle(8L, null));
		for (int i = 0; i < 3; i++) {
			distrustForTenMinutes();
			this.keeper.bootstrap();
			assertHolds(this.other.bundle(8L, null));
		}
	}

	@Test
	void fileThatNobodyCouldReadWhenTheServerConfirmedItsBundleIsNoNewsWhenItIsBack() throws Exception {
		bootstrapAndAccept();
		Files.delete(this.file);
		accept(this.other.bundle(8L, null));
		write(this.one);
		distrustForTenMinutes();
		this.keeper.bootstrap();
		assertHolds(this.other.bundle(8L, null));
	}

	@Test
	void fileThatChangesBeforeTheServerConfirmsItsBundleIsNoNewsAfterwards() throws Exception {
		bootstrapAndAccept();
		write(this.other);
		accept(this.one.bundle(7L, null));
		distrustForTenMinutes();
		this.keeper.bootstrap();
		assertHolds(this.one.bundle(7L, null));
	}

	@Test
	void bundleThatIsRefusedConfirmsNothing() throws Exception {
		bootstrapAndAccept();
		write(this.other);
		assertRefused(this.other.bundle(6L, null));
		distrustForTenMinutes();
		this.keeper.bootstrap();
		assertTries(this.other.bundle());
	}

	@Test
	void fileThatCannotBeReadAnyLongerIsWarnedOfOnce(CapturedOutput output) throws Exception {
		bootstrapAndAccept();
		Files.delete(this.file);
		accept(this.one.bundle(8L, null));
		accept(this.one.bundle(9L, null));
		this.keeper.tell();
		assertThat(output.getOut().lines().filter((line) -> line.contains(this.file.toString()))).singleElement()
			.asString()
			.contains("WARN", "a restart will need the file");
		write(this.one);
		accept(this.one.bundle(10L, null));
		Files.delete(this.file);
		accept(this.one.bundle(11L, null));
		this.keeper.tell();
		assertThat(output.getOut().lines().filter((line) -> line.contains(this.file.toString()))).hasSize(2);
	}

	@Test
	void errorIsNotToldAsAFileThatCannotBeRead() {
		Path file = (Path) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Path.class },
				(proxy, method, args) -> switch (method.getName()) {
					case "toAbsolutePath" -> this.file;
					case "toString" -> "bundle";
					default -> throw new OutOfMemoryError("on purpose");
				});
		TrustBundleKeeper keeper = new TrustBundleKeeper(
				new BundleFile(TrustDomain.of("example.org"), file, this.time.time()), this.time.time());
		assertThatExceptionOfType(VisitException.class).isThrownBy(keeper::bootstrap)
			.withMessage("Reading the trust bundle bundle ended with java.lang.OutOfMemoryError")
			.matches((ex) -> ex.isFor(VisitException.OwnReason.UNEXPECTED));
	}

	private TrustBundleKeeper keeper() {
		return new TrustBundleKeeper(new BundleFile(TrustDomain.of("example.org"), this.file, this.time.time()),
				this.time.time());
	}

	private void bootstrapAndAccept() throws VisitException {
		this.keeper.bootstrap();
		accept(this.one.bundle(7L, null));
	}

	private void distrustForTenMinutes() {
		this.keeper.serverUntrusted();
		this.time.pass(PATIENCE);
		this.keeper.serverUntrusted();
	}

	/**
	 * By the file the server is verified, and nobody else is.
	 */
	private void assertTries(TrustBundle bundle) {
		assertThat(this.keeper.get()).isEqualTo(bundle);
		assertThat(this.keeper.fallsBackToFile()).isTrue();
		assertThat(this.keeper.current()).isEqualTo(this.one.bundle(7L, null));
	}

	private void assertHolds(TrustBundle bundle) {
		assertThat(this.keeper.get()).isEqualTo(bundle).isSameAs(this.keeper.current());
	}

	private void assertRefused(TrustBundle bundle) {
		assertThatExceptionOfType(VisitException.class).isThrownBy(() -> accept(bundle));
	}

	private void write(SvidMint authority) throws IOException {
		Files.writeString(this.file, authority.pem());
	}

	private static String jwks(SvidMint authority, long sequenceNumber) {
		String certificate = authority.pem().replaceAll("-----[A-Z ]*-----|\\s", "");
		return """
				{"keys": [{"use": "x509-svid", "kty": "EC", "x5c": ["%s"]}], "spiffe_sequence": %d}"""
			.formatted(certificate, sequenceNumber);
	}

	private void accept(TrustBundle bundle) throws VisitException {
		this.keeper.accept(bundle);
		this.keeper.confirm();
	}

}
