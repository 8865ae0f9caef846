package dev.psat.tlstests.grpc;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.support.Matrix;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.Policy;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import dev.psat.tlstests.grpc.GrpcApplication.Started;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.ServerBuilderCustomizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How often a gRPC server looks for its channels.
 */
@Matrix
class GrpcSearchTests {

	@Test
	void channelsAreOnlyLookedForWhenOneHasToBeClosed() throws Exception {
		try (TlsWorld world = new TlsWorld()) {
			TlsApplication application = TlsApplication.run(world, Application.class, "spring.grpc.server.port=0",
					"spring.grpc.server.address=127.0.0.1", "spring.grpc.server.ssl.bundle=policed");
			AtomicInteger searches = application.bean(Loops.class).searches;
			List<GrpcKeptClient> clients = new ArrayList<>();
			try {
				for (int i = 0; i < 3; i++) {
					GrpcKeptClient client = new GrpcKeptClient(application.bean(Started.class).port(),
							world.credential(Peer.LISTED), TlsVersion.TLS_1_3);
					clients.add(client);
					assertThat(client.call()).isEqualTo("hello");
				}
				assertThat(searches).hasValue(0);
				application.bean(Policy.class).shrink(true);
				application.bundle().reauthorize();
				await().until(() -> searches.get() > 0);
			}
			finally {
				clients.forEach(GrpcKeptClient::close);
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Greeting greeting() {
			return new Greeting();
		}

		@Bean
		Started started(SpiffeSslBundle bundle) {
			return new Started(bundle);
		}

		@Bean
		Policy policy() {
			return new Policy();
		}

		@Bean
		static SslBundleRegistrar policed(SpiffeSslBundle bundle, Policy policy) {
			return (registry) -> registry.registerBundle("policed", bundle.authorizing(policy));
		}

		@Bean(destroyMethod = "shutdownGracefully")
		Loops loops() {
			return new Loops();
		}

		@Bean
		ServerBuilderCustomizer<NettyServerBuilder> countingLoops(Loops loops) {
			return (builder) -> builder.bossEventLoopGroup(loops)
				.workerEventLoopGroup(loops)
				.channelType(NioServerSocketChannel.class);
		}

	}

	/**
	 * A loop that counts how often somebody looks for a channel, and shows none.
	 */
	static class Loops extends MultiThreadIoEventLoopGroup {

		private final AtomicInteger searches = new AtomicInteger();

		Loops() {
			super(1, NioIoHandler.newFactory());
		}

		@Override
		protected IoEventLoop newChild(Executor executor, IoHandlerFactory factory, Object... arguments) {
			return new CountingLoop(this, executor, factory);
		}

	}

	private static final class CountingLoop extends SingleThreadIoEventLoop {

		private final Loops loops;

		CountingLoop(IoEventLoopGroup parent, Executor executor, IoHandlerFactory factory) {
			super(parent, executor, factory);
			this.loops = (Loops) parent;
		}

		@Override
		public Iterator<Channel> registeredChannelsIterator() {
			return new Iterator<>() {

				@Override
				public boolean hasNext() {
					CountingLoop.this.loops.searches.incrementAndGet();
					return false;
				}

				@Override
				public Channel next() {
					throw new NoSuchElementException();
				}

			};
		}

	}

}
