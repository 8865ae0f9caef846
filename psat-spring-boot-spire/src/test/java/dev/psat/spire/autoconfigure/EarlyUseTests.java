package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStateChangedEvent;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.support.RunningThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for beans that use the identity while they are created.
 */
class EarlyUseTests {

	private final SimulatedWorld world = new SimulatedWorld();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				SpireAutoConfiguration.class))
		.withPropertyValues(this.world.properties());

	@AfterEach
	void close() {
		this.world.close();
	}

	@Test
	void beanObtainsAJwtSvidWhileItIsCreated() {
		this.contextRunner.withUserConfiguration(Caller.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Caller.class).subject)
				.isEqualTo(context.getBean(SpireIdentity.class).x509Svid().spiffeId().toString());
		});
	}

	@Test
	void whatHappenedEarlyIsToldOnceTheApplicationStarts() {
		this.contextRunner.withUserConfiguration(Caller.class)
			.run((context) -> await().untilAsserted(() -> assertThat(context.getBean(Caller.class).events).hasSize(1)));
	}

	/**
	 * Both when beans use the identity and when the start waits for it.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "servers", "always" })
	void nothingIsToldBeforeTheApplicationStarts(String waitFor) {
		this.contextRunner.withPropertyValues("spire.svid.wait-for=" + waitFor)
			.withUserConfiguration(Caller.class, Waiting.class)
			.run((context) -> {
				List<Object> told = context.getBean(Caller.class).events;
				await().untilAsserted(() -> assertThat(told).hasSize(2));
				assertThat(told.get(0)).isEqualTo("updated");
				assertThat(told.get(1)).isInstanceOf(SpireStateChangedEvent.class);
			});
	}

	@Test
	void contextThatFailsLeavesNoThreadBehind() {
		this.contextRunner.withUserConfiguration(Caller.class, Failing.class).run((context) -> {
			assertThat(context).hasFailed();
			await().untilAsserted(() -> assertThat(RunningThreads.named("psat-spire")).isEmpty());
		});
	}

	@Test
	void handshakeCreatesNoBean() {
		this.contextRunner.withUserConfiguration(Shaking.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Shaking.class).found).containsExactly("spireSslBundle");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Caller implements InitializingBean {

		final List<Object> events = new CopyOnWriteArrayList<>();

		private final SpireIdentity identity;

		String subject = "";

		Caller(SpireIdentity identity) {
			this.identity = identity;
		}

		@Override
		public void afterPropertiesSet() {
			this.subject = this.identity.jwtSvid("bank").spiffeId().toString();
		}

		@EventListener
		void changed(SpireStateChangedEvent event) {
			this.events.add(event);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Waiting {

		@Bean
		String waiting(Caller caller, SslBundles bundles) {
			bundles.addBundleUpdateHandler("spire", (bundle) -> caller.events.add("updated"));
			await().during(Duration.ofMillis(300)).until(caller.events::isEmpty);
			return caller.subject;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@Bean
		String failing(Caller caller) {
			throw new IllegalStateException("on purpose, after " + caller.subject);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Shaking {

		final List<String> found = new CopyOnWriteArrayList<>();

		Shaking(SpiffeSslBundle bundle, ConfigurableListableBeanFactory factory) {
			bundle.createSslContext().createSSLEngine();
			assertThat(bundle.isEmpty()).isTrue();
			for (String name : List.of("spireIdentity", "spireSslBundle")) {
				if (factory.containsSingleton(name)) {
					this.found.add(name);
				}
			}
		}

	}

}
