package dev.psat.benchmarks.spire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.psat.AttestationPayload;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.ServerAddress;
import dev.psat.token.ProjectedToken;

/**
 * A SPIRE Server, and a pod that attests to it.
 *
 * @param address where the server listens
 * @param trustDomain its trust domain
 * @param trustBundle path of its trust bundle
 * @param cluster the cluster of the pod, as the server knows it
 * @param token path of the pod's token
 */
public record Target(ServerAddress address, TrustDomain trustDomain, Path trustBundle, String cluster, Path token) {

	/**
	 * Read what {@link #arguments()} has written.
	 * @param arguments the components
	 * @return the target
	 */
	public static Target of(List<String> arguments) {
		return new Target(ServerAddress.parse(arguments.get(0)), TrustDomain.of(arguments.get(1)),
				Path.of(arguments.get(2)), arguments.get(3), Path.of(arguments.get(4)));
	}

	public List<String> arguments() {
		return List.of(this.address.toString(), this.trustDomain.name(), this.trustBundle.toString(), this.cluster,
				this.token.toString());
	}

	/**
	 * Return the properties of an application in the pod.
	 * @return the properties
	 */
	public List<String> properties() {
		return List.of("spire.psat.cluster=" + this.cluster, "spire.psat.token-path=" + this.token,
				"spire.server.address=" + this.address, "spire.server.trust-domain=" + this.trustDomain.name(),
				"spire.server.trust-bundle=" + this.trustBundle);
	}

	public TrustBundle readTrustBundle() throws IOException {
		return TrustBundle.parse(this.trustDomain, Files.readAllBytes(this.trustBundle));
	}

	/**
	 * Return the payload for the token of the moment.
	 * @return the payload
	 * @throws IOException if the token cannot be read
	 */
	public byte[] payload() throws IOException {
		ProjectedToken token = ProjectedToken.parse(Files.readString(this.token).strip());
		return AttestationPayload.of(this.cluster, token).toBytes();
	}

}
