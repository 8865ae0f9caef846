package dev.psat.spire.http;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;

/**
 * Prepares Spring Boot's builder beans, before or after the customizers of the
 * application. Builders that are not named here stay as they are.
 */
final class BuilderBeans {

	private BuilderBeans() {
	}

	/** Before, since this cannot preserve the application's factory of TLS strategies. */
	static ClientHttpRequestFactoryBuilder<?> prepare(ClientHttpRequestFactoryBuilder<?> builder) {
		if (builder instanceof HttpComponentsClientHttpRequestFactoryBuilder httpComponents) {
			return SpiffeHttpClients.prepare(httpComponents);
		}
		return (builder instanceof JettyClientHttpRequestFactoryBuilder jetty) ? SpiffeHttpClients.prepare(jetty)
				: builder;
	}

	static ClientHttpConnectorBuilder<?> prepare(ClientHttpConnectorBuilder<?> builder) {
		if (builder instanceof HttpComponentsClientHttpConnectorBuilder httpComponents) {
			return SpiffeHttpClients.prepare(httpComponents);
		}
		return (builder instanceof JettyClientHttpConnectorBuilder jetty) ? SpiffeHttpClients.prepare(jetty) : builder;
	}

	/**
	 * After, since customizers want the builder of the library, which this wraps. The
	 * bean is declared by its interface, so no code can count on the type.
	 */
	static ClientHttpRequestFactoryBuilder<?> wrap(ClientHttpRequestFactoryBuilder<?> builder) {
		if (builder instanceof JdkClientHttpRequestFactoryBuilder jdk) {
			return SpiffeHttpClients.prepare(jdk);
		}
		return (builder instanceof ReactorClientHttpRequestFactoryBuilder reactor) ? ReactorClients.wrap(reactor)
				: builder;
	}

	static ClientHttpConnectorBuilder<?> wrap(ClientHttpConnectorBuilder<?> builder) {
		if (builder instanceof JdkClientHttpConnectorBuilder jdk) {
			return SpiffeHttpClients.prepare(jdk);
		}
		return (builder instanceof ReactorClientHttpConnectorBuilder reactor) ? ReactorClients.wrap(reactor) : builder;
	}

}
