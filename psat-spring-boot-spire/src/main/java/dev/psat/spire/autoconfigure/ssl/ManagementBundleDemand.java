package dev.psat.spire.autoconfigure.ssl;

import dev.psat.spire.autoconfigure.internal.ServedBundles;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * A separate management server, which is only created after the web server has started.
 */
final class ManagementBundleDemand {

	private static final String SERVER = "the management server";

	private static final String ACTUATOR = "org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextFactory";

	private ManagementBundleDemand() {
	}

	/**
	 * {@code null} if none will serve an SSL bundle of the identity.
	 */
	static @Nullable String server(ApplicationContext context, @Nullable SslBundles bundles) {
		Ssl ssl = isExpected(context) ? ssl(context.getEnvironment()) : null;
		return ServedBundles.check(ssl, bundles, SERVER) ? SERVER : null;
	}

	/**
	 * As Spring Boot decides it: not with a mock environment, nor if AOT saw no other
	 * port.
	 */
	private static boolean isExpected(ApplicationContext context) {
		return context instanceof WebServerApplicationContext
				&& ClassUtils.isPresent(ACTUATOR, context.getClassLoader())
				&& ManagementPortType.get(context.getEnvironment()) == ManagementPortType.DIFFERENT
				&& context.getBeanProvider(ManagementContextFactory.class).stream().findAny().isPresent();
	}

	/** Any property of the management server replaces all those of the web server. */
	private static @Nullable Ssl ssl(Environment environment) {
		Binder binder = Binder.get(environment);
		return binder.bind("management.server.ssl", Ssl.class)
			.orElseGet(() -> binder.bind("server.ssl", Ssl.class).orElse(null));
	}

}
