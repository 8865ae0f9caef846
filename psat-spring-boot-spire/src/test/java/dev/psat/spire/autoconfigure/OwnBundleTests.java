package dev.psat.spire.autoconfigure;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.target.SingletonTargetSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link OwnBundle}.
 */
@ExtendWith(OutputCaptureExtension.class)
class OwnBundleTests {

	private static final String[] PROPERTIES = { "spire.psat.cluster=demo-cluster",
			"spire.psat.token-path=/no/such/token", "spire.server.address=spire-server:8081",
			"spire.server.trust-domain=example.org", "spire.server.trust-bundle=/no/such/bundle" };

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				SpireAutoConfiguration.class))
		.withPropertyValues(PROPERTIES);

	private final ApplicationContextRunner withIdentity = this.contextRunner.withBean(SpireIdentity.class,
			TestIdentity::new);

	private final OwnBundle own = new OwnBundle("spire", PeerLists.refusing("is refused"), SslOptions.NONE, false);

	private final KeyedIdentity identity = new KeyedIdentity();

	@Test
	void thereIsNoIdentityUntilOneIsPresented() {
		this.identity.rotate();
		assertThat(this.own.bundle().isEmpty()).isTrue();
		this.own.present(this.identity);
		assertThat(this.own.bundle().isEmpty()).isFalse();
	}

	@Test
	void identityOfAChildContextDoesNotReplaceThatOfItsParent() {
		this.own.present(this.identity);
		KeyedIdentity childs = new KeyedIdentity();
		childs.rotate();
		this.own.present(childs);
		assertThat(this.own.bundle().isEmpty()).isTrue();
	}

	@Test
	void identityBehindAProxyIsTheOneThatHasTheKey() {
		this.identity.rotate();
		this.own.present(ProxyFactory.getProxy(SpireIdentity.class, new SingletonTargetSource(this.identity)));
		assertThat(this.own.bundle().isEmpty()).isFalse();
	}

	@Test
	void beanIsTheInstanceOfTheRegistryUnderItsName() {
		this.withIdentity.run((context) -> assertThat(context.getBean(SslBundles.class).getBundle("spire"))
			.isSameAs(context.getBean(SpiffeSslBundle.class)));
		this.withIdentity.withPropertyValues("spire.bundle.name=mine")
			.run((context) -> assertThat(context.getBean(SslBundles.class).getBundleNames()).containsExactly("mine"));
	}

	@Test
	void bundleOfTheApplicationBesideItStays() {
		this.withIdentity.withPropertyValues("spring.ssl.bundle.pem.web.key.alias=web")
			.run((context) -> assertThat(context.getBean(SslBundles.class).getBundleNames())
				.containsExactlyInAnyOrder("spire", "web"));
	}

	@Test
	void nameThatIsTakenStopsTheStartWithAWayOut(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> application.run(arguments()));
		assertThat(output).contains("APPLICATION FAILED TO START", "The property 'spire.bundle.name'",
				"The application already has an SSL bundle of this name.",
				"Set it to another name, or rename the bundle of the application.");
	}

	@Test
	void registrarMayBeWrapped() {
		this.withIdentity.withUserConfiguration(WrappedRegistrars.class)
			.run((context) -> assertThat(context.getBean(SslBundles.class).getBundle("spire"))
				.isSameAs(context.getBean(SpiffeSslBundle.class)));
	}

	/**
	 * As one does that calls its authorization by an HTTP client, which asks for them.
	 */
	@Test
	void attestorOfTheApplicationMayNeedAllBundles() {
		this.contextRunner.withUserConfiguration(AttestorOverHttp.class)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(SpireIdentity.class));
	}

	private static String[] arguments() {
		String[] arguments = new String[PROPERTIES.length + 1];
		for (int i = 0; i < PROPERTIES.length; i++) {
			arguments[i] = "--" + PROPERTIES[i];
		}
		arguments[PROPERTIES.length] = "--spring.ssl.bundle.pem.spire.key.alias=taken";
		return arguments;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, PsatAutoConfiguration.class, SpireAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class WrappedRegistrars {

		@Bean
		static BeanPostProcessor wrapping() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					return (bean instanceof SslBundleRegistrar registrar) ? wrapped(registrar) : bean;
				}

			};
		}

		private static SslBundleRegistrar wrapped(SslBundleRegistrar registrar) {
			return registrar::registerBundles;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AttestorOverHttp {

		@Bean
		PsatAttestor attestor(SslBundles bundles) {
			assertThat(bundles.getBundle("spire").getStores().getTrustStore()).isNotNull();
			return () -> {
				throw new IllegalStateException("on purpose");
			};
		}

	}

}
