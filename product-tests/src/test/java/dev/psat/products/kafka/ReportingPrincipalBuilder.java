package dev.psat.products.kafka;

import java.security.cert.X509Certificate;

import javax.net.ssl.SSLPeerUnverifiedException;

import org.apache.kafka.common.security.auth.AuthenticationContext;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SslAuthenticationContext;

/**
 * Also prints whose request it is, by the certificate of the connection: the broker asks
 * for the name each time.
 */
public class ReportingPrincipalBuilder extends SpiffePrincipalBuilder {

	@Override
	public KafkaPrincipal build(AuthenticationContext context) {
		KafkaPrincipal principal = super.build(context);
		if (context instanceof SslAuthenticationContext tls) {
			try {
				X509Certificate certificate = (X509Certificate) tls.session().getPeerCertificates()[0];
				System.out.printf("request of %s, subject %s, serial number %s%n", principal,
						certificate.getSubjectX500Principal(), certificate.getSerialNumber());
			}
			catch (SSLPeerUnverifiedException ex) {
				System.out.println("request of " + principal);
			}
		}
		return principal;
	}

}
