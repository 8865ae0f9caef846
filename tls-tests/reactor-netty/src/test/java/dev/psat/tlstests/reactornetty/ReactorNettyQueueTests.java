package dev.psat.tlstests.reactornetty;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.psat.support.Matrix;
import dev.psat.tlstests.Door;
import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.QueuedRequests;
import dev.psat.tlstests.QueuedRequestsContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import io.netty.channel.Channel;
import org.junit.jupiter.api.AutoClose;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Requests that an ended connection has queued on Reactor Netty. Not nested: Spring Boot
 * disposes of the event loops of all servers as soon as one application is closed.
 */
@Matrix
class ReactorNettyQueueTests extends QueuedRequestsContract {

	@AutoClose
	private final TlsWorld world = new TlsWorld(Door.WORKLOAD_API);

	private final TlsApplication application = TlsApplication.run(this.world, Application.class,
			EndApplication.properties(ReactorNettyApplication.QUICK_SHUTDOWN));

	@Override
	protected TlsApplication application() {
		return this.application;
	}

	/**
	 * Handlers that block keep the only thread of their connection.
	 */
	@Override
	protected int atOnce() {
		return 1;
	}

	@Override
	protected boolean isIdle() {
		return this.application.bean(Channels.class).channels().stream().noneMatch(Channel::isOpen);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ EndApplication.class, QueuedRequests.class })
	static class Application {

		@Bean
		Channels channels() {
			return new Channels(new ConcurrentLinkedQueue<>());
		}

		@Bean
		WebServerFactoryCustomizer<NettyReactiveWebServerFactory> remember(Channels channels) {
			return (factory) -> factory.addServerCustomizers((server) -> server
				.doOnChannelInit((observer, channel, address) -> channels.channels().add(channel)));
		}

	}

	/**
	 * The channels of a server.
	 *
	 * @param channels those that were opened
	 */
	record Channels(Queue<Channel> channels) {

	}

}
