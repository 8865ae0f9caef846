package dev.psat.spire.autoconfigure.ssl;

import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;

import dev.psat.spire.SpiffeSslBundle;

/**
 * Creates the TLS strategy of an HttpComponents client with the bundle, whose trust
 * manager checks the SPIFFE ID. The host name is not verified, since an X.509-SVID does
 * not contain one.
 */
final class HttpComponentsTlsStrategy {

	private HttpComponentsTlsStrategy() {
	}

	static DefaultClientTlsStrategy of(SpiffeSslBundle bundle) {
		return new DefaultClientTlsStrategy(bundle.createSslContext(), HostnameVerificationPolicy.CLIENT,
				NoopHostnameVerifier.INSTANCE);
	}

}
