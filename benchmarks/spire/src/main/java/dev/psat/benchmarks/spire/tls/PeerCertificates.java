package dev.psat.benchmarks.spire.tls;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import dev.psat.benchmarks.spire.World;
import dev.psat.spire.test.SimulatedX509Svid;

/**
 * Certificates of a peer that nobody has seen yet. The JDK keeps the last 750
 * certificates that it has read, and each of them the result of its verification, so that
 * a certificate has to be forgotten before it is read again.
 */
final class PeerCertificates {

	private static final int MORE_THAN_THE_JDK_KEEPS = 1000;

	private final List<byte[]> certificates = new ArrayList<>();

	private int next;

	PeerCertificates(World world) throws CertificateException {
		while (this.certificates.size() < MORE_THAN_THE_JDK_KEEPS) {
			SimulatedX509Svid svid = world.server().mintX509Svid(World.id(ClientApplication.SERVICE_ACCOUNT));
			this.certificates.add(svid.chain().get(0).getEncoded());
		}
	}

	/**
	 * Read the next certificates.
	 * @param count how many
	 * @return a chain each, which is the leaf alone
	 * @throws CertificateException if one cannot be read
	 */
	List<X509Certificate[]> next(int count) throws CertificateException {
		CertificateFactory factory = CertificateFactory.getInstance("X.509");
		List<X509Certificate[]> chains = new ArrayList<>();
		while (chains.size() < count) {
			byte[] certificate = this.certificates.get(this.next++ % this.certificates.size());
			chains.add(new X509Certificate[] {
					(X509Certificate) factory.generateCertificate(new ByteArrayInputStream(certificate)) });
		}
		return chains;
	}

}
