package dev.psat.spire.autoconfigure.ssl;

import java.util.stream.Stream;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.autoconfigure.BundleServers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * {@link ApplicationListener} that checks servers as soon as they have started, including
 * those of child contexts. One that has the SSL bundle without its context is stopped. It
 * has not let in anybody unchecked, since the bundle has no key for it, but nothing else
 * would tell why.
 */
final class WebServerStartCheck implements ApplicationListener<WebServerInitializedEvent> {

	private final ObjectProvider<BundleServers> servers;

	WebServerStartCheck(ObjectProvider<BundleServers> servers) {
		this.servers = servers;
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		this.servers.ifAvailable((servers) -> {
			servers.check();
			if (isOutOfReach(event.getApplicationContext(), servers)) {
				event.getWebServer().stop();
				throw refusal(event.getApplicationContext());
			}
		});
	}

	private static boolean isOutOfReach(ApplicationContext context, BundleServers servers) {
		return context.getBeansOfType(AbstractConfigurableWebServerFactory.class, true, false)
			.values()
			.stream()
			.anyMatch((factory) -> hasBundle(factory) && !servers.isSecured(factory));
	}

	private static boolean hasBundle(AbstractConfigurableWebServerFactory factory) {
		Ssl ssl = factory.getSsl();
		SslBundles bundles = factory.getSslBundles();
		return Ssl.isEnabled(ssl) && Stream
			.concat(Stream.ofNullable(ssl.getBundle()),
					ssl.getServerNameBundles().stream().map(ServerNameSslBundle::bundle))
			.anyMatch((name) -> SpiffeBundles.find(bundles, name) != null);
	}

	private static PsatStartupException refusal(ApplicationContext context) {
		return new PsatStartupException(
				"The web server of the context '%s' serves the SSL bundle of the SPIRE identity without the context of that bundle, so the bundle could not decide on each connection."
					.formatted(context.getId()),
				"Import the auto-configuration of this web server, such as '%s.TomcatBundleAutoConfiguration', into that context, or create the context with SpringApplicationBuilder."
					.formatted(WebServerStartCheck.class.getPackageName()));
	}

}
