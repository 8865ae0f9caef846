package dev.psat.spire.test;

import java.util.Map;
import java.util.TreeMap;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.WorkloadUpdate.Identity;
import dev.psat.spire.test.proto.WorkloadProto.JWTBundlesResponse;
import dev.psat.spire.test.proto.WorkloadProto.X509BundlesResponse;
import dev.psat.spire.test.proto.WorkloadProto.X509SVID;
import dev.psat.spire.test.proto.WorkloadProto.X509SVIDResponse;

/**
 * Writes the messages of streams. Source: {@code workload/handler.go}.
 */
final class WorkloadMessages {

	private final String trustDomain;

	WorkloadMessages(String trustDomain) {
		this.trustDomain = trustDomain;
	}

	X509SVIDResponse x509Svids(WorkloadUpdate update) {
		X509SVIDResponse.Builder response = X509SVIDResponse.newBuilder();
		update.identities().forEach((identity) -> response.addSvids(x509Svid(identity, update.bundle())));
		update.federated()
			.forEach((name, bundle) -> response.putFederatedBundles(SpiffeIds.of(name, ""), bundle.x509Authorities()));
		return response.build();
	}

	private static X509SVID x509Svid(Identity identity, AgentBundle bundle) {
		ByteString chain = identity.svid()
			.chain()
			.stream()
			.map((certificate) -> ByteString.copyFrom(Certificates.encoded(certificate)))
			.reduce(ByteString.EMPTY, ByteString::concat);
		return X509SVID.newBuilder()
			.setSpiffeId(identity.spiffeId())
			.setX509Svid(chain)
			.setX509SvidKey(ByteString.copyFrom(identity.svid().privateKey().getEncoded()))
			.setBundle(bundle.x509Authorities())
			.setHint(identity.entry().entry().hint())
			.build();
	}

	X509BundlesResponse x509Bundles(WorkloadUpdate update) {
		X509BundlesResponse.Builder response = X509BundlesResponse.newBuilder();
		bundles(update).forEach((id, bundle) -> response.putBundles(id, bundle.x509Authorities()));
		return response.build();
	}

	JWTBundlesResponse jwtBundles(WorkloadUpdate update) {
		JWTBundlesResponse.Builder response = JWTBundlesResponse.newBuilder();
		bundles(update).forEach((id, bundle) -> response.putBundles(id, ByteString.copyFrom(bundle.toJwks())));
		return response.build();
	}

	private Map<String, AgentBundle> bundles(WorkloadUpdate update) {
		Map<String, AgentBundle> bundles = new TreeMap<>();
		bundles.put(SpiffeIds.of(this.trustDomain, ""), update.bundle());
		update.federated().forEach((name, bundle) -> bundles.put(SpiffeIds.of(name, ""), bundle));
		return bundles;
	}

}
