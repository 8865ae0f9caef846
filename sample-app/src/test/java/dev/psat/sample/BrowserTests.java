package dev.psat.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.support.ClassicAuthority;
import dev.psat.support.Matrix;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the page in a real browser. {@code -Dscreenshots=../docs/images} makes them
 * take the documentation's pictures as well, which lasts two minutes.
 */
@Matrix
@SampleTest
@EnabledIf(value = "dev.psat.sample.Chromium#isInstalled", disabledReason = Chromium.ABSENT)
class BrowserTests {

	private static final int LARGEST_PICTURE = 320 * 1024;

	private static final Duration PICTURED_PERIOD = Duration.ofSeconds(24);

	@TempDir
	private static Path profile;

	private static Chromium chromium;

	@Autowired
	private SimulatedKubelet kubelet;

	@Autowired
	private SimulatedSpireServer server;

	@Autowired
	private SimulatedPartner partner;

	@Autowired
	private SpireIdentity identity;

	@LocalServerPort
	private int port;

	@BeforeAll
	static void start() {
		chromium = new Chromium(profile);
	}

	@AfterAll
	static void quit() {
		chromium.close();
	}

	@BeforeEach
	void open() {
		chromium.resize(1000, 800);
		chromium.prefer("light");
		chromium.drainConsole();
		this.kubelet.rotate();
		chromium.open("http://127.0.0.1:" + this.port + "/");
		awaitToken();
		await().untilAsserted(() -> assertThat(chromium.text("spire-state")).isEqualTo("READY"));
	}

	@Test
	void shouldShowWhatTheApplicationKnows() {
		assertThat(chromium.text("token-state")).isEqualTo("VALID");
		assertThat(chromium.text("source-state")).isEqualTo("OK");
		assertThat(chromium.text("connection")).isEqualTo("live");
		assertThat(chromium.text("cluster")).isEqualTo("demo-cluster");
		assertThat(chromium.text("payload")).startsWith("k8s_psat, ").endsWith(" bytes, ready");
		assertThat(chromium.text("left")).matches("(10|9) min( \\d+ s)?");
		assertThat(chromium.text("claims")).contains("psat-sample", "sample-app-6d5f7c9b8d-x2x4q", "node-1");
		assertThat(chromium.text("source")).contains(this.kubelet.tokenPath().toString());
		assertThat(isVisible("problem")).isFalse();
		assertThat(chromium.drainConsole()).isEmpty();
	}

	@Test
	void shouldShowTheIdentityThatTheServerGives() {
		assertThat(chromium.text("spiffe-id")).isEqualTo(SimulatedPod.SPIFFE_ID);
		assertThat(chromium.text("svid-left")).matches("(1 h|5\\d min)( \\d+ (min|s))?");
		assertThat(chromium.text("svid-due")).matches("\\d\\d:\\d\\d:\\d\\d");
		assertThat(chromium.text("spire-facts")).contains("generation " + generation() + ",",
				this.identity.x509Svid().serialNumber().toString(), "/spire/agent/k8s_psat/demo-cluster/pod/",
				"1 authority, sequence number " + this.identity.trustBundle().sequenceNumber(), "all is well, at ",
				this.server.address());
		assertThat(isVisible("spire-problem")).isFalse();
	}

	@Test
	void shouldShowThatTheApplicationLetsItselfIn() {
		await().untilAsserted(() -> assertThat(chromium.text("self-state")).isEqualTo("LET IN"));
		assertThat(chromium.text("self-peer")).isEqualTo(SimulatedPod.SPIFFE_ID);
		await().untilAsserted(() -> assertThat(chromium.text("self-facts"))
			.contains(this.identity.x509Svid().serialNumber().toString())
			.containsPattern("All clients\\s+[1-9]\\d* let in, \\d+ refused"));
	}

	@Test
	void shouldSayWhyACallHasFailed() {
		assertThat(chromium.evaluate("(showSelf({at: '2026-11-26T00:00:00Z', failure: 'The peer is not listed'}, "
				+ "{clients: {accepted: 3, refused: 1}, servers: {accepted: 4, refused: 0}}), "
				+ "document.getElementById('self').innerText)"))
			.asString()
			.contains("FAILED", "The peer is not listed", "3 let in, 1 refused", "4 trusted, 0 refused")
			.doesNotContain(SimulatedPod.SPIFFE_ID);
	}

	@Test
	void shouldShowTheFederatedTrustDomainAndItsCallers() {
		await().untilAsserted(() -> {
			assertThat(chromium.text("federated-domains")).contains("partner.org", "TRUSTED",
					"1 authority for X.509-SVIDs, 1 for JWT-SVIDs");
			assertThat(chromium.text("federated-callers")).containsSubsequence(SimulatedCallersConfiguration.LISTED,
					"LET IN", SimulatedCallersConfiguration.UNLISTED, "REFUSED", "is not listed in");
		});
	}

	@Test
	void shouldSayWhyATrustDomainIsNotTrusted() {
		assertThat(chromium.evaluate("(showFederation([{trustDomain: 'partner.org', state: 'NO_BUNDLE', "
				+ "x509AuthorityCount: 0, jwtAuthorityCount: 0, lastError: {message: 'The server is busy'}}], {}), "
				+ "document.getElementById('federation').innerText)"))
			.asString()
			.contains("partner.org", "NO BUNDLE", "the SPIRE Server has no trust bundle of it",
					"not refreshed since: The server is busy");
	}

	@Test
	void shouldShowWhomThePartnerHasSeen() {
		await().untilAsserted(() -> {
			assertThat(chromium.text("partner-state")).isEqualTo("LET IN");
			assertThat(chromium.text("partner-facts")).contains(this.identity.x509Svid().serialNumber().toString());
		});
		assertThat(chromium.text("partner-peer")).isEqualTo(SimulatedPod.SPIFFE_ID);
	}

	@Test
	void shouldSayWhyThePartnerHasSeenNobody() {
		this.partner.restart(new ClassicAuthority("Another CA"));
		// The first call that fails may be one that the end of the server has cut off
		await().untilAsserted(() -> assertThat(chromium.text("partner")).contains("FAILED", "PKIX path building failed")
			.doesNotContain(SimulatedPod.SPIFFE_ID));
		this.partner.restart();
		await().untilAsserted(() -> assertThat(chromium.text("partner-state")).isEqualTo("LET IN"));
	}

	@Test
	void shouldShowNoPartnerAndNoFederationWhereThereIsNone() {
		await().untilAsserted(() -> assertThat(isVisible("partner") && isVisible("federation")).isTrue());
		assertThat(chromium.evaluate("(showPartner(undefined), document.getElementById('partner').checkVisibility())"))
			.isEqualTo(false);
		assertThat(
				chromium.evaluate("(showFederation([], {}), document.getElementById('federation').checkVisibility())"))
			.isEqualTo(false);
	}

	@Test
	void shouldFollowRenewalWithoutReload() {
		long generation = generation();
		chromium.evaluate("window.loadedOnce = true");
		SimulatedPod.changeEntry(this.server, this.kubelet);
		visit();
		// a JWT-SVID, which nobody has asked for yet, needs an attestation, and that
		// shows the entry
		this.identity.jwtSvid(UUID.randomUUID().toString());
		await().untilAsserted(() -> assertThat(chromium.text("spire-facts"))
			.contains("generation %d, %d renewal".formatted(generation + 1, generation)));
		assertThat(chromium.evaluate("window.loadedOnce")).isEqualTo(true);
	}

	@Test
	void shouldSayWhatKeepsItFromTheServer() {
		this.server.stop();
		visit();
		await().untilAsserted(() -> assertThat(isVisible("spire-problem")).isTrue());
		assertThat(chromium.text("spire-problem-title")).isEqualTo("UNREACHABLE");
		assertThat(chromium.text("spire-advice")).contains("'spire.server.address'");
		assertThat(chromium.text("spire-facts")).contains("UNREACHABLE, at ");
		assertThat(chromium.text("spire-state")).isEqualTo("READY");
		this.server.restart();
		visit();
		await().untilAsserted(() -> assertThat(isVisible("spire-problem")).isFalse());
	}

	@Test
	void shouldFollowRotationWithoutReload() {
		String before = chromium.text("fingerprint");
		chromium.evaluate("window.loadedOnce = true");
		this.kubelet.rotate();
		awaitToken();
		assertThat(chromium.text("fingerprint")).isNotEqualTo(before);
		assertThat(chromium.evaluate("window.loadedOnce")).isEqualTo(true);
		assertThat(chromium.text("rotations")).containsSubsequence(shortened(chromium.text("fingerprint")),
				shortened(before));
		assertThat(chromium.evaluate("document.querySelectorAll('#rotations [aria-current]').length")).isEqualTo(1L);
	}

	@Test
	void shouldSayWhatIsWrongAndWhenItIsOver() {
		this.kubelet.removeToken();
		await().untilAsserted(() -> assertThat(chromium.text("source-state")).isEqualTo("MISSING"));
		assertThat(chromium.text("token-state")).isEqualTo("VALID");
		assertThat(isVisible("problem")).isTrue();
		assertThat(chromium.text("message")).isNotEmpty();
		assertThat(chromium.text("advice")).isNotEmpty();
		this.kubelet.rotate();
		awaitToken();
		assertThat(chromium.text("source-state")).isEqualTo("OK");
		assertThat(isVisible("problem")).isFalse();
	}

	@Test
	void shouldSaySoWhenTheApplicationIsSilent() {
		chromium.loseNetwork(true);
		await().untilAsserted(() -> assertThat(chromium.text("connection")).startsWith("no answer since "));
		chromium.loseNetwork(false);
		await().untilAsserted(() -> assertThat(chromium.text("connection")).isEqualTo("live"));
	}

	@Test
	void shouldFitAPhone() {
		chromium.resize(360, 740);
		this.kubelet.removeToken();
		await().untilAsserted(() -> assertThat(isVisible("problem")).isTrue());
		assertThat((long) chromium.evaluate("document.documentElement.scrollWidth")).isLessThanOrEqualTo(360);
	}

	@ParameterizedTest
	@CsvSource({ "light, 230, 255", "dark, 0, 40" })
	void shouldFollowTheColorScheme(String scheme, int darkest, int brightest) {
		chromium.prefer(scheme);
		assertThat((long) chromium.evaluate("Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"))
			.isBetween((long) darkest, (long) brightest);
	}

	@ParameterizedTest
	@CsvSource({ "light", "dark" })
	void shouldHaveEnoughContrast(String scheme) throws IOException {
		chromium.prefer(scheme);
		String script = new String(getClass().getResourceAsStream("contrast.js").readAllBytes());
		assertThat(chromium.evaluate(script)).asString().isEqualTo("[]");
	}

	@Test
	void shouldBeWorthAPicture() throws IOException {
		String directory = System.getProperty("screenshots");
		for (int i = 0; i < 6; i++) {
			if (directory != null) {
				await().pollDelay(PICTURED_PERIOD).atMost(PICTURED_PERIOD.multipliedBy(2)).until(() -> true);
			}
			// Not brand new, so that the bar shows what it is for
			this.kubelet.rotateWithClockSkew(Duration.ofMinutes(-3));
		}
		awaitToken();
		for (String scheme : new String[] { "light", "dark" }) {
			chromium.prefer(scheme);
			byte[] picture = chromium.screenshot();
			assertThat(picture).hasSizeLessThan(LARGEST_PICTURE);
			if (directory != null) {
				Files.write(Files.createDirectories(Path.of(directory)).resolve("page-" + scheme + ".png"), picture);
			}
		}
	}

	/**
	 * Visit the server now: the next visit is due in a minute.
	 */
	private void visit() {
		this.identity.stop();
		this.identity.start();
	}

	private long generation() {
		return Objects.requireNonNull(this.identity.status().svid()).generation();
	}

	private void awaitToken() {
		String fingerprint = SimulatedPod.fingerprint(this.kubelet.token());
		await().untilAsserted(() -> {
			assertThat(chromium.text("fingerprint")).isEqualTo(fingerprint);
			assertThat(chromium.text("rotations")).contains(shortened(fingerprint));
		});
	}

	private static boolean isVisible(String id) {
		return (boolean) chromium.evaluate("document.getElementById('" + id + "').checkVisibility()");
	}

	private static String shortened(String fingerprint) {
		return fingerprint.substring("sha256:".length(), "sha256:".length() + 8);
	}

}
