package dev.psat.spire.client;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AgentKeyManager}.
 */
class AgentKeyManagerTests {

	private static final TransportCertificates AGENT = TransportCertificates.create("agent");

	private final AgentKeyManager keys = new AgentKeyManager(List.of(AGENT.certificate()), AGENT.privateKey());

	@Test
	void offersTheAgentSvidWhateverTheServerAsksFor() {
		String alias = this.keys.chooseEngineClientAlias(new String[] { "RSA" }, null, null);
		assertThat(this.keys.getCertificateChain(alias)).containsExactly(AGENT.certificate());
		assertThat(this.keys.getPrivateKey(alias)).isSameAs(AGENT.privateKey());
		assertThat(this.keys.chooseClientAlias(new String[] { "EC" }, null, null)).isEqualTo(alias);
		assertThat(this.keys.getClientAliases("EC", null)).containsExactly(alias);
	}

	@Test
	void isNoServer() {
		assertThat(this.keys.chooseServerAlias("EC", null, null)).isNull();

		assertThat(this.keys.getServerAliases("EC", null)).isNull();
	}

}
