package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.support.MutableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SvidTls#verifyClient}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClientVerificationTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final String BANK = "spiffe://example.org/ns/shop/sa/bank";

	private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

	private static final Duration LIFE = Duration.ofHours(1);

	private final MutableClock clock = new MutableClock(NOW);

	private final MutableIdentity identity = MutableIdentity.of(ROOT, "spiffe://example.org/ns/shop/sa/orders");

	private final SvidTls tls = SvidTls.of(this.identity, PeerPolicies.of(ClientVerificationTests::isBank),
			TlsOptions.NONE, Time.of(this.clock));

	@Test
	void authorizedClientIsIdentified() throws Exception {
		assertThat(this.tls.verifyClient(mint(ROOT, BANK).chain())).hasToString(BANK);
		Minted below = ROOT.intermediate("outer").order(BANK).issuedAt(NOW, LIFE).mint();
		assertThat(below.chain()).hasSize(2);
		assertThat(this.tls.verifyClient(below.chain())).hasToString(BANK);
	}

	@Test
	void policyIsAskedEachTime() throws Exception {
		Minted mailer = mint(ROOT, "spiffe://example.org/ns/shop/sa/mailer");
		assertThatIsRefused(this.tls, mailer,
				"The peer spiffe://example.org/ns/shop/sa/mailer is not authorized by the application's own policy");
		assertThat(this.tls.with(PeerPolicies.of((peer) -> true)).verifyClient(mailer.chain()))
			.hasToString("spiffe://example.org/ns/shop/sa/mailer");
	}

	@Test
	void agentIsRefusedWhateverThePolicySays() {
		assertThatIsRefused(this.tls.with(PeerPolicies.of((peer) -> true)),
				mint(ROOT, "spiffe://example.org/spire/agent/1"),
				"The peer spiffe://example.org/spire/agent/1 is a server or agent of SPIRE, which no list authorizes");
	}

	@Test
	void clientIsRefusedOnceItsAuthorityIsRevoked(CapturedOutput output) throws Exception {
		Minted bank = mint(ROOT, BANK);
		this.tls.verifyClient(bank.chain());
		this.identity.trust(new SvidMint("new root").bundle());
		String refusal = "The X.509-SVID of %s does not chain to an authority of the trust bundle".formatted(BANK);
		assertThatIsRefused(this.tls, bank, refusal);
		assertThat(output).containsOnlyOnce("A client was refused: " + refusal);
	}

	@Test
	void clientIsRefusedOnceItsSvidHasExpired() throws Exception {
		Minted bank = mint(ROOT, BANK);
		this.clock.advance(LIFE);
		this.tls.verifyClient(bank.chain());
		this.clock.advance(Duration.ofMinutes(3));
		assertThatIsRefused(this.tls, bank, "The X.509-SVID of %s expired at 2026-11-25T11:00:00Z".formatted(BANK));
	}

	@Test
	void clientOfAnotherAuthorityIsRefusedWithoutFillingTheLog(CapturedOutput output) {
		assertThatIsRefused(this.tls, mint(ROOT, "https://example.org/bank"),
				"The certificate is not an X.509-SVID: \"https://example.org/bank\" is not a valid SPIFFE ID: it does "
						+ "not begin with spiffe://");
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> this.tls.verifyClient(List.of()));
		assertThat(output).doesNotContain("refused");
	}

	@Test
	void requestsAreNotCountedAsHandshakes() throws Exception {
		this.tls.verifyClient(mint(ROOT, BANK).chain());
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> this.tls.verifyClient(mint(new SvidMint("root"), BANK).chain()));
		assertThat(Stream.of(HandshakeOutcome.values())
			.mapToLong((outcome) -> this.tls.tls().counts().count(Direction.INBOUND, outcome))).containsOnly(0L);
	}

	private static void assertThatIsRefused(SvidTls tls, Minted client, String refusal) {
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> tls.verifyClient(client.chain()))
			.withMessage(refusal);
	}

	private static Minted mint(SvidMint authority, String id) {
		return authority.order(id).issuedAt(NOW, LIFE).mint();
	}

	private static boolean isBank(SpiffeId id) {
		return id.toString().equals(BANK);
	}

}
