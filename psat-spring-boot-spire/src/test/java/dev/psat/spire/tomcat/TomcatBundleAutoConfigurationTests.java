package dev.psat.spire.tomcat;

import java.io.File;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfig.CertificateVerification;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizerBeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TomcatBundleAutoConfiguration} and {@link TomcatBundleCustomizer}.
 */
class TomcatBundleAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TomcatBundleAutoConfiguration.class));

	@Test
	void bundleOfTheApplicationIsServedByItsContextWithoutOurOtherAutoConfiguration() {
		this.contextRunner.withUserConfiguration(Server.class)
			.run((context) -> assertThat(host(context.getBean(TomcatServletWebServerFactory.class)))
				.satisfies(TomcatBundleAutoConfigurationTests::servesTheBundle));
	}

	@Test
	void customizerThatReplacesAllOthersDoesNotTakeOursAlong() {
		this.contextRunner.withUserConfiguration(Server.class)
			.withBean(WebServerFactoryCustomizerBeanPostProcessor.class)
			.withBean("replacing", WebServerFactoryCustomizer.class, Replacing::new)
			.run((context) -> {
				assertThat(context.getBean(Replacing.class).called).isTrue();
				assertThat(host(context.getBean(TomcatServletWebServerFactory.class)))
					.satisfies(TomcatBundleAutoConfigurationTests::servesTheBundle);
			});
	}

	@Test
	void otherBundleIsLeftAlone() {
		this.contextRunner.withUserConfiguration(Server.class).run((context) -> {
			TomcatServletWebServerFactory factory = context.getBean(TomcatServletWebServerFactory.class);
			factory.setSsl(Ssl.forBundle("other"));
			assertThat(host(factory)).satisfies((host) -> {
				assertThat(host.getCertificateVerification()).isEqualTo(CertificateVerification.NONE);
				assertThat(host.getCertificates())
					.allSatisfy((certificate) -> assertThat(certificate.getSslContext()).isNull());
			});
		});
	}

	@Test
	void identityBundleOfTheApplicationIsNotServedWithoutOurOtherAutoConfiguration() {
		this.contextRunner.withUserConfiguration(Server.class).run((context) -> {
			TomcatServletWebServerFactory factory = context.getBean(TomcatServletWebServerFactory.class);
			factory.setSsl(Ssl.forBundle("identity"));
			assertThatExceptionOfType(PsatStartupException.class).isThrownBy(() -> host(factory))
				.withMessageStartingWith("The web server is configured with the SSL bundle 'identity'");
		});
	}

	private static void servesTheBundle(SSLHostConfig host) {
		assertThat(host.getCertificateVerification()).isEqualTo(CertificateVerification.REQUIRED);
		assertThat(host.getCertificates()).isNotEmpty()
			.allSatisfy((certificate) -> assertThat(certificate.getSslContext()).isNotNull());
	}

	/**
	 * Return the host that Tomcat has in the end. Its connector is not there until it
	 * starts.
	 */
	private static SSLHostConfig host(TomcatServletWebServerFactory factory) {
		List<SSLHostConfig> hosts = new CopyOnWriteArrayList<>();
		factory.addConnectorCustomizers((connector) -> hosts
			.addAll(List.of(((AbstractHttp11Protocol<?>) connector.getProtocolHandler()).findSslHostConfigs())));
		factory.setBaseDirectory(new File("target", "tomcat"));
		factory.getWebServer().destroy();
		assertThat(hosts).hasSize(1);
		return hosts.get(0);
	}

	@Configuration(proxyBeanMethods = false)
	static class Server {

		@Bean
		DefaultSslBundleRegistry bundles() {
			DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("mine",
					SpiffeSslBundle.of(new TestIdentity()).authorizing((peer) -> false));
			bundles.registerBundle("other", SslBundle.of(SslStoreBundle.NONE));
			bundles.registerBundle("identity", IdentitySslBundle.of(new TestIdentity()));
			return bundles;
		}

		@Bean
		TomcatServletWebServerFactory factory(DefaultSslBundleRegistry bundles) {
			TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
			factory.setSsl(Ssl.forBundle("mine"));
			factory.setSslBundles(bundles);
			return factory;
		}

	}

	private static final class Replacing implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

		private boolean called;

		@Override
		public void customize(TomcatServletWebServerFactory factory) {
			this.called = true;
			factory.setConnectorCustomizers(List.of());
		}

		@Override
		public int getOrder() {
			return LOWEST_PRECEDENCE;
		}

	}

}
