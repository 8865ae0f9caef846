package dev.psat.spire.autoconfigure.ssl;

import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;

import dev.psat.spire.SpiffeSslBundle;

/**
 * How a client of HttpComponents opens TLS with the bundle, whose trust manager decides
 * by the SPIFFE ID. An X.509-SVID holds no host name to look for.
 */
final class HttpComponentsTlsStrategy {

	private HttpComponentsTlsStrategy() {
	}

	static DefaultClientTlsStrategy of(SpiffeSslBundle bundle) {
		return new DefaultClientTlsStrategy(bundle.createSslContext(), HostnameVerificationPolicy.CLIENT,
				NoopHostnameVerifier.INSTANCE);
	}

}
