package dev.psat.benchmarks.spire.attest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.psat.AttestationPayload;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.ServerAddress;
import dev.psat.token.ProjectedToken;

/**
 * A SPIRE Server, and the pod that attests to it.
 *
 * @param name what it is called in a table
 * @param address where it listens
 * @param trustDomain its trust domain
 * @param trustBundle path of its trust bundle
 * @param cluster the cluster of the pod, as the server knows it
 * @param token path of the pod's token
 */
record Target(String name, ServerAddress address, TrustDomain trustDomain, Path trustBundle, String cluster,
		Path token) {

	TrustBundle readTrustBundle() throws IOException {
		return TrustBundle.parse(this.trustDomain, Files.readAllBytes(this.trustBundle));
	}

	/**
	 * Return the payload for the token of the moment.
	 * @return the payload
	 * @throws IOException if the token cannot be read
	 */
	byte[] payload() throws IOException {
		ProjectedToken token = ProjectedToken.parse(Files.readString(this.token).strip());
		return AttestationPayload.of(this.cluster, token).toBytes();
	}

}
