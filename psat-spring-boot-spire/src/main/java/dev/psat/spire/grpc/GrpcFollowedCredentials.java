package dev.psat.spire.grpc;

import dev.psat.spire.netty.internal.NettyClientConnections;
import dev.psat.spire.ssl.SvidSslBundle;
import io.grpc.ChannelCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyChannelCredentials;
import io.grpc.netty.InternalProtocolNegotiator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Credentials whose channels of Netty are followed. gRPC hands out no channel of Netty
 * elsewhere, unless it is given threads for them as well. What this needs of gRPC is not
 * meant for everybody, so another version may do without it.
 */
final class GrpcFollowedCredentials {

	private static final Log logger = LogFactory.getLog(SvidSslBundle.class);

	private GrpcFollowedCredentials() {
	}

	static ChannelCredentials of(ChannelCredentials credentials, NettyClientConnections connections) {
		try {
			return InternalNettyChannelCredentials
				.create(new Factory(InternalNettyChannelCredentials.toNegotiator(credentials), connections));
		}
		catch (LinkageError ex) {
			logger
				.warn("This version of gRPC does not show its channels. Their connections are not replaced before they "
						+ "end, and a call that only waits for its answer then does so until its deadline", ex);
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

	/**
	 * Comes before the handlers that negotiate, and stays until they have begun TLS.
	 */
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
