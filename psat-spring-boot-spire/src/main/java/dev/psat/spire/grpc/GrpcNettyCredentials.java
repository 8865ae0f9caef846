package dev.psat.spire.grpc;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.psat.spire.netty.internal.NettyClientConnections;
import dev.psat.spire.ssl.SvidSslBundle;
import io.grpc.ChannelCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyChannelCredentials;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.NettySslContextChannelCredentials;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.AsciiString;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.ssl.SslOptions;

/**
 * Secures each connection with the context of a bundle. gRPC always has the host name
 * checked, which only some bundles do.
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
		return Followed.of(credentials, connections);
	}

	/**
	 * Close once the calls are over. A close before HTTP/2 has begun, as when the
	 * X.509-SVID was renewed during the handshake, would be a failed attempt: gRPC would
	 * pause before the next one, and fail all calls meanwhile.
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

	/**
	 * gRPC shows no channel elsewhere, unless it is given their threads as well. What
	 * this needs of gRPC is internal, so another version may lack it.
	 */
	private static final class Followed {

		private static final Log logger = LogFactory.getLog(SvidSslBundle.class);

		private Followed() {
		}

		static ChannelCredentials of(ChannelCredentials credentials, NettyClientConnections connections) {
			try {
				return InternalNettyChannelCredentials
					.create(new Factory(InternalNettyChannelCredentials.toNegotiator(credentials), connections));
			}
			catch (LinkageError ex) {
				logger.warn(
						"This version of gRPC does not show its channels. Their connections are not replaced before they "
								+ "end, and a call that only waits for its answer then does so until its deadline",
						ex);
				return credentials;
			}
		}

		private record Factory(InternalProtocolNegotiator.ClientFactory delegate,
				NettyClientConnections connections) implements InternalProtocolNegotiator.ClientFactory {

			@Override
			public InternalProtocolNegotiator.ProtocolNegotiator newNegotiator() {
				return new Negotiator(this.delegate.newNegotiator(), this.connections);
			}

			@Override
			public int getDefaultPort() {
				return this.delegate.getDefaultPort();
			}

		}

		private record Negotiator(InternalProtocolNegotiator.ProtocolNegotiator delegate,
				NettyClientConnections connections) implements InternalProtocolNegotiator.ProtocolNegotiator {

			@Override
			public AsciiString scheme() {
				return this.delegate.scheme();
			}

			@Override
			public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
				return new FollowingHandler(this.delegate.newHandler(handler), this.connections);
			}

			@Override
			public void close() {
				this.delegate.close();
			}

		}

		/** Comes before the handlers that negotiate, and stays until TLS has begun. */
		private static final class FollowingHandler extends ChannelInboundHandlerAdapter {

			private final ChannelHandler negotiation;

			private final NettyClientConnections connections;

			FollowingHandler(ChannelHandler negotiation, NettyClientConnections connections) {
				this.negotiation = negotiation;
				this.connections = connections;
			}

			@Override
			public void handlerAdded(ChannelHandlerContext context) {
				context.pipeline().addAfter(context.name(), null, this.negotiation);
			}

			@Override
			public void channelRead(ChannelHandlerContext context, Object message) {
				SslHandler tls = context.pipeline().get(SslHandler.class);
				if (tls != null) {
					this.connections.follow(tls);
					context.pipeline().remove(this);
				}
				context.fireChannelRead(message);
			}

		}

	}

}
