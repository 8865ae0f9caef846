package dev.psat.spire.tls.internal;

import java.security.Principal;
import java.time.Clock;

import javax.security.auth.x500.X500Principal;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClassicTls.ClientKeyManager}.
 */
class ClientKeyManagerTests {

	private static final String[] EC = { "RSA", "EC" };

	private static final SvidMint ROOT = new SvidMint("root");

	private final Minted minted = ROOT.intermediate("inner").mint("spiffe://example.org/orders");

	private final MutableIdentity identity = new MutableIdentity();

	private final PeerReport report = new PeerReport(Time.ofSystem());

	private final ClassicTls.ClientKeyManager manager = new ClassicTls.ClientKeyManager(this.identity, this.report,
			TlsOptions.NONE, Clock.systemUTC());

	ClientKeyManagerTests() {
		this.identity.become(this.minted, ROOT.bundle());
	}

	@Test
	void whoNamesNobodyGetsTheSvid() {
		assertThat(isOffered()).isTrue();
		assertThat(this.manager.chooseClientAlias(EC, null, null)).isNotNull();
	}

	@Test
	void whoNamesTheIssuerOfTheSvidGetsIt() {
		assertThat(isOffered("someone", "inner")).isTrue();
	}

	@Test
	void whoNamesAnIssuerOfTheChainGetsTheSvid() {
		this.identity.become(this.minted, new SvidMint("newer").bundle());
		assertThat(isOffered("root")).isTrue();
	}

	@Test
	void whoNamesAnAuthorityOfTheTrustDomainGetsTheSvid() {
		this.identity.become(this.minted, new SvidMint("newer").bundle());
		assertThat(isOffered("newer")).isTrue();
	}

	@Test
	void whoNamesOthersGetsNothing() {
		assertThat(isOffered("someone")).isFalse();
		assertThat(isOffered("SPIRE")).as("the subject of the SVID").isFalse();
		this.identity.become(new TlsSnapshot(this.identity.snapshot().svid(), null));
		assertThat(isOffered("newer")).isFalse();
	}

	@Test
	void withoutAnSvidNothingIsOffered() {
		this.identity.become(new TlsSnapshot(null, ROOT.bundle()));
		assertThat(isOffered()).isFalse();
		assertThat(isOffered("root")).isFalse();
	}

	@Test
	void whoTakesNoKeyOfTheTypeGetsNothing() {
		assertThat(this.manager.chooseEngineClientAlias(new String[] { "RSA" }, null, null)).isNull();
	}

	@Test
	void nothingIsServed() {
		assertThat(this.manager.chooseEngineServerAlias("EC", null, null)).isNull();
		assertThat(this.manager.chooseServerAlias("EC", null, null)).isNull();
		assertThat(this.manager.getServerAliases("EC", null)).isNull();
	}

	private boolean isOffered(String... issuers) {
		Principal[] named = new Principal[issuers.length];
		for (int i = 0; i < named.length; i++) {
			named[i] = new X500Principal("CN=" + issuers[i]);
		}
		String alias = this.manager.chooseEngineClientAlias(EC, named, null);
		assertThat(this.manager.chooseClientAlias(EC, named, null)).isEqualTo(alias);
		String[] aliases = this.manager.getClientAliases("EC", named);
		assertThat((aliases != null) ? aliases[0] : null).isEqualTo(alias);
		assertKeyOf(alias);
		return alias != null;
	}

	private void assertKeyOf(@Nullable String alias) {
		if (alias != null) {
			assertThat(this.manager.getCertificateChain(alias)).containsExactlyElementsOf(this.minted.chain());
			assertThat(this.manager.getPrivateKey(alias)).isSameAs(this.minted.privateKey());
		}
	}

}
