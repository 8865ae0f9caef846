package dev.psat.tlstests.grpc;

import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.psat.tlstests.ClientContract;
import dev.psat.tlstests.TlsApplication;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;

import org.springframework.boot.grpc.client.autoconfigure.GrpcClientProperties;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientProperties.Channel;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.grpc.client.ChannelBuilderOptions;
import org.springframework.grpc.client.GrpcChannelFactory;

import static org.awaitility.Awaitility.await;

/**
 * Calls by Spring Boot's channels, one for each server, which ends with the server. A
 * bundle and a channel that are added now are used like those of the properties.
 */
final class BootChannels implements ClientContract.Call {

	private final TlsApplication application;

	private final Consumer<ManagedChannelBuilder<?>> customizer;

	private final String bundle = "bundle-" + UUID.randomUUID();

	private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

	BootChannels(TlsApplication application, SslBundle bundle) {
		this(application, bundle, (channel) -> {
		});
	}

	BootChannels(TlsApplication application, SslBundle bundle, Consumer<ManagedChannelBuilder<?>> customizer) {
		this.application = application;
		this.customizer = customizer;
		application.bean(SslBundleRegistry.class).registerBundle(this.bundle, bundle);
	}

	@Override
	public String get(URI uri) {
		// of this server alone, as another one may have had its port before
		String server = uri.getAuthority();
		ManagedChannel channel = this.channels.computeIfAbsent(server, (added) -> channel(uri));
		try {
			String answer = Greeting.call(channel);
			if (uri.getPath().equals("/closing")) {
				channel.enterIdle();
				// another thread may be the one that does it
				await().until(() -> channel.getState(false) == ConnectivityState.IDLE);
			}
			else {
				channel.notifyWhenStateChanged(ConnectivityState.READY, () -> disconnected(server, channel));
			}
			return answer;
		}
		catch (StatusRuntimeException ex) {
			// would refuse the next call too, for as long as it backs off
			end(server, channel);
			throw ex;
		}
	}

	/**
	 * End a channel whose server is gone. It would go on to connect to whoever gets the
	 * port.
	 */
	private void disconnected(String server, ManagedChannel channel) {
		if (channel.getState(false) != ConnectivityState.IDLE) {
			end(server, channel);
		}
	}

	private void end(String server, ManagedChannel channel) {
		this.channels.remove(server, channel);
		channel.shutdownNow();
	}

	private ManagedChannel channel(URI uri) {
		String name = "channel-" + UUID.randomUUID();
		Channel channel = new Channel();
		channel.setTarget("static://%s:%d".formatted(uri.getHost(), uri.getPort()));
		channel.getSsl().setBundle(this.bundle);
		this.application.bean(GrpcClientProperties.class).getChannel().put(name, channel);
		return this.application.bean(GrpcChannelFactory.class)
			.createChannel(name, ChannelBuilderOptions.defaults()
				.withCustomizer((target, builder) -> this.customizer.accept(builder)));
	}

}
