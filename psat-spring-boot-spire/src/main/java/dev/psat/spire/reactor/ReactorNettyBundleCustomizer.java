package dev.psat.spire.reactor;

import java.util.List;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.autoconfigure.internal.ClientAuthRule;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.autoconfigure.internal.WebServerBundleCustomizer;
import dev.psat.spire.netty.internal.NettyConnections;
import dev.psat.spire.ssl.SpiffeSslBundle;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;
import org.springframework.context.annotation.Bean;

/**
 * Has the context of the SSL bundle used rather than Spring Boot's, which is built from
 * managers and resumes sessions.
 */
final class ReactorNettyBundleCustomizer extends WebServerBundleCustomizer<NettyReactiveWebServerFactory> {

	ReactorNettyBundleCustomizer(String server, ObjectProvider<SpireWiring> wiring) {
		super(NettyReactiveWebServerFactory.class, server, wiring);
	}

	@Override
	protected void customize(NettyReactiveWebServerFactory factory) {
		factory.addServerCustomizers((server) -> customize(factory, server));
	}

	private HttpServer customize(NettyReactiveWebServerFactory factory, HttpServer server) {
		Ssl ssl = ssl(factory);
		if (ssl != null && theOneBundle(factory, ssl) instanceof SpiffeSslBundle bundle) {
			SslContext context = context(bundle, serve(factory, ssl, List.of(bundle)), factory.getHttp2());
			NettyConnections connections = new NettyConnections(bundle);
			return server.secure((spec) -> spec.sslContext(context))
				.doOnChannelInit((observer, channel, address) -> connections.followOnceConnected(channel))
				.childObserve(new ReactorNettyRetirement());
		}
		return server;
	}

	/**
	 * Netty would take the client authentication from one bundle, and the trust from
	 * another.
	 */
	private @Nullable SslBundle theOneBundle(NettyReactiveWebServerFactory factory, Ssl ssl) {
		SslBundle byDefault = bundle(factory, ssl.getBundle());
		for (ServerNameSslBundle named : ssl.getServerNameBundles()) {
			SslBundle byName = bundle(factory, named.bundle());
			if (byName != byDefault && (byName instanceof SpiffeSslBundle || byDefault instanceof SpiffeSslBundle)) {
				throw new PsatStartupException(
						"%s would serve the SSL bundle of the SPIRE identity and, for the host '%s', a different one. Reactor Netty cannot keep the two apart."
							.formatted(capitalizedServer(), named.serverName()),
						"Let it serve one bundle for all hosts, and the other one on a separate port.");
			}
		}
		return byDefault;
	}

	private static SslContext context(SpiffeSslBundle bundle, Ssl.ClientAuth clientAuth, @Nullable Http2 http2) {
		SslOptions options = bundle.tlsOptions();
		return new JdkSslContext(ClientAuthRule.served(bundle, clientAuth).createSslContext(), false,
				SslOptions.asSet(options.getCiphers()), IdentityCipherSuiteFilter.INSTANCE,
				(http2 != null && http2.isEnabled()) ? http2OrHttp1() : null,
				Ssl.ClientAuth.map(clientAuth, ClientAuth.NONE, ClientAuth.OPTIONAL, ClientAuth.REQUIRE),
				options.getEnabledProtocols(), false);
	}

	private static ApplicationProtocolConfig http2OrHttp1() {
		return new ApplicationProtocolConfig(Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE,
				SelectedListenerFailureBehavior.ACCEPT, ApplicationProtocolNames.HTTP_2,
				ApplicationProtocolNames.HTTP_1_1);
	}

	@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
	@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class,
			AbstractConfigurableWebServerFactory.class })
	static final class ManagementConfiguration {

		@Bean
		static ReactorNettyBundleCustomizer spireReactorNettyBundleManagementCustomizer(
				ObjectProvider<SpireWiring> wiring) {
			return new ReactorNettyBundleCustomizer("the management server", wiring);
		}

	}

}
