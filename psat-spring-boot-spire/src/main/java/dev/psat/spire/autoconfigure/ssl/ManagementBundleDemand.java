package dev.psat.spire.autoconfigure.ssl;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;

import dev.psat.spire.autoconfigure.BundleDemand;

/**
 * Tells of the server of a management port of its own, which is made only when the web
 * server has started. That is the same for all servers.
 */
final class ManagementBundleDemand implements BundleDemand {

	private final ApplicationContext context;

	private final ObjectProvider<ManagementContextFactory> factory;

	private final ObjectProvider<SslBundles> bundles;

	/**
	 * Create the demand.
	 * @param context the context of the application
	 * @param factory makes the context of the server, where there will be one
	 * @param bundles all SSL bundles
	 */
	ManagementBundleDemand(ApplicationContext context, ObjectProvider<ManagementContextFactory> factory,
			ObjectProvider<SslBundles> bundles) {
		this.bundles = bundles;
		this.context = context;
		this.factory = factory;
	}

	@Override
	public @Nullable String server() {
		return (isExpected() && isServedBy(ssl())) ? "the management server" : null;
	}

	/**
	 * As Spring Boot has it: not with a mock environment, nor where AOT processing has
	 * found no port of its own.
	 */
	private boolean isExpected() {
		Environment environment = this.context.getEnvironment();
		return this.context instanceof WebServerApplicationContext
				&& ManagementPortType.get(environment) == ManagementPortType.DIFFERENT
				&& this.factory.stream().findAny().isPresent();
	}

	/**
	 * Any property of its own takes the place of all those of the web server.
	 */
	private @Nullable Ssl ssl() {
		Binder binder = Binder.get(this.context.getEnvironment());
		return binder.bind("management.server.ssl", Ssl.class)
			.orElseGet(() -> binder.bind("server.ssl", Ssl.class).orElse(null));
	}

	private boolean isServedBy(@Nullable Ssl ssl) {
		return ssl != null && Ssl.isEnabled(ssl) && (isOurs(ssl.getBundle())
				|| ssl.getServerNameBundles().stream().anyMatch((named) -> isOurs(named.bundle())));
	}

	private boolean isOurs(@Nullable String name) {
		return SpiffeBundles.find(this.bundles.getIfUnique(), name) != null;
	}

}
