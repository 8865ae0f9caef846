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
 * bundle. Those of the JDK and of Jetty take all that is needed from
 * {@link SpiffeSslBundle#createSslContext()}. HttpComponents and Reactor Netty do not:
 * the {@link ClientHttpRequestFactoryBuilder} or {@link ClientHttpConnectorBuilder} bean
 * is therefore replaced by one that builds their clients in another way for a
 * {@link SpiffeSslBundle}, and as ever for everything else. Inject it by its interface,
 * since the type of the library is gone; for want of it, {@code TestRestTemplate} does
 * not apply its {@code HttpClientOption}s.
 * <p>
 * A builder that is no bean, such as
 * {@link ClientHttpRequestFactoryBuilder#httpComponents()}, is out of reach. A client of
 * HttpComponents that it builds looks for the host name and fails with
 * {@code SSLPeerUnverifiedException}. One of Reactor Netty connects, but may resume a
 * session after the server was revoked or is no longer authorized, and shows the server
 * the X.509-SVID of the time when the session began.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { SpireAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class })
@ConditionalOnClass({ ClientHttpRequestFactory.class, ClientHttpRequestFactoryBuilder.class })
@ConditionalOnBean(SpiffeSslBundle.class)
@Import({ HttpComponentsBundleConfiguration.class, ReactorClientBundleConfiguration.class })
public final class HttpClientBundleAutoConfiguration {

	/**
	 * A reactive web application has no such bean, so that {@code RestClient} would use a
	 * builder that is out of reach. This is the same one.
	 */
	@Bean
	@ConditionalOnMissingBean
	ClientHttpRequestFactoryBuilder<?> clientHttpRequestFactoryBuilder(ResourceLoader resourceLoader) {
		return ClientHttpRequestFactoryBuilder.detect(resourceLoader.getClassLoader());
	}

}
