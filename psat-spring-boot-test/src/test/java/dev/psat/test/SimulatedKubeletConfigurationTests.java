package dev.psat.test;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.StaticMessageSource;
import org.springframework.test.context.support.DynamicPropertyRegistrarBeanInitializer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SimulatedKubeletConfiguration}.
 */
class SimulatedKubeletConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner();

	private final ApplicationContextRunner simulated = this.runner
		.withUserConfiguration(SimulatedKubeletConfiguration.class);

	@Test
	void kubeletIsSimulatedForTheWholeOfTheContext() {
		Path[] path = new Path[1];
		this.simulated.run((context) -> {
			SimulatedKubelet kubelet = context.getBean(SimulatedKubelet.class);
			path[0] = kubelet.tokenPath();
			assertThat(kubelet.tokenPath()).hasContent(kubelet.token());
			assertThat(property(context, "token-path")).isEqualTo(kubelet.tokenPath().toString());
		});
		assertThat(path[0].getParent()).doesNotExist();
	}

	@Test
	void kubeletRotatesBySchedule() {
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		this.simulated.run((context) -> assertThat(threadsSince(before)).extracting(Thread::getName)
			.contains("simulated-kubelet"));
		assertThat(threadsSince(before)).extracting(Thread::getName).doesNotContain("simulated-kubelet");
	}

	@Test
	void kubeletIsClosedWhenContextFailsToStart() {
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		this.simulated.withBean("failing", InitializingBean.class, () -> () -> {
			throw new IllegalStateException("Broken");
		}).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(threadsSince(before)).extracting(Thread::getName).doesNotContain("simulated-kubelet");
		});
	}

	@Test
	void kubeletIssuesForConfiguredAudience() {
		this.simulated.withPropertyValues("spire.psat.audience=one,two")
			.run((context) -> assertThat(audience(context)).isEqualTo("[\"one\",\"two\"]"));
		this.simulated.withPropertyValues("spire.psat.audience[0]=one")
			.run((context) -> assertThat(audience(context)).isEqualTo("[\"one\"]"));
		this.simulated.withPropertyValues("spire.psat.audience=")
			.run((context) -> assertThat(audience(context)).isEqualTo("[\"spire-server\"]"));
	}

	@Test
	void tokenPathWinsOverConfiguredOne() {
		this.simulated.withPropertyValues("spire.psat.token-path=/nowhere")
			.run((context) -> assertThat(property(context, "token-path"))
				.isEqualTo(context.getBean(SimulatedKubelet.class).tokenPath().toString()));
	}

	@Test
	void clusterIsSimulatedOnlyWhereNoneIsSet() {
		this.simulated.run((context) -> assertThat(property(context, "cluster")).isEqualTo("simulated"));
		this.simulated.withPropertyValues("spire.psat.cluster=production")
			.run((context) -> assertThat(property(context, "cluster")).isEqualTo("production"));
		this.simulated.withPropertyValues("spire.psat.CLUSTER=relaxed")
			.run((context) -> assertThat(property(context, "cluster")).isEqualTo("relaxed"));
	}

	@Test
	void userKubeletReplacesOursWhenDeclaredBefore() {
		this.runner.withUserConfiguration(UserConfiguration.class, SimulatedKubeletConfiguration.class)
			.run(this::assertUserKubelet);
	}

	@Test
	void userKubeletReplacesOursWhenDeclaredAfter() {
		this.simulated.withUserConfiguration(UserConfiguration.class).run(this::assertUserKubelet);
	}

	@Test
	void userKubeletReplacesOursWhenDeclaredBesideTheImport() {
		this.runner.withUserConfiguration(ImportingUserConfiguration.class).run(this::assertUserKubelet);
	}

	@Test
	void userKubeletReplacesOursWhenAutoConfigured() {
		this.simulated.withConfiguration(AutoConfigurations.of(UserAutoConfiguration.class))
			.run(this::assertUserKubelet);
	}

	@Test
	void userKubeletReplacesOursWhenRegisteredByHand() {
		this.simulated.withBean("userKubelet", SimulatedKubelet.class, () -> kubelet("user"))
			.run(this::assertUserKubelet);
	}

	@Test
	void userKubeletForAnotherTokenLeavesOurs() {
		this.simulated.withUserConfiguration(SecondTokenConfiguration.class).run((context) -> {
			SimulatedKubelet ours = context.getBean("simulatedKubelet", SimulatedKubelet.class);
			assertThat(context.getBean(SimulatedKubelet.class)).isSameAs(ours);
			assertThat(property(context, "token-path")).isEqualTo(ours.tokenPath().toString());
		});
	}

	@Test
	void applicationMainRunsOnSimulatedKubelet() {
		SpringApplication.Running running = SpringApplication.from(Application::main)
			.with(SimulatedKubeletConfiguration.class)
			.run("--spire.psat.token-path=/nowhere");
		try (ConfigurableApplicationContext context = running.getApplicationContext()) {
			SimulatedKubelet kubelet = context.getBean(SimulatedKubelet.class);
			assertThat(context.getBean(TokenPathUser.class).tokenPath()).isEqualTo(kubelet.tokenPath().toString());
			assertThat(context.getEnvironment().getProperty("spire.psat.cluster")).isEqualTo("simulated");
		}
	}

	@Test
	void applicationMainKeepsItsCluster() {
		SpringApplication.Running running = SpringApplication.from(Application::main)
			.with(SimulatedKubeletConfiguration.class, UserConfiguration.class)
			.run("--spire.psat.cluster=production");
		try (ConfigurableApplicationContext context = running.getApplicationContext()) {
			assertThat(context.getBeanNamesForType(SimulatedKubelet.class)).containsExactly("userKubelet");
			assertThat(context.getEnvironment().getProperty("spire.psat.cluster")).isEqualTo("production");
		}
	}

	@Test
	void propertiesAreSetWhenInitializationIsLazy() {
		SpringApplication.Running running = SpringApplication.from(Application::main)
			.with(SimulatedKubeletConfiguration.class)
			.run("--spring.main.lazy-initialization=true");
		try (ConfigurableApplicationContext context = running.getApplicationContext()) {
			assertThat(Path.of(context.getBean(TokenPathUser.class).tokenPath())).isRegularFile();
		}
	}

	@Test
	void propertiesAreSetForWhoeverReadsThemBeforeOrdinaryBeansAreMade() {
		this.simulated.withUserConfiguration(EarlyReader.class)
			.run((context) -> assertThat(context.getBean(EarlyReader.Properties.class).tokenPath())
				.isEqualTo(context.getBean(SimulatedKubelet.class).tokenPath()));
	}

	@Test
	void initializerOfTheUserReplacesOurs() {
		this.simulated
			.withBean("theirs", DynamicPropertyRegistrarBeanInitializer.class,
					DynamicPropertyRegistrarBeanInitializer::new)
			.run((context) -> {
				assertThat(context.getBeanNamesForType(DynamicPropertyRegistrarBeanInitializer.class))
					.containsExactly("theirs");
				assertThat(property(context, "cluster")).isEqualTo("simulated");
			});
	}

	private void assertUserKubelet(AssertableApplicationContext context) {
		assertThat(context.getBeanNamesForType(SimulatedKubelet.class)).containsExactly("userKubelet");
		assertThat(property(context, "token-path")).endsWith("user")
			.isEqualTo(context.getBean(SimulatedKubelet.class).tokenPath().toString());
	}

	private static Set<Thread> threadsSince(Set<Thread> before) {
		Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
		threads.removeAll(before);
		return threads;
	}

	private static String property(AssertableApplicationContext context, String name) {
		return context.getEnvironment().getRequiredProperty("spire.psat." + name);
	}

	private static String audience(AssertableApplicationContext context) {
		return Tokens.claims(context.getBean(SimulatedKubelet.class).token()).get("aud").toString();
	}

	private static SimulatedKubelet kubelet(String itemPath) {
		return SimulatedKubelet.builder().itemPath(itemPath).build();
	}

	/**
	 * A message source is made as early as a web server.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(EarlyReader.Properties.class)
	static class EarlyReader {

		@Bean
		MessageSource messageSource(Properties properties) {
			return new StaticMessageSource();
		}

		@ConfigurationProperties("spire.psat")
		record Properties(Path tokenPath) {

		}

	}

	record TokenPathUser(String tokenPath) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		static void main(String[] args) {
			SpringApplication.run(Application.class, args);
		}

		@Bean
		TokenPathUser tokenPathUser(@Value("${spire.psat.token-path}") String tokenPath) {
			return new TokenPathUser(tokenPath);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UserConfiguration {

		@Bean
		SimulatedKubelet userKubelet() {
			return kubelet("user");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(SimulatedKubeletConfiguration.class)
	static class ImportingUserConfiguration {

		@Bean
		SimulatedKubelet userKubelet() {
			return kubelet("user");
		}

	}

	@AutoConfiguration
	static class UserAutoConfiguration {

		@Bean
		SimulatedKubelet userKubelet() {
			return kubelet("user");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SecondTokenConfiguration {

		@Bean(defaultCandidate = false)
		SimulatedKubelet vaultKubelet() {
			return kubelet("vault");
		}

	}

}
