package dev.psat.spire.autoconfigure.ssl;

import java.util.Collection;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.autoconfigure.internal.BundleServers;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.autoconfigure.ssl.internal.ServedBundleRule;
import dev.psat.spire.autoconfigure.ssl.internal.ServerBundleNames;
import dev.psat.spire.autoconfigure.ssl.internal.ServerPostProcessor;
import dev.psat.spire.autoconfigure.ssl.internal.SvidBundles;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * Looks after servers that no customizer of ours may have seen. It refuses factories that
 * nothing here knows, and stops each server, also of a child context, that has the SSL
 * bundle without its context. Such a server has not let in anybody unchecked, since the
 * bundle has no key for it, but nothing else would tell why.
 */
final class WebServerStartCheck
		implements ServerPostProcessor, ApplicationListener<WebServerInitializedEvent>, BundleServers.Demand {

	private final ApplicationContext context;

	private final ObjectProvider<SpireWiring> wiring;

	private final ObjectProvider<SslBundles> bundles;

	WebServerStartCheck(ApplicationContext context, ObjectProvider<SpireWiring> wiring,
			ObjectProvider<SslBundles> bundles) {
		this.context = context;
		this.wiring = wiring;
		this.bundles = bundles;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AbstractConfigurableWebServerFactory factory) {
			UnknownWebServerCheck.check(factory);
		}
		return bean;
	}

	@Override
	public @Nullable String server() {
		return ManagementBundleDemand.server(this.context, this.bundles.getIfUnique());
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		this.wiring.ifAvailable((wiring) -> {
			wiring.servers().check();
			try {
				factories(event.getApplicationContext())
					.forEach((factory) -> check(factory, event.getApplicationContext(), wiring.servers()));
			}
			catch (PsatStartupException ex) {
				event.getWebServer().stop();
				throw ex;
			}
		});
	}

	private static Collection<AbstractConfigurableWebServerFactory> factories(ApplicationContext context) {
		return context.getBeansOfType(AbstractConfigurableWebServerFactory.class, true, false).values();
	}

	private static void check(AbstractConfigurableWebServerFactory factory, ApplicationContext context,
			BundleServers servers) {
		Ssl ssl = factory.getSsl();
		if (ssl != null && Ssl.isEnabled(ssl) && !servers.isSecured(factory)) {
			UnknownWebServerCheck.check(factory);
			SslBundles bundles = factory.getSslBundles();
			ServerBundleNames.in(ssl)
				.forEach((name) -> ServedBundleRule.check(name, bundles,
						"the web server of the context '%s'".formatted(context.getId())));
			if (ServerBundleNames.in(ssl).anyMatch((name) -> SvidBundles.findSpiffe(bundles, name) != null)) {
				throw refusal(context);
			}
		}
	}

	private static PsatStartupException refusal(ApplicationContext context) {
		return new PsatStartupException(
				"The web server of the context '%s' serves the SSL bundle of the SPIRE identity without the context of that bundle, so the bundle could not decide on each connection."
					.formatted(context.getId()),
				"Import the auto-configuration of this web server, such as 'dev.psat.spire.tomcat.TomcatBundleAutoConfiguration', into that context, or create the context with SpringApplicationBuilder.");
	}

}
