package dev.psat.spire.autoconfigure.ssl;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

import dev.psat.spire.autoconfigure.BundleServers;

/**
 * {@link ApplicationListener} that checks servers as soon as they have started, including
 * that of a management port, since the next update of the SSL bundle may be far off.
 */
final class TomcatStartCheck implements ApplicationListener<WebServerInitializedEvent> {

	private final ObjectProvider<BundleServers> servers;

	TomcatStartCheck(ObjectProvider<BundleServers> servers) {
		this.servers = servers;
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		this.servers.ifAvailable(BundleServers::check);
	}

}
