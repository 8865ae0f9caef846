package dev.psat.spire.test;

import java.security.cert.X509Certificate;
import java.util.List;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.X509SVID;

final class SvidMessages {

	private SvidMessages() {
	}

	static X509SVID of(String spiffeId, List<X509Certificate> chain) {
		X509SVID.Builder svid = X509SVID.newBuilder()
			.setId(SpiffeIds.toMessage(spiffeId))
			.setExpiresAt(chain.get(0).getNotAfter().toInstant().getEpochSecond());
		chain.forEach((certificate) -> svid.addCertChain(ByteString.copyFrom(Certificates.encoded(certificate))));
		return svid.build();
	}

}
