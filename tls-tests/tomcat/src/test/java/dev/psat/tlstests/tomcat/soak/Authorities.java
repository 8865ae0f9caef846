package dev.psat.tlstests.tomcat.soak;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

import dev.psat.spire.SpireStatus;
import dev.psat.spire.test.SimulatedSpireServer;
import org.jspecify.annotations.Nullable;

/**
 * The X.509 authorities of the server, and which of them the applications know.
 */
final class Authorities {

	private final SimulatedSpireServer server;

	private Old old = Old.NONE;

	Authorities(SimulatedSpireServer server) {
		this.server = server;
	}

	/**
	 * Add an authority to the trust bundle.
	 */
	void prepare() {
		this.server.authority().prepare();
	}

	/**
	 * Let the prepared authority sign from now on.
	 */
	void activate() {
		this.server.authority().activate();
		this.server.authority().renewServerCertificate();
		this.old = Old.TRUSTED;
	}

	/**
	 * Taint the authority that has signed before.
	 */
	void taint() {
		this.server.authority().taint();
		this.old = Old.TAINTED;
	}

	/**
	 * Take the tainted authority out of the trust bundle.
	 */
	void revoke() {
		this.server.authority().revoke();
		this.old = Old.NONE;
	}

	/**
	 * Take the authority that has signed before out of the trust bundle, if it is still
	 * there. Otherwise, the trust bundle would grow with each rotation.
	 */
	void retire() {
		if (this.old == Old.TRUSTED) {
			taint();
		}
		if (this.old == Old.TAINTED) {
			revoke();
		}
	}

	/**
	 * Return whether an application has the trust bundle that the server has.
	 * @param application the application
	 * @return whether the sequence numbers agree
	 */
	boolean areKnownTo(Application application) {
		return areKnown(application.status());
	}

	boolean areKnown(SpireStatus status) {
		SpireStatus.@Nullable Bundle bundle = status.trustBundle();
		return bundle != null
				&& Long.valueOf(this.server.trustBundle().sequenceNumber()).equals(bundle.sequenceNumber());
	}

	/**
	 * Return whether the newest authority has signed the SVID of an application.
	 * @param application the application
	 * @return whether its signature verifies
	 */
	boolean newestHasSigned(Application application) {
		try {
			application.identity().x509Svid().leaf().verify(newest().getPublicKey());
			return true;
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

	private Certificate newest() throws GeneralSecurityException {
		byte[] pem = this.server.trustBundle().toPem().getBytes(StandardCharsets.US_ASCII);
		return CertificateFactory.getInstance("X.509")
			.generateCertificates(new ByteArrayInputStream(pem))
			.stream()
			.reduce((older, newer) -> newer)
			.orElseThrow();
	}

	/**
	 * What there is of the authority that has signed before.
	 */
	private enum Old {

		NONE, TRUSTED, TAINTED

	}

}
