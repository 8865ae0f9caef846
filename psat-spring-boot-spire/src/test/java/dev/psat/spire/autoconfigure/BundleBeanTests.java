package dev.psat.spire.autoconfigure;

import java.util.function.Supplier;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.authorization.internal.AuthorizedPeers;
import dev.psat.spire.autoconfigure.internal.BundleServers;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for applications that declare an SSL bundle of the identity as a bean, or one of
 * the same name.
 */
@ExtendWith(OutputCaptureExtension.class)
class BundleBeanTests {

	private static final String[] PROPERTIES = { "spire.psat.cluster=demo-cluster",
			"spire.psat.token-path=/no/such/token", "spire.server.address=spire-server:8081",
			"spire.server.trust-domain=example.org", "spire.server.trust-bundle=/no/such/bundle" };

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				SpireAutoConfiguration.class))
		.withPropertyValues(PROPERTIES)
		.withBean(SpireIdentity.class, TestIdentity::new);

	@Test
	void beanThatWouldReplaceTheBundleStopsTheStartWithAWayOut(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class, Sole.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		String[] arguments = new String[PROPERTIES.length];
		for (int i = 0; i < arguments.length; i++) {
			arguments[i] = "--" + PROPERTIES[i];
		}
		assertThatException().isThrownBy(() -> application.run(arguments));
		assertThat(output).contains("APPLICATION FAILED TO START",
				"The bean 'anyServer' would take the place of the SSL bundle 'spire' wherever a SpiffeSslBundle is injected",
				"Declare it with '@Bean(defaultCandidate = false)'");
	}

	@ParameterizedTest
	@ValueSource(classes = { Sole.class, AsPrimary.class, AsFallback.class, OfTheBundle.class, Injecting.class })
	void beanThatCouldBeInjectedByTypeStopsTheStart(Class<?> configuration) {
		this.contextRunner.withUserConfiguration(configuration)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageContaining("anyServer"));
	}

	@Test
	void beanThatIsNoDefaultCandidateStaysBesideTheBundle() {
		this.contextRunner.withUserConfiguration(Qualified.class).run((context) -> {
			assertThat(context).hasNotFailed();
			Object ours = context.getBean(SslBundles.class).getBundle("spire");
			assertThat(context.getBean("spireSslBundle")).isSameAs(ours);
			assertThat(context.getBean("anyServer")).isNotSameAs(ours);
			assertThat(context.getBean(Injected.class).byType()).isSameAs(ours);
			assertThat(context.getBean(Injected.class).byQualifier()).isSameAs(context.getBean("anyServer"));
		});
	}

	@Test
	void beanThatIsTheBundleItselfStays() {
		this.contextRunner.withUserConfiguration(Alias.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void beanOfTheSameNameStopsTheStart() {
		this.contextRunner.withAllowBeanDefinitionOverriding(true)
			.withBean("spireSslBundle", SpiffeSslBundle.class, () -> SpiffeSslBundle.of(new TestIdentity()))
			.run((context) -> assertThat(context).getFailure().rootCause().isInstanceOf(PsatStartupException.class));
	}

	@Test
	void beanOfParentContextStopsTheStart() {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext()) {
			parent.registerBean("anyServer", SpiffeSslBundle.class, () -> SpiffeSslBundle.of(new TestIdentity()));
			parent.refresh();
			this.contextRunner.withParent(parent)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(PsatStartupException.class));
		}
	}

	@Test
	void childOfAnApplicationHasItsBundle() {
		this.contextRunner.run((parent) -> this.contextRunner.withParent(parent)
			.run((context) -> assertThat(context.getBean(SpiffeSslBundle.class))
				.isSameAs(parent.getBean(SpiffeSslBundle.class))));
	}

	@Test
	void registryWithAnotherBundleOfTheNameStopsTheStart() {
		this.contextRunner
			.withBean(DefaultSslBundleRegistry.class,
					() -> new DefaultSslBundleRegistry("spire", SpiffeSslBundle.of(new TestIdentity())))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageContaining("has another SSL bundle named 'spire'"));
	}

	@Test
	void registrarThatUpdatesTheBundleStopsTheStart() {
		this.contextRunner
			.withBean(SslBundleRegistrar.class,
					() -> (registry) -> ((SslBundleRegistry) registry).updateBundle("spire",
							SpiffeSslBundle.of(new TestIdentity())))
			.run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void bundleUnderAnotherNameStays() {
		this.contextRunner.withUserConfiguration(Registered.class)
			.run((context) -> assertThat(context.getBean(SslBundles.class).getBundle("any"))
				.isInstanceOf(SpiffeSslBundle.class)
				.isNotSameAs(context.getBean(SpiffeSslBundle.class)));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					spiffe://example.org/a |               | 'spire.bundle.authorized-clients'
					spiffe://example.org/a | /no/such/list | 'spire.bundle.authorized-clients' or the file of 'spire.bundle.authorized-clients-file'
					                       | /no/such/list | the file of 'spire.bundle.authorized-clients-file'
					""")
	void listWithoutEffectOnAServerIsTold(@Nullable String listed, @Nullable String file, String names,
			CapturedOutput output) {
		SpiffeSslBundle bundle = SpiffeSslBundle.of(new TestIdentity());
		SpiffeSslBundle other = bundle.authorizing((peer) -> true);
		String warning = "The web server serves an SSL bundle with a policy of its own, so %s has no effect on it"
			.formatted(names);
		new BundleServers(bundle, clients(listed, file, false), null).add("the web server", bundle);
		new BundleServers(bundle, clients(null, null, false), null).add("the web server", other);
		new BundleServers(bundle, null, null).add("the web server", other);
		assertThat(output).doesNotContain("has no effect");
		new BundleServers(bundle, clients(listed, file, true), null).add("the web server", other);
		assertThat(output).containsOnlyOnce(warning);
	}

	@Test
	void policyBeanWithoutEffectOnAServerIsTold(CapturedOutput output) {
		SpiffeSslBundle bundle = SpiffeSslBundle.of(new TestIdentity());
		BundleServers servers = new BundleServers(bundle, null, "callers");
		servers.add("the web server", bundle);
		assertThat(output).doesNotContain("has no effect");
		servers.add("the web server", bundle.authorizing((peer) -> true));
		assertThat(output).containsOnlyOnce(
				"The web server serves an SSL bundle with a policy of its own, so the PeerPolicy bean 'callers' has no effect on it");
	}

	@Test
	void serverThatLetsInNobodyIsTold(CapturedOutput output) {
		SpiffeSslBundle bundle = SpiffeSslBundle.of(new TestIdentity());
		String warning = "The web server lets in no client with a certificate, since "
				+ "'spire.bundle.authorized-clients' is empty";
		new BundleServers(bundle, clients(null, null, true), null).add("the web server", bundle);
		new BundleServers(bundle, clients("spiffe://example.org/a", null, false), null).add("the web server", bundle);
		new BundleServers(bundle, clients(null, null, false), null).add("the web server",
				bundle.authorizing((peer) -> true));
		assertThat(output).doesNotContain("lets in no client");
		new BundleServers(bundle, clients(null, null, false), null).add("the web server", bundle);
		assertThat(output).containsOnlyOnce(warning);
		new BundleServers(bundle, clients(null, "/no/such/list", false), null).add("the web server", bundle);
		assertThat(output)
			.containsOnlyOnce(warning + ", and at present so is what 'spire.bundle.authorized-clients-file' provides");
	}

	private static @Nullable AuthorizedPeers clients(@Nullable String listed, @Nullable String file, boolean any) {
		SpireProperties properties = new SpireProperties();
		properties.getBundle().setAuthorizeAnyClient(any);
		properties.getBundle().setAuthorizedClientsFile(file);
		if (listed != null) {
			properties.getBundle().getAuthorizedClients().add(listed);
		}
		return SpirePropertyRules.peers(properties, properties.getServer().getTrustDomain()).clients();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, PsatAutoConfiguration.class, SpireAutoConfiguration.class })
	static class Application {

		@Bean
		SpireIdentity identity() {
			return new TestIdentity();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Sole {

		@Bean
		SpiffeSslBundle anyServer(SpireIdentity identity) {
			return SpiffeSslBundle.of(identity).authorizing((peer) -> true);
		}

	}

	/**
	 * As an application declares it that has read how to create one.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OfTheBundle {

		@Bean
		SpiffeSslBundle anyServer(SpiffeSslBundle bundle) {
			return bundle.authorizing((peer) -> true);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(OfTheBundle.class)
	static class Injecting {

		@Bean
		Supplier<SpiffeSslBundle> client(SpiffeSslBundle injected) {
			return () -> injected;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AsPrimary {

		@Bean
		@Primary
		SpiffeSslBundle anyServer(SpireIdentity identity) {
			return SpiffeSslBundle.of(identity);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AsFallback {

		@Bean
		@Fallback
		SpiffeSslBundle anyServer(SpireIdentity identity) {
			return SpiffeSslBundle.of(identity);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Qualified {

		@Bean(defaultCandidate = false)
		@Qualifier("anyServer")
		SpiffeSslBundle anyServer(SpireIdentity identity) {
			return SpiffeSslBundle.of(identity);
		}

		@Bean
		Injected injected(SpiffeSslBundle byType, @Qualifier("anyServer") SpiffeSslBundle byQualifier) {
			return new Injected(byType, byQualifier);
		}

	}

	record Injected(SpiffeSslBundle byType, SpiffeSslBundle byQualifier) {

	}

	@Configuration(proxyBeanMethods = false)
	static class Alias {

		@Bean
		SpiffeSslBundle again(SslBundles bundles) {
			return (SpiffeSslBundle) bundles.getBundle("spire");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Registered {

		@Bean
		SslBundleRegistrar any(SpiffeSslBundle bundle) {
			return (registry) -> registry.registerBundle("any", bundle.authorizing((peer) -> true));
		}

	}

}
