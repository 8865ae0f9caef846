package dev.psat.spire.test;

import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;

import dev.psat.support.MutableClock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SimulatedX509Svid} and the minting of it.
 */
class SimulatedX509SvidTests {

	private static final String LEDGER = "spiffe://example.org/ns/pay/sa/ledger";

	private final MutableClock clock = new MutableClock();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().clock(this.clock).build();

	@Test
	void keyIsThatOfTheLeaf() throws Exception {
		SimulatedX509Svid minted = this.server.mintX509Svid(LEDGER);
		Signature signature = Signature.getInstance("SHA256withECDSA");
		signature.initSign(minted.privateKey());
		signature.update((byte) 1);
		byte[] signed = signature.sign();
		signature.initVerify(minted.chain().get(0));
		signature.update((byte) 1);
		assertThat(signature.verify(signed)).isTrue();
	}

	@Test
	void whatWasIssuedLongAgoHasExpired() {
		X509Certificate leaf = this.server
			.mintX509Svid(LEDGER, this.clock.instant().minus(Duration.ofHours(2)), Duration.ofHours(1))
			.chain()
			.get(0);
		assertThat(leaf.getNotAfter().toInstant().getEpochSecond())
			.isEqualTo(this.clock.instant().minus(Duration.ofHours(1)).getEpochSecond());
		assertThat(leaf.getNotBefore()).isBefore(leaf.getNotAfter());
	}

	@Test
	void authorityThatIsActiveSigns() throws Exception {
		X509Certificate before = this.server.authority().active().root();
		this.server.authority().rotate();
		X509Certificate leaf = this.server.mintX509Svid(LEDGER).chain().get(0);
		leaf.verify(this.server.authority().active().root().getPublicKey());
		assertThatExceptionOfType(SignatureException.class).isThrownBy(() -> leaf.verify(before.getPublicKey()));
	}

	@Test
	void refusesForeignAndMalformedIds() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.server.mintX509Svid("spiffe://example.com/a"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.server.mintX509Svid("spiffe://example.org/a b"));
	}

	@Test
	void textHoldsNoKey() {
		SimulatedX509Svid minted = this.server.mintX509Svid(LEDGER);
		assertThat(minted).hasToString("SimulatedX509Svid[spiffeId=" + LEDGER + "]");
		assertThat(minted.toString()).doesNotContain(HexFormat.of().formatHex(minted.privateKey().getEncoded()));
	}

}
