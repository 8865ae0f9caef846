package dev.psat.spire.test;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.psat.spire.test.WorkloadUpdate.Identity;
import dev.psat.spire.test.proto.WorkloadProto.JWTBundlesResponse;
import dev.psat.spire.test.proto.WorkloadProto.X509BundlesResponse;
import dev.psat.spire.test.proto.WorkloadProto.X509SVID;
import dev.psat.spire.test.proto.WorkloadProto.X509SVIDResponse;

/**
 * Writes the messages of streams. Source: {@code workload/handler.go}.
 */
final class WorkloadMessages {

	/** Of no field that there is. */
	private static final int PADDING = 15;

	private final String trustDomain;

	private final SvidMint mint;

	private final WorkloadFaults faults;

	WorkloadMessages(SimulatedSpireServer server, WorkloadFaults faults) {
		this.trustDomain = server.trustDomain();
		this.mint = server.mint();
		this.faults = faults;
	}

	byte[] of(WorkloadMethod method, WorkloadUpdate update) {
		Message message = switch (method) {
			case FETCH_X509_SVID -> x509Svids(update);
			case FETCH_X509_BUNDLES -> x509Bundles(update);
			case FETCH_JWT_BUNDLES -> jwtBundles(update);
			default -> throw new IllegalArgumentException(method + " has no stream");
		};
		return padded(message).toByteArray();
	}

	private Message padded(Message message) {
		int padding = this.faults.padding();
		if (padding == 0) {
			return message;
		}
		UnknownFieldSet.Field field = UnknownFieldSet.Field.newBuilder()
			.addLengthDelimited(ByteString.copyFrom(new byte[padding]))
			.build();
		return message.toBuilder()
			.setUnknownFields(UnknownFieldSet.newBuilder().addField(PADDING, field).build())
			.build();
	}

	private X509SVIDResponse x509Svids(WorkloadUpdate update) {
		X509SVIDResponse.Builder response = X509SVIDResponse.newBuilder();
		update.identities().forEach((identity) -> response.addSvids(x509Svid(identity, update.bundle())));
		update.federated()
			.forEach((name, bundle) -> response.putFederatedBundles(SpiffeIds.of(name, ""), bundle.x509Authorities()));
		return response.build();
	}

	private X509SVID x509Svid(Identity identity, AgentBundle bundle) {
		X509SVID.Builder svid = X509SVID.newBuilder()
			.setSpiffeId(identity.spiffeId())
			.setX509Svid(concatenated(identity.svid().chain()))
			.setX509SvidKey(ByteString.copyFrom(identity.svid().privateKey().getEncoded()))
			.setBundle(bundle.x509Authorities())
			.setHint(identity.entry().entry().hint());
		WorkloadSvidFault fault = this.faults.ofSvid(identity.spiffeId());
		if (fault != null) {
			fault.spoil(svid, this.mint);
		}
		return svid.build();
	}

	static ByteString concatenated(List<X509Certificate> certificates) {
		return certificates.stream()
			.map((certificate) -> ByteString.copyFrom(Certificates.encoded(certificate)))
			.reduce(ByteString.EMPTY, ByteString::concat);
	}

	private X509BundlesResponse x509Bundles(WorkloadUpdate update) {
		X509BundlesResponse.Builder response = X509BundlesResponse.newBuilder();
		bundles(update).forEach((id, bundle) -> response.putBundles(id, bundle.x509Authorities()));
		return response.build();
	}

	private JWTBundlesResponse jwtBundles(WorkloadUpdate update) {
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
