package dev.psat.spire.autoconfigure.ssl;

import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.SSLSession;

import dev.psat.spire.SpiffeSslBundle;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@link ServerTransportFilter} that follows the channels of a gRPC server. gRPC shows
 * nobody its channels, but calls filters on the event loop of the one that has just been
 * secured.
 */
final class GrpcServerConnections extends ServerTransportFilter {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private final NettyConnections connections;

	private final AtomicBoolean warned = new AtomicBoolean();

	GrpcServerConnections(NettyConnections connections) {
		this.connections = connections;
	}

	@Override
	public Attributes transportReady(Attributes attributes) {
		SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
		Channel channel = (session != null) ? find(session) : null;
		if (channel != null) {
			this.connections.follow(channel);
		}
		else if (session != null && this.warned.compareAndSet(false, true)) {
			logger.warn("The gRPC server has event loops that do not show their channels. When one of its connections "
					+ "has to end, nothing passes any more, but the client does not notice before its deadline");
		}
		return attributes;
	}

	private static @Nullable Channel find(SSLSession session) {
		try {
			EventExecutor current = ThreadExecutorMap.currentExecutor();
			if (current instanceof SingleThreadEventLoop loop) {
				for (Iterator<Channel> channels = loop.registeredChannelsIterator(); channels.hasNext();) {
					Channel channel = channels.next();
					SslHandler handler = channel.pipeline().get(SslHandler.class);
					if (handler != null && handler.engine().getSession() == session) {
						return channel;
					}
				}
			}
			return null;
		}
		// depends on the kind of event loop and on the version of Netty
		catch (UnsupportedOperationException | LinkageError ex) {
			return null;
		}
	}

}
