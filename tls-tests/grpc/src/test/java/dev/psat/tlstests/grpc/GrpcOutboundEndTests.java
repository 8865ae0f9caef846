package dev.psat.tlstests.grpc;

import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import dev.psat.support.Matrix;
import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.OutboundEndContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import io.grpc.ManagedChannel;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientProperties;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientProperties.Channel;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;

/**
 * The end of connections of Spring Boot's gRPC channels.
 */
@Matrix
class GrpcOutboundEndTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, Application.class, "spring.main.web-application-type=none");
	}

	@Nested
	class Channels extends OutboundEndContract {

		Channels() {
			super((bundle) -> new KeptChannels(application, bundle));
		}

		@Override
		protected boolean speaksHttp2() {
			return true;
		}

		@Override
		protected boolean speaksHttp11() {
			return false;
		}

	}

	/**
	 * Calls by channels that stay, whatever becomes of a call.
	 */
	static final class KeptChannels implements Call {

		private final String bundle = "bundle-" + UUID.randomUUID();

		private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

		private final TlsApplication application;

		KeptChannels(TlsApplication application, SslBundle bundle) {
			this.application = application;
			this.application.bean(SslBundleRegistry.class).registerBundle(this.bundle, bundle);
		}

		@Override
		public String get(URI uri) {
			String service = uri.getPath().substring(1);
			return Greeting.call(this.channels.computeIfAbsent(uri.getAuthority(), this::channel),
					service.isEmpty() ? "Greeting" : service);
		}

		@Override
		public String post(URI uri) {
			return get(uri);
		}

		private ManagedChannel channel(String authority) {
			String name = "channel-" + UUID.randomUUID();
			Channel channel = new Channel();
			channel.setTarget("static://" + authority);
			channel.getSsl().setBundle(this.bundle);
			this.application.bean(GrpcClientProperties.class).getChannel().put(name, channel);
			return this.application.bean(GrpcChannelFactory.class).createChannel(name);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
