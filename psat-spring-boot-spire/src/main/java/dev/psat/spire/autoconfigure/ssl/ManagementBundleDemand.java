package dev.psat.spire.autoconfigure.ssl;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.autoconfigure.BundleDemand;
import dev.psat.spire.autoconfigure.ssl.internal.ServedBundleRule;
import dev.psat.spire.autoconfigure.ssl.internal.ServerBundleNames;
import dev.psat.spire.autoconfigure.ssl.internal.SvidBundles;
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

/**
 * {@link BundleDemand} for a separate management server, which is only created after the
 * web server has started. It applies to all web servers.
 */
final class ManagementBundleDemand implements BundleDemand {

	private static final String SERVER = "the management server";

	private final ApplicationContext context;

	private final ObjectProvider<ManagementContextFactory> factory;

	private final ObjectProvider<SslBundles> bundles;

	/**
	 * Create the demand.
	 * @param context the context of the application
	 * @param factory creates the context of the server, if there is one
	 * @param bundles all SSL bundles
	 */
	ManagementBundleDemand(ApplicationContext context, ObjectProvider<ManagementContextFactory> factory,
			ObjectProvider<SslBundles> bundles) {
		this.bundles = bundles;
		this.context = context;
		this.factory = factory;
	}

	/**
	 * {@inheritDoc}
	 * @throws PsatStartupException if it could serve nothing, for which nobody should
	 * wait
	 */
	@Override
	public @Nullable String server() {
		Ssl ssl = isExpected() ? ssl() : null;
		if (ssl == null || !Ssl.isEnabled(ssl)) {
			return null;
		}
		SslBundles bundles = this.bundles.getIfUnique();
		ServerBundleNames.in(ssl).forEach((name) -> ServedBundleRule.check(name, bundles, SERVER));
		return ServerBundleNames.in(ssl).anyMatch((name) -> SvidBundles.findSpiffe(bundles, name) != null) ? SERVER
				: null;
	}

	/**
	 * Return whether there will be a separate server. As in Spring Boot, there is none
	 * with a mock environment, or if AOT processing has not found a separate port.
	 */
	private boolean isExpected() {
		Environment environment = this.context.getEnvironment();
		return this.context instanceof WebServerApplicationContext
				&& ManagementPortType.get(environment) == ManagementPortType.DIFFERENT
				&& this.factory.stream().findAny().isPresent();
	}

	/**
	 * Return the SSL properties. If any are set for the management server, they replace
	 * all those of the web server.
	 */
	private @Nullable Ssl ssl() {
		Binder binder = Binder.get(this.context.getEnvironment());
		return binder.bind("management.server.ssl", Ssl.class)
			.orElseGet(() -> binder.bind("server.ssl", Ssl.class).orElse(null));
	}

}
