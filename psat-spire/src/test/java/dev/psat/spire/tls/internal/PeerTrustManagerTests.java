package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import javax.net.ssl.SSLEngine;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.TlsSnapshot;
import dev.psat.support.MutableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link PeerTrustManager} and {@link PeerReport}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PeerTrustManagerTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final SvidMint STRANGER = new SvidMint("root");

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	private static final String BANK = "spiffe://example.org/ns/shop/sa/bank";

	private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

	private static final Duration LIFE = Duration.ofHours(1);

	private static final PeerPolicy ONLY_BANK = (peer) -> peer.toString().equals(BANK) ? null : "is not on the list";

	private final MutableClock clock = new MutableClock(NOW);

	private final MutableIdentity identity = new MutableIdentity();

	private final PeerReport report = new PeerReport(Time.of(this.clock));

	PeerTrustManagerTests() {
		this.identity.become(ordered(ORDERS).mint(), ROOT.bundle());
	}

	@ParameterizedTest
	@EnumSource
	void authorizedPeerIsLetIn(Direction direction, CapturedOutput output) throws Exception {
		check(direction, ordered(BANK).mint().array());
		assertCounted(direction, HandshakeOutcome.ACCEPTED);
		assertThat(output).doesNotContain("refused");
	}

	@ParameterizedTest
	@EnumSource
	void authorizedPeerWithIntermediatesIsLetIn(Direction direction) throws Exception {
		Minted peer = ROOT.intermediate("outer").intermediate("inner").order(BANK).issuedAt(NOW, LIFE).mint();
		assertThat(peer.chain()).hasSize(3);
		check(direction, peer.array());
		assertCounted(direction, HandshakeOutcome.ACCEPTED);
	}

	static Stream<Refusal> refusals() {
		String expired = "expired at 2026-11-25T09:57:59Z";
		return Stream.of(
				new Refusal("another workload", ordered(ORDERS).mint(), HandshakeOutcome.UNAUTHORIZED,
						"The peer %s is not on the list".formatted(ORDERS)),
				new Refusal("an agent", ordered("spiffe://example.org/spire/agent/k8s_psat/demo/1").mint(),
						HandshakeOutcome.UNAUTHORIZED,
						"The peer spiffe://example.org/spire/agent/k8s_psat/demo/1 is a server or agent of SPIRE, "
								+ "which no list authorizes"),
				new Refusal("the server", ordered("spiffe://example.org/spire/server").mint(),
						HandshakeOutcome.UNAUTHORIZED, "is a server or agent of SPIRE"),
				new Refusal("another root of the same name", STRANGER.order(BANK).issuedAt(NOW, LIFE).mint(),
						HandshakeOutcome.UNTRUSTED,
						"The X.509-SVID of %s does not chain to an authority of the trust bundle".formatted(BANK)),
				new Refusal("an intermediate of another trust domain below the same root",
						ROOT.intermediate("partner", "spiffe://partner.org").order(BANK).issuedAt(NOW, LIFE).mint(),
						HandshakeOutcome.UNTRUSTED,
						"The X.509-SVID of %s has an invalid chain: an intermediate belongs to the trust domain partner.org, not example.org"
							.formatted(BANK)),
				new Refusal("a foreign trust domain", ordered("spiffe://example.com/bank").mint(),
						HandshakeOutcome.UNTRUSTED,
						"There is no trust bundle to verify spiffe://example.com/bank with: The trust domain 'example.com' is not trusted"),
				new Refusal("no ID", ordered().mint(), HandshakeOutcome.MALFORMED, "it has no URI name"),
				new Refusal("two IDs", ordered(BANK, ORDERS).mint(), HandshakeOutcome.MALFORMED, "it has 2 URI names"),
				new Refusal("the same ID twice", ordered(BANK, BANK).mint(), HandshakeOutcome.MALFORMED,
						"it has 2 URI names"),
				new Refusal("no SPIFFE ID", ordered("https://example.org/bank").mint(), HandshakeOutcome.MALFORMED,
						"\"https://example.org/bank\" is not a valid SPIFFE ID"),
				new Refusal("the ID of a trust domain", ordered("spiffe://example.org").mint(),
						HandshakeOutcome.MALFORMED, "spiffe://example.org has no path"),
				new Refusal("a CA", ordered(BANK).ca().mint(), HandshakeOutcome.MALFORMED, "it is a CA certificate"),
				new Refusal("the authority itself",
						new Minted(List.of(ROOT.certificate()), ordered().mint().privateKey()),
						HandshakeOutcome.MALFORMED, "it is a CA certificate"),
				new Refusal("expired beyond the leeway",
						ROOT.order(BANK).issuedAt(NOW.minusSeconds(600), Duration.ofSeconds(479)).mint(),
						HandshakeOutcome.UNTRUSTED, expired),
				new Refusal("not valid yet", ROOT.order(BANK).issuedAt(NOW.plusSeconds(131), LIFE).mint(),
						HandshakeOutcome.UNTRUSTED, "is not valid before 2026-11-25T10:02:01Z"));
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void anyOtherPeerIsRefusedInEitherDirection(Refusal refusal, CapturedOutput output) {
		for (Direction direction : Direction.values()) {
			assertThatExceptionOfType(CertificateException.class)
				.isThrownBy(() -> check(direction, refusal.peer().array()))
				.withMessageContaining(refusal.message());
			assertCounted(direction, refusal.outcome());
		}
		assertThat(lines(output)).satisfiesExactly(
				(line) -> assertThat(line).contains("A client was refused: ").contains(refusal.message()),
				(line) -> assertThat(line).contains("A server was refused: ").contains(refusal.message()));
	}

	@Test
	void peerIsLetInWithinTheLeeway() throws Exception {
		check(Direction.INBOUND,
				ROOT.order(BANK).issuedAt(NOW.minusSeconds(600), Duration.ofSeconds(480)).mint().array());
		check(Direction.INBOUND, ROOT.order(BANK).issuedAt(NOW.plusSeconds(130), LIFE).mint().array());
	}

	@ParameterizedTest
	@NullAndEmptySource
	void nothingIsRefused(X509Certificate[] chain, CapturedOutput output) {
		for (Direction direction : Direction.values()) {
			assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> check(direction, chain))
				.withMessage("An X.509-SVID has at least one certificate");
			assertCounted(direction, HandshakeOutcome.MALFORMED);
		}
		assertThat(lines(output)).hasSize(2);
	}

	@ParameterizedTest
	@EnumSource
	void withoutATrustBundleEverybodyIsRefused(Direction direction) {
		this.identity.become(new TlsSnapshot(this.identity.snapshot().svid(), null));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> check(direction, ordered(BANK).mint().array()))
			.withMessage("There is no trust bundle yet");
		assertCounted(direction, HandshakeOutcome.UNTRUSTED);
	}

	@ParameterizedTest
	@EnumSource
	void withoutAnSvidOfOurOwnEverybodyIsRefusedAndNobodyBlamed(Direction direction, CapturedOutput output) {
		this.identity.become(new TlsSnapshot(null, ROOT.bundle()));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> check(direction, ordered(BANK).mint().array()))
			.withMessage("There is no X.509-SVID to connect with: " + MutableIdentity.ABSENCE);
		assertThat(counted()).isZero();
		assertThat(lines(output)).isEmpty();
	}

	@Test
	void eachDirectionHasAPolicyOfItsOwn() throws Exception {
		PeerPolicies policies = new PeerPolicies(ONLY_BANK, (peer) -> "is not to be called");
		check(policies, Direction.INBOUND, ordered(BANK).mint().array());
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> check(policies, Direction.OUTBOUND, ordered(BANK).mint().array()))
			.withMessage("The peer %s is not to be called".formatted(BANK));
	}

	@ParameterizedTest
	@EnumSource
	void predicateDecidesInBothDirections(Direction direction) throws Exception {
		PeerPolicies policies = PeerPolicies.of((peer) -> peer.toString().equals(BANK));
		check(policies, direction, ordered(BANK).mint().array());
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> check(policies, direction, ordered(ORDERS).mint().array()))
			.withMessage("The peer %s is not authorized by the application's own policy".formatted(ORDERS));
	}

	@Test
	void policyIsAskedOfNobodyButVouchedForWorkloads() throws Exception {
		List<SpiffeId> asked = new CopyOnWriteArrayList<>();
		PeerPolicies policies = PeerPolicies.of(asked::add);
		refusals()
			.filter((refusal) -> refusal.outcome() != HandshakeOutcome.UNAUTHORIZED
					|| refusal.message().contains("of SPIRE"))
			.forEach((refusal) -> assertThatExceptionOfType(CertificateException.class)
				.isThrownBy(() -> check(policies, Direction.INBOUND, refusal.peer().array())));
		assertThat(asked).isEmpty();
		check(policies, Direction.INBOUND, ordered(BANK).mint().array());
		assertThat(asked).hasToString("[%s]".formatted(BANK));
	}

	static Stream<Throwable> failures() {
		return Stream.of(new IllegalStateException("no\r\nWARN forged"), new AssertionError("no"),
				new NoClassDefFoundError("Policy"), new StackOverflowError(), new IOException("no"),
				new Exception("no"), new CertificateException("no"), new Throwable("no"));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void policyThatFailsLetsNobodyIn(Throwable failure, CapturedOutput output) {
		PeerPolicies policies = PeerPolicies.of((peer) -> {
			throw sneaky(failure);
		});
		for (Direction direction : Direction.values()) {
			assertThatExceptionOfType(CertificateException.class)
				.isThrownBy(() -> check(policies, direction, ordered(BANK).mint().array()))
				.withMessageStartingWith(
						"The peer %s could not be checked by the application's own policy".formatted(BANK))
				.withMessageContaining(failure.getClass().getName())
				.withCause(failure);
			assertCounted(direction, HandshakeOutcome.UNAUTHORIZED);
		}
		assertThat(lines(output)).hasSize(2)
			.allSatisfy((line) -> assertThat(line).contains(failure.getClass().getName()));
		assertThat(output.getAll().lines()).noneMatch((line) -> line.startsWith("WARN forged"));
	}

	@Test
	void policyThatFailsIsShownWithItsStackTraceButNoMessageOnDebug(CapturedOutput output) {
		Throwable failure = new IllegalStateException("no\r\nWARN forged", new IOException("secret"));
		PeerPolicies policies = PeerPolicies.of((peer) -> {
			throw sneaky(failure);
		});
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		logging.setLogLevel("dev.psat.spire.tls.SvidTls", LogLevel.DEBUG);
		try {
			assertThatExceptionOfType(CertificateException.class)
				.isThrownBy(() -> check(policies, Direction.INBOUND, ordered(BANK).mint().array()));
		}
		finally {
			logging.setLogLevel("dev.psat.spire.tls.SvidTls", null);
		}
		assertThat(output)
			.containsSubsequence("The application's own policy failed on %s:".formatted(BANK),
					"java.lang.IllegalStateException", "\tat " + getClass().getName(), "Caused by: java.io.IOException",
					"\tat " + getClass().getName())
			.doesNotContain("forged", "secret");
	}

	@Test
	void policyWhoseExceptionFailsLetsNobodyIn() {
		PeerPolicies policies = PeerPolicies.of((peer) -> {
			throw new IllegalStateException() {

				@Override
				public StackTraceElement[] getStackTrace() {
					throw new AssertionError("no");
				}

			};
		});
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> check(policies, Direction.INBOUND, ordered(BANK).mint().array()))
			.withMessageContaining("could not be checked by the application's own policy");
	}

	@Test
	void plainMethodsDecideAsTheOthersDo() {
		PeerTrustManager manager = manager(new PeerPolicies(ONLY_BANK, ONLY_BANK));
		X509Certificate[] bank = ordered(BANK).mint().array();
		assertThatNoException().isThrownBy(() -> manager.checkClientTrusted(bank, "EC"));
		assertThatNoException().isThrownBy(() -> manager.checkClientTrusted(bank, "EC", (Socket) null));
		assertThatNoException().isThrownBy(() -> manager.checkClientTrusted(bank, "EC", (SSLEngine) null));
		assertThatNoException().isThrownBy(() -> manager.checkServerTrusted(bank, "EC"));
		assertThatNoException().isThrownBy(() -> manager.checkServerTrusted(bank, "EC", (Socket) null));
		assertThatNoException().isThrownBy(() -> manager.checkServerTrusted(bank, "EC", (SSLEngine) null));
		X509Certificate[] orders = ordered(ORDERS).mint().array();
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager.checkClientTrusted(orders, "EC"));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager.checkClientTrusted(orders, "EC", new Socket()));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager.checkClientTrusted(orders, "EC", (SSLEngine) null));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager.checkServerTrusted(orders, "EC"));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager.checkServerTrusted(orders, "EC", new Socket()));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager.checkServerTrusted(orders, "EC", (SSLEngine) null));
		assertThat(counts(Direction.INBOUND, HandshakeOutcome.ACCEPTED)).isEqualTo(3);
		assertThat(counts(Direction.OUTBOUND, HandshakeOutcome.ACCEPTED)).isEqualTo(3);
		assertThat(manager.getAcceptedIssuers()).isEmpty();
	}

	@Test
	void newTrustBundleDecidesAtOnce() throws Exception {
		X509Certificate[] peer = ordered(BANK).mint().array();
		check(Direction.INBOUND, peer);
		this.identity.trust(STRANGER.bundle());
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> check(Direction.INBOUND, peer));
		this.identity.trust(SvidMint.bundle(STRANGER, ROOT));
		check(Direction.INBOUND, peer);
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://example.org/\r\n2026 ERROR forged", "spiffe://example.org/\n2026 ERROR forged",
			"spiffe://example.org/\u001b[31m\u0000", "https://example.org/%0d%0a2026",
			"spiffe://example.org/\"'$&;=,(){}", "spiffe://example.org/~user" })
	void textOfStrangersIsOneQuotedLine(String uri, CapturedOutput output) {
		X509Certificate[] peer = ordered(uri + "x".repeat(5000)).mint().array();
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> check(Direction.INBOUND, peer))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(2000).matches("[ -~]+"));
		assertThat(lines(output)).singleElement().asString().hasSizeLessThan(2200).matches("[ -~]+");
		assertThat(output.getAll().lines()).noneMatch((line) -> line.startsWith("2026 ERROR"));
		assertCounted(Direction.INBOUND, HandshakeOutcome.MALFORMED);
	}

	@Test
	void samePeerIsToldOfOnceAMinute(CapturedOutput output) {
		X509Certificate[] peer = ordered(ORDERS).mint().array();
		for (int i = 0; i < 3; i++) {
			refuse(Direction.INBOUND, peer);
		}
		assertThat(lines(output)).hasSize(1);
		refuse(Direction.INBOUND, ordered("spiffe://example.org/third").mint().array());
		assertThat(lines(output)).hasSize(2);
		refuse(Direction.OUTBOUND, peer);
		assertThat(lines(output)).hasSize(3);
		this.clock.advance(Duration.ofSeconds(60));
		refuse(Direction.INBOUND, peer);
		assertThat(lines(output)).hasSize(4);
		assertThat(counts(Direction.INBOUND, HandshakeOutcome.UNAUTHORIZED)).isEqualTo(5);
	}

	@Test
	void floodOfStrangersLeavesRoomForOthers(CapturedOutput output) {
		for (int i = 0; i < 200; i++) {
			refuse(Direction.INBOUND, ordered("https://stranger/" + i).mint().array());
			refuse(Direction.INBOUND, STRANGER.order("spiffe://example.org/" + i).issuedAt(NOW, LIFE).mint().array());
		}
		refuse(Direction.INBOUND, ordered(ORDERS).mint().array());
		assertThat(lines(output)).hasSize(3).last().asString().contains(ORDERS);
	}

	@Test
	void floodOfPeersIsBounded(CapturedOutput output) {
		for (int i = 0; i < 150; i++) {
			refuse(Direction.INBOUND, ordered("spiffe://example.org/" + i).mint().array());
		}
		assertThat(lines(output)).hasSize(100);
		assertThat(counts(Direction.INBOUND, HandshakeOutcome.UNAUTHORIZED)).isEqualTo(150);
	}

	private void refuse(Direction direction, X509Certificate[] peer) {
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> check(direction, peer));
	}

	private void check(Direction direction, X509Certificate[] chain) throws CertificateException {
		check(new PeerPolicies(ONLY_BANK, ONLY_BANK), direction, chain);
	}

	private void check(PeerPolicies policies, Direction direction, X509Certificate[] chain)
			throws CertificateException {
		if (direction == Direction.INBOUND) {
			manager(policies).checkClientTrusted(chain, "EC");
		}
		else {
			manager(policies).checkServerTrusted(chain, "EC");
		}
	}

	private PeerTrustManager manager(PeerPolicies policies) {
		return new PeerTrustManager(this.identity, policies, this.report, this.clock, TlsOptions.NONE, null, true);
	}

	private void assertCounted(Direction direction, HandshakeOutcome outcome) {
		for (HandshakeOutcome each : HandshakeOutcome.values()) {
			assertThat(counts(direction, each)).as(each.name()).isEqualTo((each == outcome) ? 1 : 0);
		}
	}

	private long counted() {
		return Stream.of(Direction.values())
			.flatMap((direction) -> Stream.of(HandshakeOutcome.values()).map((outcome) -> counts(direction, outcome)))
			.reduce(0L, Long::sum);
	}

	private long counts(Direction direction, HandshakeOutcome outcome) {
		return this.report.count(direction, outcome);
	}

	private static List<String> lines(CapturedOutput output) {
		return output.getAll().lines().filter((line) -> line.contains("was refused: ")).toList();
	}

	private static SvidMint.Order ordered(String... uris) {
		return ROOT.order(uris).issuedAt(NOW, LIFE);
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
		throw (T) failure;
	}

	record Refusal(String name, Minted peer, HandshakeOutcome outcome, String message) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
