package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.internal.PeerVerifier.Vouching;
import dev.psat.support.CertificateWriter;
import dev.psat.support.CostlyChains;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * Tests for peers whose chains would keep PKIX busy, at each door behind which somebody
 * waits.
 */
class CostlyPeerTests {

	private static final String UNLISTED = "spiffe://partner.org/ns/x/sa/unlisted";

	private static final TrustDomain PARTNER_ORG = TrustDomain.of("partner.org");

	private final SvidMint partner = new SvidMint("partner");

	private final SvidMint root = new SvidMint("root");

	private final MutableIdentity identity = MutableIdentity.of(this.root, "spiffe://example.org/ns/shop/sa/orders");

	private final SvidTls tls = SvidTls.of(this.identity, PeerPolicies.of((peer) -> true), TlsOptions.NONE,
			Time.ofSystem());

	CostlyPeerTests() {
		this.identity.federate(this.partner.bundleOf(PARTNER_ORG));
	}

	static Stream<Named<UnaryOperator<CertificateWriter>>> burdens() {
		return Stream.of(Named.of("mapped policies", CostlyChains::mappedPolicies),
				Named.of("a repeated policy", CostlyChains::repeatedPolicy),
				Named.of("disjoint names", CostlyChains::disjointNames));
	}

	@ParameterizedTest
	@MethodSource("burdens")
	void costlyClientIsRefused(UnaryOperator<CertificateWriter> burden) {
		Minted costly = this.partner.costly(UNLISTED, burden);
		assertIsRefused(() -> this.tls.verifyClient(costly.chain()), CertificateException.class);
	}

	@ParameterizedTest
	@MethodSource("burdens")
	void costlyClientIsRefusedInItsHandshakeAndCounted(UnaryOperator<CertificateWriter> burden) {
		MutableIdentity theirs = new MutableIdentity();
		theirs.become(this.partner.costly(UNLISTED, burden), this.root.bundle());
		SvidTls client = SvidTls.of(theirs, PeerPolicies.of((peer) -> true), TlsOptions.NONE, Time.ofSystem());
		assertIsRefused(() -> EngineHandshake.begin(client.tls().context(), this.tls.tls().context(), "TLSv1.3").end(),
				SSLException.class);
		assertThat(this.tls.tls().counts().count(Direction.INBOUND, HandshakeOutcome.UNTRUSTED)).isOne();
	}

	@ParameterizedTest
	@MethodSource("burdens")
	void costlyPeerIsRefusedWhereAConnectionIsVerifiedAgain(UnaryOperator<CertificateWriter> burden) throws Exception {
		PeerVerifier verifier = new PeerVerifier(this.identity, Clock.systemUTC());
		Vouching before = verifier.verify(this.partner.mint(UNLISTED).svid(), this.identity.snapshot(), null);
		this.identity.federate(TrustBundle.of(PARTNER_ORG, List.of(new X509Authority(this.partner.certificate(), true)),
				List.of(), null, null));
		X509Svid costly = this.partner.costly(UNLISTED, burden).svid();
		assertIsRefused(() -> verifier.verify(costly, this.identity.snapshot(), before), CertificateException.class);
	}

	private static void assertIsRefused(ThrowingCallable verification, Class<? extends Exception> type) {
		assertTimeoutPreemptively(CostlyChains.ENDLESS,
				() -> assertThatExceptionOfType(type).isThrownBy(verification)
					.satisfies((ex) -> assertThat((ex.getCause() != null) ? ex.getCause() : ex).message()
						.containsPattern("has (more than|a policy twice)")));
	}

}
