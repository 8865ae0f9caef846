package dev.psat.products.kafka;

// tag::principal[]
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

import javax.net.ssl.SSLPeerUnverifiedException;

import org.apache.kafka.common.security.auth.AuthenticationContext;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SslAuthenticationContext;
import org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder;
// end::principal[]

/**
 * Names clients by their SPIFFE ID instead of the subject, which all of them share.
 */
// tag::principal[]
public class SpiffePrincipalBuilder extends DefaultKafkaPrincipalBuilder {

	private static final int URI = 6;

	public SpiffePrincipalBuilder() {
		super(null, null);
	}

	@Override
	public KafkaPrincipal build(AuthenticationContext context) {
		if (context instanceof SslAuthenticationContext tls) {
			try {
				return principal((X509Certificate) tls.session().getPeerCertificates()[0]);
			}
			catch (SSLPeerUnverifiedException | CertificateParsingException ex) {
				return KafkaPrincipal.ANONYMOUS;
			}
		}
		return super.build(context);
	}

	private static KafkaPrincipal principal(X509Certificate certificate) throws CertificateParsingException {
		Collection<List<?>> names = certificate.getSubjectAlternativeNames();
		List<String> ids = (names != null) ? names.stream()
			.filter((name) -> name.get(0).equals(URI))
			.map((name) -> name.get(1).toString())
			.toList() : List.of();
		if (ids.size() != 1 || !ids.get(0).startsWith("spiffe://")) {
			return KafkaPrincipal.ANONYMOUS;
		}
		return new KafkaPrincipal(KafkaPrincipal.USER_TYPE, ids.get(0));
	}

}
// end::principal[]
