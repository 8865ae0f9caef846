package dev.psat.spire.client;

import java.security.cert.X509Certificate;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.psat.spire.client.proto.AttestAgentResponse;
import dev.psat.spire.client.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.client.proto.Bundle;
import dev.psat.spire.client.proto.X509SVID;

/**
 * Trust bundles and SVIDs of the transcripts.
 */
final class Recorded {

	static final TrustDomain TRUST_DOMAIN = TrustDomain.of("example.org");

	private Recorded() {
	}

	static TrustBundle file(String file) {
		return TrustBundle.parse(TRUST_DOMAIN, Transcripts.bytes(file));
	}

	/**
	 * Return the trust bundle that the server answered with.
	 * @param step the step
	 * @return its X.509 authorities, of which only this form tells which are tainted
	 */
	static TrustBundle bundle(String step) throws InvalidProtocolBufferException {
		Bundle bundle = Bundle.parseFrom(Transcripts.step(step).reply());
		List<X509Authority> authorities = bundle.getX509AuthoritiesList()
			.stream()
			.map((authority) -> new X509Authority(Certificates.read(authority.getAsn1().toByteArray()),
					authority.getTainted()))
			.toList();
		return new TrustBundle(TRUST_DOMAIN, authorities, List.of(), bundle.getSequenceNumber(), null);
	}

	static ReturnedSvid agentSvid(String step) throws InvalidProtocolBufferException {
		return returned(AttestAgentResponse.parseFrom(Transcripts.step(step).reply()).getResult().getSvid());
	}

	static ReturnedSvid workloadSvid(String step) throws InvalidProtocolBufferException {
		return returned(BatchNewX509SVIDResponse.parseFrom(Transcripts.step(step).reply()).getResults(0).getSvid());
	}

	private static ReturnedSvid returned(X509SVID svid) {
		return new ReturnedSvid(svid.getCertChainList().stream().map(ByteString::toByteArray).toList(), null);
	}

	static List<X509Certificate> serverChain(String file) {
		return List.of(Certificates.read(Transcripts.bytes(file)));
	}

}
