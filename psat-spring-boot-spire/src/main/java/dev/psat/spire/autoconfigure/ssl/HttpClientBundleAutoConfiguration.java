package dev.psat.spire.autoconfigure.ssl;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ResourceLoader;
import org.springframework.http.client.ClientHttpRequestFactory;

import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for HTTP clients that use the SSL
 * bundle. {@link SpiffeSslBundle#createSslContext()} is all that clients of the JDK and
 * Jetty need. HttpComponents and Reactor Netty need more, so the
 * {@link ClientHttpRequestFactoryBuilder} or {@link ClientHttpConnectorBuilder} bean is
 * replaced with one that builds their clients differently for a {@link SpiffeSslBundle},
 * and as usual for everything else. Inject the bean by its interface, since it no longer
 * has the library-specific type. For the same reason, {@code TestRestTemplate} does not
 * apply its {@code HttpClientOption}s.
 * <p>
 * A builder that is not a bean, such as
 * {@link ClientHttpRequestFactoryBuilder#httpComponents()}, cannot be replaced. An
 * HttpComponents client that it builds verifies the host name and fails with
 * {@code SSLPeerUnverifiedException}. A Reactor Netty client connects, but may resume a
 * session after the server was revoked or is no longer authorized, and presents the
 * X.509-SVID with which the session began.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { SpireAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class })
@ConditionalOnClass({ ClientHttpRequestFactory.class, ClientHttpRequestFactoryBuilder.class })
@ConditionalOnBean(SpiffeSslBundle.class)
@Import({ HttpComponentsBundleConfiguration.class, ReactorClientBundleConfiguration.class })
public final class HttpClientBundleAutoConfiguration {

	/**
	 * Declare the builder. A reactive web application has no such bean, and
	 * {@code RestClient} would use an equivalent builder that cannot be replaced.
	 */
	@Bean
	@ConditionalOnMissingBean
	ClientHttpRequestFactoryBuilder<?> clientHttpRequestFactoryBuilder(ResourceLoader resourceLoader) {
		return ClientHttpRequestFactoryBuilder.detect(resourceLoader.getClassLoader());
	}

}
