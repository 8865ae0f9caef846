package dev.psat.spire.autoconfigure.ssl;

import java.util.Map;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.autoconfigure.internal.BundleServers;
import dev.psat.spire.autoconfigure.internal.ServedBundles;
import dev.psat.spire.autoconfigure.internal.SvidBundles;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.context.annotation.Bean;

/**
 * Fails the start if a factory that this version does not know would serve an SSL bundle
 * of the identity, which Spring Boot's customizers have told it by now.
 */
final class UnknownWebServerCheck implements BundleServers.PostProcessor {

	/** The auto-configurations by the factories whose servers they customize. */
	static final Map<String, String> KNOWN = Map.of("org.springframework.boot.tomcat.TomcatWebServerFactory",
			"dev.psat.spire.tomcat.TomcatBundleAutoConfiguration",
			"org.springframework.boot.jetty.JettyWebServerFactory", "dev.psat.spire.jetty.JettyBundleAutoConfiguration",
			"org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory",
			"dev.psat.spire.reactor.ReactorNettyBundleAutoConfiguration");

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AbstractConfigurableWebServerFactory factory) {
			check(factory);
		}
		return bean;
	}

	static @Nullable String autoConfiguration(AbstractConfigurableWebServerFactory factory) {
		String known = null;
		for (Class<?> each = factory.getClass(); each != null && known == null; each = each.getSuperclass()) {
			known = KNOWN.get(each.getName());
		}
		return known;
	}

	static void check(AbstractConfigurableWebServerFactory factory) {
		// the SSL of one that is known must not be read yet
		if (autoConfiguration(factory) == null) {
			ServedBundles.names(factory.getSsl())
				.filter((name) -> SvidBundles.find(factory.getSslBundles(), name) != null)
				.findFirst()
				.ifPresent((name) -> {
					throw refusal(factory.getClass().getName(), name);
				});
		}
	}

	private static PsatStartupException refusal(String factory, String bundle) {
		String problem = "The web server of '%s' has the SSL bundle '%s' of the SPIRE identity".formatted(factory,
				bundle);
		if (factory.startsWith("org.springframework.boot.")) {
			return BundleProperties.refusal(problem, "its connections");
		}
		return new PsatStartupException(
				problem + ", but this server is not one of Spring Boot, and is not known here: "
						+ "nothing would look after its connections.",
				"Use Tomcat, Jetty or Reactor Netty as Spring Boot configures them. Or use another SSL bundle there.");
	}

	/**
	 * For a management server, which is out of reach of the application's
	 * post-processors.
	 */
	@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
	@ConditionalOnClass(AbstractConfigurableWebServerFactory.class)
	static final class ManagementConfiguration {

		@Bean
		static UnknownWebServerCheck spireUnknownManagementServerCheck() {
			return new UnknownWebServerCheck();
		}

	}

}
