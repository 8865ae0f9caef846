package dev.psat.benchmarks.svid;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.AgentConnection;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.SpireClient;

/**
 * Obtains an X.509-SVID by {@code psat-spire-client}.
 */
public final class FirstSvid {

	private FirstSvid() {
	}

	/**
	 * Obtain an X.509-SVID, and then wait to be looked at, except in a training run.
	 * @param args address and trust domain of the server, file of the trust bundle,
	 * cluster, and file of the token
	 * @throws Exception if there is none
	 */
	public static void main(String[] args) throws Exception {
		TrustDomain trustDomain = TrustDomain.of(args[1]);
		TrustBundle trustBundle = TrustBundle.parse(trustDomain, Files.readAllBytes(Path.of(args[2])));
		String payload = "{\"cluster\":\"%s\",\"token\":\"%s\"}".formatted(args[3], Files.readString(Path.of(args[4])));
		obtain(ServerAddress.parse(args[0]), trustBundle, payload.getBytes(StandardCharsets.UTF_8));
		Ready.tellAndWait();
	}

	/**
	 * Make the four calls: trust bundle, attestation, entries, X.509-SVID. Connections
	 * stay open, as an application has them.
	 */
	private static X509Svid obtain(ServerAddress server, TrustBundle first, byte[] payload) {
		AtomicReference<TrustBundle> trustBundle = new AtomicReference<>(first);
		SpireClient client = SpireClient.builder(server, first.trustDomain(), trustBundle::get).build();
		trustBundle.set(client.trustBundle());
		KeyPair agentKey = KeyType.EC_P256.generate();
		X509Svid agent = client.attest("k8s_psat", payload, agentKey);
		AgentConnection connection = client.connect(agent, agentKey);
		return connection.newX509Svid(connection.authorizedEntries().get(0), KeyType.EC_P256.generate());
	}

}
