package dev.psat.benchmarks.svid;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.TrustBundle;
import dev.psat.spire.client.TrustDomain;

/**
 * What a client needs to obtain an X.509-SVID.
 *
 * @param server the SPIRE Server
 * @param trustDomain its trust domain
 * @param trustBundle the trust bundle to begin with
 * @param payload the attestation payload
 */
public record Assignment(ServerAddress server, TrustDomain trustDomain, TrustBundle trustBundle, byte[] payload) {

	static Assignment of(String server, String trustDomain, Path trustBundle, String cluster, Path token)
			throws IOException {
		TrustDomain domain = TrustDomain.of(trustDomain);
		String payload = "{\"cluster\":\"%s\",\"token\":\"%s\"}".formatted(cluster, Files.readString(token));
		return new Assignment(ServerAddress.parse(server), domain,
				TrustBundle.parse(domain, Files.readAllBytes(trustBundle)), payload.getBytes(StandardCharsets.UTF_8));
	}

	/** The payload is a secret. */
	@Override
	public String toString() {
		return "Assignment[server=%s, trustDomain=%s]".formatted(this.server, this.trustDomain);
	}

}
