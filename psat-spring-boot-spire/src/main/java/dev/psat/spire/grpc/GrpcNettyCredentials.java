package dev.psat.spire.grpc;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.psat.spire.netty.internal.NettyClientConnections;
import dev.psat.spire.ssl.SvidSslBundle;
import io.grpc.ChannelCredentials;
import io.grpc.netty.NettySslContextChannelCredentials;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;

import org.springframework.boot.ssl.SslOptions;

/**
 * Credentials for gRPC on Netty that secure each connection with the context of a bundle.
 * gRPC always has the host name checked, which only some bundles do.
 */
final class GrpcNettyCredentials {

	private static final ApplicationProtocolConfig HTTP_2 = new ApplicationProtocolConfig(Protocol.ALPN,
			SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT,
			List.of(ApplicationProtocolNames.HTTP_2));

	private static final int RETIREMENT_RETRY_MILLIS = 50;

	private GrpcNettyCredentials() {
	}

	static ChannelCredentials of(SvidSslBundle bundle) {
		NettyClientConnections connections = NettyClientConnections.of(bundle, GrpcNettyCredentials::retire);
		SslOptions options = bundle.tlsOptions();
		Set<String> ciphers = SslOptions.asSet(options.getCiphers());
		ChannelCredentials credentials = NettySslContextChannelCredentials.create(new JdkSslContext(
				connections.context(), true, (ciphers != null) ? ciphers : Http2SecurityUtil.CIPHERS,
				SupportedCipherSuiteFilter.INSTANCE, HTTP_2, ClientAuth.NONE, options.getEnabledProtocols(), false));
		return GrpcFollowedCredentials.of(credentials, connections);
	}

	/**
	 * Have a channel close once its calls are over. One that closes before HTTP/2 has
	 * begun, as when the X.509-SVID was renewed during its handshake, would be an attempt
	 * that has failed: gRPC would pause before the next one, and fail all calls
	 * meanwhile.
	 */
	static void retire(Channel channel) {
		Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
		if (http2 != null && http2.decoder().prefaceReceived()) {
			channel.close();
		}
		else if (channel.isOpen()) {
			channel.eventLoop().schedule(() -> retire(channel), RETIREMENT_RETRY_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

}
