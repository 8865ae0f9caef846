package dev.psat.spire.autoconfigure;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.internal.EngineHandshake;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.beans.factory.config.Scope;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.ScopedProxyMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for identities of an application that are behind a proxy, which need not have the
 * key itself.
 */
class ProxiedIdentityTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				SpireAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
				"spire.server.address=spire-server:8081", "spire.server.trust-domain=example.org",
				"spire.server.trust-bundle=/no/such/bundle", "spire.bundle.authorize-any-client=true",
				"spire.bundle.authorize-any-server=true");

	@ParameterizedTest
	@ValueSource(classes = { ByInterfaces.class, ByClass.class })
	void identityWithAdviceIsServed(Class<?> configuration) {
		this.contextRunner.withUserConfiguration(configuration).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(AopUtils.isAopProxy(context.getBean(SpireIdentity.class))).isTrue();
			assertThatIsServed(context, "spireSslBundle");
		});
	}

	/**
	 * As Spring Boot advises by default. The class of ours cannot be extended.
	 */
	@Test
	void identityOfOursTakesAdviceByClass() {
		this.contextRunner.withUserConfiguration(OursByClass.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(AopUtils.isJdkDynamicProxy(context.getBean(SpireIdentity.class))).isTrue();
			assertThat(context.getBean(SpireIdentity.class)).isInstanceOf(TlsIdentity.class);
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { ScopedByInterface.class, ScopedByClassOfTheInterface.class, ScopedByClass.class,
			ScopedWithAdvice.class })
	void identityOfAScopeIsServedAsItIsAtTheMoment(Class<?> configuration) {
		this.contextRunner.withUserConfiguration(configuration).run((context) -> {
			assertThat(context).hasNotFailed();
			SpireIdentity identity = context.getBean(SpireIdentity.class);
			assertThatIsServed(context, "spireSslBundle");
			Object before = identity.x509Svid();
			context.getBean(RefreshableScope.class).refresh();
			assertThat(identity.x509Svid()).isNotEqualTo(before);
			assertThatIsServed(context, "spireSslBundle");
		});
	}

	@Test
	void identityWhoseScopeIsOverServesNobody() {
		this.contextRunner.withUserConfiguration(ScopedByInterface.class).run((context) -> {
			SpiffeSslBundle bundle = context.getBean(SpiffeSslBundle.class);
			assertThat(bundle.isEmpty()).isFalse();
			context.getBean(RefreshableScope.class).end();
			assertThat(bundle.isEmpty()).isTrue();
			SSLContext tls = bundle.createSslContext();
			assertThatExceptionOfType(SSLException.class)
				.isThrownBy(() -> EngineHandshake.begin(tls, tls, "TLSv1.3").end());
		});
	}

	@Test
	void identityThatIsInjectedLazilyIsServed() {
		this.contextRunner.withUserConfiguration(ByLazyInjection.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThatIsServed(context, "lazy");
		});
	}

	private static void assertThatIsServed(ApplicationContext context, String bundle) throws Exception {
		SSLContext tls = context.getBean(bundle, SpiffeSslBundle.class).createSslContext();
		EngineHandshake handshake = EngineHandshake.begin(tls, tls, "TLSv1.3").end();
		assertThat(handshake.client().getSession().getPeerCertificates())
			.containsExactlyElementsOf(context.getBean(SpireIdentity.class).x509Svid().chain());
	}

	private static KeyedIdentity keyed() {
		KeyedIdentity identity = new KeyedIdentity();
		identity.rotate();
		return identity;
	}

	private static BeanNameAutoProxyCreator advising(String bean, boolean byClass) {
		BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
		creator.setBeanNames(bean);
		creator.setInterceptorNames("advice");
		creator.setProxyTargetClass(byClass);
		return creator;
	}

	@Configuration(proxyBeanMethods = false)
	static class ByInterfaces {

		@Bean
		static BeanNameAutoProxyCreator proxies() {
			return advising("identity", false);
		}

		@Bean
		MethodInterceptor advice() {
			return (call) -> call.proceed();
		}

		@Bean
		SpireIdentity identity() {
			return keyed();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ByClass extends ByInterfaces {

		@Bean
		static BeanNameAutoProxyCreator proxies() {
			return advising("identity", true);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OursByClass {

		@Bean
		static BeanNameAutoProxyCreator proxies() {
			return advising("spireIdentity", true);
		}

		@Bean
		MethodInterceptor advice() {
			return (call) -> call.proceed();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ByLazyInjection {

		@Bean
		SpireIdentity identity() {
			return keyed();
		}

		@Bean(defaultCandidate = false)
		@Qualifier("lazy")
		SpiffeSslBundle lazy(@Lazy SpireIdentity identity) {
			return SpiffeSslBundle.of(identity).authorizing((peer) -> true);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Scopes {

		@Bean
		static RefreshableScope refreshableScope() {
			return new RefreshableScope();
		}

		@Bean
		static CustomScopeConfigurer scopes(RefreshableScope scope) {
			CustomScopeConfigurer configurer = new CustomScopeConfigurer();
			configurer.addScope("refresh", scope);
			return configurer;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedByInterface extends Scopes {

		@Bean
		@org.springframework.context.annotation.Scope(scopeName = "refresh", proxyMode = ScopedProxyMode.INTERFACES)
		SpireIdentity identity() {
			return keyed();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedByClassOfTheInterface extends Scopes {

		@Bean
		@org.springframework.context.annotation.Scope(scopeName = "refresh", proxyMode = ScopedProxyMode.TARGET_CLASS)
		SpireIdentity identity() {
			return keyed();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedByClass extends Scopes {

		@Bean
		@org.springframework.context.annotation.Scope(scopeName = "refresh", proxyMode = ScopedProxyMode.TARGET_CLASS)
		KeyedIdentity identity() {
			return keyed();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedWithAdvice extends ScopedByInterface {

		@Bean
		static BeanNameAutoProxyCreator proxies() {
			return advising("scopedTarget.identity", false);
		}

		@Bean
		MethodInterceptor advice() {
			return (call) -> call.proceed();
		}

	}

	/**
	 * A scope whose beans are created anew after each refresh, and that ends.
	 */
	static final class RefreshableScope implements Scope {

		private final Map<String, Object> beans = new ConcurrentHashMap<>();

		private volatile boolean over;

		void refresh() {
			this.beans.clear();
		}

		void end() {
			this.over = true;
		}

		@Override
		public Object get(String name, ObjectFactory<?> factory) {
			if (this.over) {
				throw new IllegalStateException("The scope is over");
			}
			return this.beans.computeIfAbsent(name, (absent) -> factory.getObject());
		}

		@Override
		public @Nullable Object remove(String name) {
			return this.beans.remove(name);
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
		}

	}

}
