package dev.psat.spire.test;

import java.io.ByteArrayInputStream;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.X509SVID;

/**
 * An X509-SVID with its keys.
 */
record TestSvid(KeyPair keys, List<X509Certificate> chain) {

	static TestSvid of(KeyPair keys, X509SVID svid) {
		return new TestSvid(keys, svid.getCertChainList().stream().map(TestSvid::certificate).toList());
	}

	static X509Certificate certificate(ByteString encoded) {
		try {
			return (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(new ByteArrayInputStream(encoded.toByteArray()));
		}
		catch (CertificateException ex) {
			throw new IllegalStateException(ex);
		}
	}

	X509Certificate leaf() {
		return this.chain.get(0);
	}

	String id() {
		return Certificates.uris(leaf()).get(0);
	}

}
