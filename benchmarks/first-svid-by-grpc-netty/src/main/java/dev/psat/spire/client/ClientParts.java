package dev.psat.spire.client;

import java.security.KeyPair;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

import dev.psat.spire.client.proto.AttestAgentResponse;
import dev.psat.spire.client.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.client.proto.Bundle;
import dev.psat.spire.client.proto.GetAuthorizedEntriesResponse;

/**
 * All of the client but its transport, so that the same work is done over another one.
 */
public final class ClientParts {

	private final Answers answers;

	private final ServerVerifier verifier;

	private volatile TrustBundle trustBundle;

	public ClientParts(TrustDomain trustDomain, TrustBundle trustBundle) {
		this.trustBundle = trustBundle;
		this.answers = new Answers(trustDomain, () -> this.trustBundle, Clock.systemUTC());
		this.verifier = new SpireServerVerifier(trustDomain, () -> this.trustBundle, Clock.systemUTC());
	}

	public X509ExtendedTrustManager trustManager() {
		return new ServerTrustManager(this.verifier, new CompletableFuture<>());
	}

	public X509ExtendedKeyManager keyManager(X509Svid agent, KeyPair key) {
		return new AgentKeyManager(agent.chain(), key.getPrivate());
	}

	public byte[] request(KeyPair key) {
		return CertificateRequest.of(key);
	}

	public void accept(Bundle bundle) {
		this.trustBundle = this.answers.trustBundle(bundle);
	}

	public X509Svid agent(AttestAgentResponse response, KeyPair key) {
		return this.answers.x509Svid(response.getResult().getSvid(), key, (id) -> id.path().startsWith("/spire/agent/"),
				null);
	}

	public AuthorizedEntry entry(GetAuthorizedEntriesResponse response) {
		return this.answers.entries(response.getEntriesList()).get(0);
	}

	public X509Svid svid(BatchNewX509SVIDResponse response, KeyPair key, AuthorizedEntry entry) {
		return this.answers.x509Svid(response.getResults(0).getSvid(), key, entry.spiffeId()::equals, entry.hint());
	}

}
