package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.TlsSnapshot;
import dev.psat.support.MutableClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SvidTls} with peers of other trust domains.
 */
@ExtendWith(OutputCaptureExtension.class)
class FederatedPeersTests {

	private static final SvidMint OWN = new SvidMint("root");

	private static final SvidMint PARTNER = new SvidMint("root");

	private static final SvidMint UPSTREAM = new SvidMint("upstream");

	private static final TrustDomain PARTNER_ORG = TrustDomain.of("partner.org");

	private static final TrustDomain THIRD_ORG = TrustDomain.of("third.org");

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	private static final String BANK = "spiffe://partner.org/ns/shop/sa/bank";

	private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

	private static final Duration LIFE = Duration.ofHours(1);

	private final MutableIdentity identity = new MutableIdentity();

	private final MutableClock clock = new MutableClock(NOW);

	FederatedPeersTests() {
		this.identity.become(mint(OWN, ORDERS), OWN.bundle());
		this.identity.federate(PARTNER.bundleOf(PARTNER_ORG));
	}

	@ParameterizedTest
	@EnumSource
	void workloadOfAFederatedTrustDomainIsLetInAndCountedByIt(Direction direction, CapturedOutput output)
			throws Exception {
		SvidTls tls = tls(deciding(PARTNER_ORG));
		check(tls, direction, mint(PARTNER, BANK));
		check(tls, direction, mint(PARTNER.intermediate("below", "spiffe://partner.org"), BANK));
		check(tls, direction, mint(PARTNER.intermediate("below"), BANK));
		check(tls, direction, mint(OWN, ORDERS));
		assertThat(counted(tls, direction, HandshakeOutcome.ACCEPTED, PARTNER_ORG)).isEqualTo(3);
		assertThat(counted(tls, direction, HandshakeOutcome.ACCEPTED, SvidMint.TRUST_DOMAIN)).isOne();
		assertThat(counted(tls, direction, HandshakeOutcome.ACCEPTED, null)).isZero();
		assertThat(tls.tls().counts().count(direction, HandshakeOutcome.ACCEPTED)).isEqualTo(4);
		assertThat(output).doesNotContain("refused");
	}

	static Stream<Refusal> untrusted() {
		String noChain = "The X.509-SVID of %s does not chain to an authority of the trust bundle";
		return Stream.of(new Refusal("a trust domain that is not trusted",
				mint(new SvidMint("root"), "spiffe://third.org/bank"),
				"There is no trust bundle to verify spiffe://third.org/bank with: The trust domain 'third.org' is not trusted"),
				new Refusal("a trust domain that is not trusted, of the partner's authority",
						mint(PARTNER, "spiffe://third.org/bank"), "The trust domain 'third.org' is not trusted"),
				new Refusal("an own ID of the partner's authority", mint(PARTNER, ORDERS), noChain.formatted(ORDERS)),
				new Refusal("an own ID of the partner's intermediate",
						mint(PARTNER.intermediate("below", "spiffe://partner.org"), ORDERS),
						"an intermediate belongs to the trust domain partner.org, not example.org"),
				new Refusal("an own ID of the partner's intermediate, which claims to be ours",
						mint(PARTNER.intermediate("below", "spiffe://example.org"), ORDERS), noChain.formatted(ORDERS)),
				new Refusal("an own ID of the partner's intermediate without an ID",
						mint(PARTNER.intermediate("below"), ORDERS), noChain.formatted(ORDERS)),
				new Refusal("a partner's ID of the own authority", mint(OWN, BANK), noChain.formatted(BANK)),
				new Refusal("a partner's ID of the own intermediate",
						mint(OWN.intermediate("below", "spiffe://example.org"), BANK),
						"an intermediate belongs to the trust domain example.org, not partner.org"),
				new Refusal("a partner's ID of a stranger", mint(new SvidMint("root"), BANK), noChain.formatted(BANK)),
				new Refusal("a partner's SVID that has expired",
						PARTNER.order(BANK).issuedAt(NOW.minusSeconds(600), Duration.ofSeconds(479)).mint(),
						"expired at 2026-11-25T09:57:59Z"));
	}

	@ParameterizedTest
	@MethodSource("untrusted")
	void authorityOfOneTrustDomainHasNoSayInAnother(Refusal refusal, CapturedOutput output) {
		PeerPolicy anybody = deciding(PARTNER_ORG, THIRD_ORG);
		for (Direction direction : Direction.values()) {
			SvidTls tls = tls(anybody);
			assertRefused(tls, direction, refusal.peer(), refusal.message());
			assertThat(counted(tls, direction, HandshakeOutcome.UNTRUSTED, null)).isOne();
			assertThat(tls.tls().counts().trustDomains()).isEmpty();
			assertThat(tls.tls().counts().count(direction, HandshakeOutcome.UNTRUSTED)).isOne();
		}
		assertThat(lines(output)).hasSize(2).allSatisfy((line) -> assertThat(line).contains(refusal.message()));
	}

	@ParameterizedTest
	@EnumSource
	void trustDomainsBelowOneUpstreamAuthorityAreNotEachOther(Direction direction) throws Exception {
		this.identity.become(mint(UPSTREAM.intermediate("ours", "spiffe://example.org"), ORDERS), UPSTREAM.bundle());
		this.identity.federate(UPSTREAM.bundleOf(PARTNER_ORG));
		SvidMint ours = UPSTREAM.intermediate("ours", "spiffe://example.org");
		SvidMint theirs = UPSTREAM.intermediate("theirs", "spiffe://partner.org");
		SvidTls tls = tls(deciding(PARTNER_ORG));
		assertRefused(tls, direction, mint(theirs, ORDERS),
				"an intermediate belongs to the trust domain partner.org, not example.org");
		assertRefused(tls, direction, mint(ours, BANK),
				"an intermediate belongs to the trust domain example.org, not partner.org");
		check(tls, direction, mint(theirs, BANK));
		check(tls, direction, mint(ours, ORDERS));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://partner.org/spire/server", "spiffe://partner.org/spire/agent/k8s_psat/demo/1",
			"spiffe://partner.org/spire" })
	void serversAndAgentsOfAnotherTrustDomainAreNeverLetIn(String id) {
		for (Direction direction : Direction.values()) {
			assertRefused(tls(deciding(PARTNER_ORG)), direction, mint(PARTNER, id),
					"The peer %s is a server or agent of SPIRE, which no list authorizes".formatted(id));
		}
	}

	@ParameterizedTest
	@EnumSource
	void policyThatNamesNoTrustDomainIsNotAskedAboutAnother(Direction direction) throws Exception {
		List<SpiffeId> asked = new CopyOnWriteArrayList<>();
		SvidTls tls = tls(PeerPolicies.of((peer) -> asked.add(peer) && peer.path().startsWith("/ns/shop/sa/")));
		assertRefused(tls, direction, mint(PARTNER, BANK),
				"The peer %s belongs to the trust domain 'partner.org', on which the policy does not decide"
					.formatted(BANK));
		assertThat(asked).isEmpty();
		assertThat(counted(tls, direction, HandshakeOutcome.UNAUTHORIZED, PARTNER_ORG)).isOne();
		check(tls, direction, mint(OWN, ORDERS));
		assertThat(asked).hasToString("[%s]".formatted(ORDERS));
	}

	@ParameterizedTest
	@EnumSource
	void policyOfOneTrustDomainRefusesEveryOther(Direction direction) throws Exception {
		List<SpiffeId> asked = new CopyOnWriteArrayList<>();
		SvidTls tls = tls(PeerPolicies.of(PARTNER_ORG, (peer) -> asked.add(peer) && peer.toString().equals(BANK)));
		check(tls, direction, mint(PARTNER, BANK));
		assertRefused(tls, direction, mint(PARTNER, "spiffe://partner.org/mailer"),
				"The peer spiffe://partner.org/mailer is not authorized by the application's own policy");
		assertRefused(tls, direction, mint(OWN, ORDERS),
				"The peer %s does not belong to the trust domain 'partner.org', to which alone the policy applies"
					.formatted(ORDERS));
		this.identity.federate(PARTNER.bundleOf(THIRD_ORG));
		assertRefused(tls, direction, mint(PARTNER, "spiffe://third.org/bank"), "on which the policy does not decide");
		assertThat(asked).hasToString("[%s, spiffe://partner.org/mailer]".formatted(BANK));
		SvidTls own = tls(PeerPolicies.of(SvidMint.TRUST_DOMAIN, (peer) -> true));
		check(own, direction, mint(OWN, ORDERS));
		assertRefused(own, direction, mint(PARTNER, BANK), "on which the policy does not decide");
	}

	@Test
	void eachDirectionHasTrustDomainsOfItsOwn() throws Exception {
		SvidTls tls = tls(new PeerPolicies(deciding(PARTNER_ORG), deciding()));
		check(tls, Direction.INBOUND, mint(PARTNER, BANK));
		assertRefused(tls, Direction.OUTBOUND, mint(PARTNER, BANK), "on which the policy does not decide");
	}

	static Stream<Throwable> failures() {
		return Stream.of(new IllegalStateException("no\r\nWARN forged"), new AssertionError("no"),
				new StackOverflowError(), new IOException("no"));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void policyThatCannotTellItsTrustDomainsLetsInNoneButItsOwn(Throwable failure) throws Exception {
		SvidTls tls = tls(deciding(() -> {
			throw sneaky(failure);
		}));
		for (Direction direction : Direction.values()) {
			assertRefused(tls, direction, mint(PARTNER, BANK),
					"The peer %s could not be checked by the application's own policy: %s".formatted(BANK,
							failure.getClass().getName()));
			check(tls, direction, mint(OWN, ORDERS));
			assertThat(counted(tls, direction, HandshakeOutcome.UNAUTHORIZED, PARTNER_ORG)).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource
	@SuppressWarnings("NullAway")
	void policyWithoutAnAnswerOnItsTrustDomainsLetsInNoneButItsOwn(Direction direction) throws Exception {
		SvidTls tls = tls(deciding(() -> null));
		assertRefused(tls, direction, mint(PARTNER, BANK), "could not be checked by the application's own policy");
		check(tls, direction, mint(OWN, ORDERS));
	}

	@ParameterizedTest
	@EnumSource
	void trustBundleOfTheWrongTrustDomainVouchesForNobody(Direction direction) {
		MutableIdentity confused = new MutableIdentity() {

			@Override
			public TrustBundle bundle(TrustDomain trustDomain) {
				return OWN.bundle();
			}

		};
		confused.become(mint(OWN, ORDERS), OWN.bundle());
		SvidTls tls = tls(confused, both(deciding(PARTNER_ORG)));
		assertRefused(tls, direction, mint(OWN, BANK),
				"The X.509-SVID of %s belongs to a trust domain other than example.org".formatted(BANK));
	}

	@ParameterizedTest
	@EnumSource
	void emptyTrustBundleVouchesForNobody(Direction direction) {
		this.identity.federate(TrustBundle.of(PARTNER_ORG, List.of(), List.of(), null, null));
		assertRefused(tls(deciding(PARTNER_ORG)), direction, mint(PARTNER, BANK),
				"does not chain to an authority of the trust bundle");
	}

	@ParameterizedTest
	@EnumSource
	void identityThatFailsTrustsNoOtherTrustDomain(Direction direction) throws Exception {
		MutableIdentity failing = new MutableIdentity() {

			@Override
			public TrustBundle bundle(TrustDomain trustDomain) {
				throw new IllegalStateException("no");
			}

		};
		failing.become(mint(OWN, ORDERS), OWN.bundle());
		SvidTls tls = tls(failing, both(deciding(PARTNER_ORG)));
		assertRefused(tls, direction, mint(PARTNER, BANK), "could not be verified: java.lang.IllegalStateException");
		check(tls, direction, mint(OWN, ORDERS));
	}

	/**
	 * After an error, the JDK would wait for its task forever.
	 */
	@ParameterizedTest
	@EnumSource
	void errorRefusesThePeerAsAnyOtherFailureDoes(Direction direction) {
		MutableIdentity failing = new MutableIdentity() {

			@Override
			public TrustBundle bundle(TrustDomain trustDomain) {
				throw new StackOverflowError("on purpose");
			}

		};
		failing.become(mint(OWN, ORDERS), OWN.bundle());
		SvidTls tls = tls(failing, both(deciding(PARTNER_ORG)));
		assertRefused(tls, direction, mint(PARTNER, BANK), "could not be verified: java.lang.StackOverflowError");
		assertThat(tls.tls().counts().count(direction, HandshakeOutcome.UNTRUSTED)).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void withoutAnSvidOfOurOwnNobodyIsLetInNorBlamed(Direction direction, CapturedOutput output) {
		this.identity.become(new TlsSnapshot(null, OWN.bundle()));
		assertRefused(tls(deciding(PARTNER_ORG)), direction, mint(PARTNER, BANK),
				"There is no X.509-SVID to connect with: " + MutableIdentity.ABSENCE);
		assertThat(lines(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void ownTrustDomainIsThatOfTheSvidAsLongAsThereIsNoTrustBundle(Direction direction) throws Exception {
		this.identity.become(new TlsSnapshot(this.identity.snapshot().svid(), null));
		SvidTls tls = tls(deciding(PARTNER_ORG));
		assertRefused(tls, direction, mint(OWN, ORDERS), "There is no trust bundle yet");
		check(tls, direction, mint(PARTNER, BANK));
	}

	@ParameterizedTest
	@EnumSource
	void trustEndsAndComesBackAtOnce(Direction direction) throws Exception {
		SvidTls tls = tls(deciding(PARTNER_ORG));
		Minted bank = mint(PARTNER, BANK);
		check(tls, direction, bank);
		this.identity.endFederation(PARTNER_ORG);
		assertRefused(tls, direction, bank, "The trust domain 'partner.org' is not trusted");
		this.identity.federate(new SvidMint("root").bundleOf(PARTNER_ORG));
		assertRefused(tls, direction, bank, "does not chain to an authority of the trust bundle");
		this.identity.federate(PARTNER.bundleOf(PARTNER_ORG));
		check(tls, direction, bank);
		check(tls, direction, mint(OWN, ORDERS));
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void trustThatEndsDuringAHandshakeRefusesThePeer(String protocol) throws Exception {
		SSLContext ours = tls(deciding(PARTNER_ORG)).tls().context();
		SSLContext theirs = partner().tls().context();
		EngineHandshake.begin(theirs, ours, protocol).end();
		EngineHandshake.begin(ours, theirs, protocol).end();
		EngineHandshake in = EngineHandshake.begin(theirs, ours, protocol);
		EngineHandshake out = EngineHandshake.begin(ours, theirs, protocol);
		this.identity.endFederation(PARTNER_ORG);
		for (EngineHandshake handshake : List.of(in, out)) {
			assertThatExceptionOfType(SSLException.class).isThrownBy(handshake::end)
				.withStackTraceContaining("The trust domain 'partner.org' is not trusted");
		}
		this.identity.federate(PARTNER.bundleOf(PARTNER_ORG));
		EngineHandshake.begin(theirs, ours, protocol).end();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void contextThatIsBuiltFromTheManagersDecidesAlike(String protocol) throws Exception {
		BundleTls tls = tls(deciding(PARTNER_ORG)).tls();
		SSLContext ours = SSLContext.getInstance("TLS");
		ours.init(tls.keyManagerFactory().getKeyManagers(), tls.trustManagerFactory().getTrustManagers(), null);
		SSLContext theirs = partner().tls().context();
		EngineHandshake.begin(theirs, ours, protocol).end();
		EngineHandshake.begin(ours, theirs, protocol).end();
		this.identity.endFederation(PARTNER_ORG);
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> EngineHandshake.begin(theirs, ours, protocol).end())
			.withStackTraceContaining("The trust domain 'partner.org' is not trusted");
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> EngineHandshake.begin(ours, theirs, protocol).end())
			.withStackTraceContaining("The trust domain 'partner.org' is not trusted");
	}

	@Test
	void connectedClientIsVerifiedAsInAHandshake() throws Exception {
		SvidTls tls = tls(deciding(PARTNER_ORG));
		List<X509Certificate> bank = mint(PARTNER, BANK).chain();
		assertThat(tls.verifyClient(bank)).hasToString(BANK);
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> tls.with(PeerPolicies.of((peer) -> true)).verifyClient(bank))
			.withMessageContaining("on which the policy does not decide");
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> tls.verifyClient(mint(PARTNER, ORDERS).chain()))
			.withMessageContaining("does not chain");
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> tls.verifyClient(mint(PARTNER, "spiffe://partner.org/spire/server").chain()))
			.withMessageContaining("which no list authorizes");
		this.identity.endFederation(PARTNER_ORG);
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> tls.verifyClient(bank))
			.withMessageContaining("The trust domain 'partner.org' is not trusted");
		assertThat(tls.tls().counts().trustDomains()).isEmpty();
	}

	@Test
	void floodOfAFederatedTrustDomainHidesNoRefusalOfAnother(CapturedOutput output) {
		PeerReport report = new PeerReport(Time.of(this.clock));
		for (int i = 0; i < 150; i++) {
			refuse(report, mint(PARTNER, "spiffe://partner.org/" + i));
		}
		assertThat(lines(output)).hasSize(100);
		refuse(report, mint(OWN, "spiffe://example.org/ours"));
		report.refused(Direction.INBOUND, HandshakeOutcome.UNTRUSTED, "The peer is nobody");
		assertThat(lines(output)).hasSize(102);
	}

	private void refuse(PeerReport report, Minted peer) {
		report.unauthorized(
				new OpenConnection.Handshake(Direction.INBOUND, peer.svid(), null, null, 0,
						Objects.requireNonNull(this.identity.snapshot().svid())),
				"The peer %s is not".formatted(peer.svid().spiffeId()));
	}

	@Test
	void namesOfUntrustedPeersAreNoneInTheLogOrTheCounts(CapturedOutput output) {
		SvidTls tls = tls(deciding(PARTNER_ORG));
		for (int i = 0; i < 20; i++) {
			assertRefused(tls, Direction.INBOUND, mint(PARTNER, "spiffe://t%d.org/bank".formatted(i)), "not trusted");
		}
		assertThat(lines(output)).hasSize(1);
		assertThat(tls.tls().counts().trustDomains()).isEmpty();
		assertThat(counted(tls, Direction.INBOUND, HandshakeOutcome.UNTRUSTED, null)).isEqualTo(20);
	}

	private SvidTls partner() {
		MutableIdentity partner = new MutableIdentity();
		partner.become(mint(PARTNER, BANK), PARTNER.bundleOf(PARTNER_ORG));
		partner.federate(OWN.bundle());
		return tls(partner, both(deciding(SvidMint.TRUST_DOMAIN)));
	}

	private SvidTls tls(PeerPolicy policy) {
		return tls(both(policy));
	}

	private SvidTls tls(PeerPolicies policies) {
		return tls(this.identity, policies);
	}

	private SvidTls tls(MutableIdentity identity, PeerPolicies policies) {
		return SvidTls.of(identity, policies, TlsOptions.NONE, Time.of(this.clock));
	}

	private static PeerPolicies both(PeerPolicy policy) {
		return new PeerPolicies(policy, policy);
	}

	private static PeerPolicy deciding(TrustDomain... trustDomains) {
		return deciding(() -> Set.of(trustDomains));
	}

	/**
	 * A policy that lets in every workload that it is asked about.
	 */
	private static PeerPolicy deciding(TrustDomains trustDomains) {
		return new PeerPolicy() {

			@Override
			public @Nullable String refusal(SpiffeId peer) {
				return null;
			}

			@Override
			public Set<TrustDomain> trustDomains() {
				return trustDomains.get();
			}

		};
	}

	private static void check(SvidTls tls, Direction direction, Minted peer) throws CertificateException {
		PeerTrustManager manager = (PeerTrustManager) tls.keepingConnections()
			.tls()
			.trustManagerFactory()
			.getTrustManagers()[0];
		if (direction == Direction.INBOUND) {
			manager.checkClientTrusted(peer.array(), "EC");
		}
		else {
			manager.checkServerTrusted(peer.array(), "EC");
		}
	}

	private static void assertRefused(SvidTls tls, Direction direction, Minted peer, String message) {
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> check(tls, direction, peer))
			.withMessageContaining(message);
	}

	private static long counted(SvidTls tls, Direction direction, HandshakeOutcome outcome,
			@Nullable TrustDomain trustDomain) {
		return tls.tls().counts().count(direction, outcome, trustDomain);
	}

	private static List<String> lines(CapturedOutput output) {
		return output.getAll().lines().filter((line) -> line.contains("was refused: ")).toList();
	}

	private static Minted mint(SvidMint authority, String id) {
		return authority.order(id).issuedAt(NOW, LIFE).mint();
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
		throw (T) failure;
	}

	@FunctionalInterface
	private interface TrustDomains {

		Set<TrustDomain> get();

	}

	record Refusal(String name, Minted peer, String message) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
