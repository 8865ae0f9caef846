package dev.psat.spire.http;

import dev.psat.spire.SpiffeSslBundle;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import reactor.netty.http.client.HttpClient;

/**
 * Secures the clients of Reactor Netty. Spring Boot configures them with the managers of
 * the bundle, with which sessions would outlive the SVID and the authorization decision.
 */
final class ReactorClients {

	private ReactorClients() {
	}

	static HttpClient secure(HttpClient client, SpiffeSslBundle bundle) {
		JdkSslContext context = new JdkSslContext(bundle.createSslContext(), true, null,
				IdentityCipherSuiteFilter.INSTANCE, ApplicationProtocolConfig.DISABLED, ClientAuth.NONE, null, false);
		return client.secure((spec) -> spec.sslContext(context));
	}

}
