package dev.psat.spire.autoconfigure.ssl;

import java.util.Collection;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.autoconfigure.internal.BundleServers;
import dev.psat.spire.autoconfigure.internal.ServedBundles;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * Refuses factories that nothing here knows, and stops each server, also of a child
 * context, that has the SSL bundle without its context. Nobody was let in unchecked,
 * since the bundle has no key for such a server, but nothing else would tell why.
 */
final class WebServerStartCheck
		implements BundleServers.PostProcessor, ApplicationListener<WebServerInitializedEvent>, BundleServers.Demand {

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
		if (!servers.isSecured(factory)) {
			UnknownWebServerCheck.check(factory);
			if (ServedBundles.check(factory.getSsl(), factory.getSslBundles(),
					"the web server of the context '%s'".formatted(context.getId()))) {
				throw refusal(context, UnknownWebServerCheck.autoConfiguration(factory));
			}
		}
	}

	private static PsatStartupException refusal(ApplicationContext context, @Nullable String autoConfiguration) {
		return new PsatStartupException(
				"The web server of the context '%s' serves the SSL bundle of the SPIRE identity without the context of that bundle, so the bundle could not decide on each connection."
					.formatted(context.getId()),
				"Import '%s' into that context, or create the context with SpringApplicationBuilder."
					.formatted(autoConfiguration));
	}

}
