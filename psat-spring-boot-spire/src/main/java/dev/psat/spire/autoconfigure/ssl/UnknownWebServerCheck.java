package dev.psat.spire.autoconfigure.ssl;

import java.util.Set;

import dev.psat.spire.autoconfigure.ssl.internal.ServerBundleNames;
import dev.psat.spire.autoconfigure.ssl.internal.ServerPostProcessor;
import dev.psat.spire.autoconfigure.ssl.internal.SvidBundles;

import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;

/**
 * Fails the start if a factory that is none of those that this version knows would serve
 * an SSL bundle of the identity, since nothing would customize its server. The
 * customizers of Spring Boot have already told it which bundle that is.
 */
final class UnknownWebServerCheck implements ServerPostProcessor {

	private static final Set<String> KNOWN = Set.of("org.springframework.boot.tomcat.TomcatWebServerFactory",
			"org.springframework.boot.jetty.JettyWebServerFactory",
			"org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory");

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AbstractConfigurableWebServerFactory factory) {
			check(factory);
		}
		return bean;
	}

	private static boolean isKnown(Class<?> type) {
		for (Class<?> each = type; each != null; each = each.getSuperclass()) {
			if (KNOWN.contains(each.getName())) {
				return true;
			}
		}
		return false;
	}

	static void check(AbstractConfigurableWebServerFactory factory) {
		// the SSL of one that is known must not be read yet
		Ssl ssl = isKnown(factory.getClass()) ? null : factory.getSsl();
		if (ssl == null || !Ssl.isEnabled(ssl)) {
			return;
		}
		ServerBundleNames.in(ssl)
			.filter((name) -> SvidBundles.find(factory.getSslBundles(), name) != null)
			.findFirst()
			.ifPresent((name) -> {
				throw BundleProperties.refusal("The web server of '%s' has the SSL bundle '%s' of the SPIRE identity"
					.formatted(factory.getClass().getName(), name), "its connections");
			});
	}

}
