package dev.psat.spire.netty.internal;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import dev.psat.spire.ssl.SvidSslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.OpenConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;

/**
 * Closes channels whose connections have ended: their engines throw, but Netty only asks
 * them when it has something to read or to write.
 */
public final class NettyClientConnections {

	private final BundleTls tls;

	private final Use use;

	private NettyClientConnections(BundleTls tls, Use use) {
		this.tls = tls;
		this.use = use;
	}

	public static NettyClientConnections of(SvidSslBundle bundle, Use use) {
		Objects.requireNonNull(bundle, "'bundle' must not be null");
		Objects.requireNonNull(use, "'use' must not be null");
		return new NettyClientConnections(Objects.requireNonNull(BundleTls.of(bundle.createSslContext())), use);
	}

	public SSLContext context() {
		return BundleTls.throwing(this.tls.context());
	}

	/** Follow a channel from the end of its handshake on, which need not have begun. */
	public void follow(SslHandler handler) {
		handler.handshakeFuture().addListener((handshake) -> {
			if (handshake.isSuccess()) {
				follow((Channel) handshake.getNow(), handler);
			}
		});
	}

	private void follow(Channel channel, SslHandler handler) {
		OpenConnection connection = this.tls.connection(handler.engine().getSession());
		if (connection != null) {
			this.use.begin(channel);
			WeakReference<Channel> reference = new WeakReference<>(channel);
			connection.atEnd(() -> inThread(reference, (ended) -> end(ended, connection)));
			connection.atDue(() -> inThread(reference, this.use::retire));
			// the engine does not learn of a server that leaves without a word
			channel.closeFuture().addListener((closed) -> connection.closed());
		}
	}

	private static void inThread(WeakReference<Channel> reference, Consumer<Channel> task) {
		Channel channel = reference.get();
		if (channel != null) {
			channel.eventLoop().execute(() -> task.accept(channel));
		}
	}

	// as if it was not encrypted, since nothing is to reach the peer any more
	private void end(Channel channel, OpenConnection connection) {
		ChannelHandlerContext context = channel.pipeline().context(SslHandler.class);
		if (context != null) {
			this.use.fail(context, reason(((SslHandler) context.handler()), connection));
			context.close();
		}
	}

	// said now, so that the engine does not when the library takes its leave of the peer
	private static SSLException reason(SslHandler handler, OpenConnection connection) {
		try {
			ByteBuffer nothing = ByteBuffer.allocate(0);
			handler.engine().wrap(nothing, nothing.duplicate());
			return new SSLException(connection.reason());
		}
		catch (SSLException ex) {
			return ex;
		}
	}

	/** What a library does with channels of its clients, on their threads. */
	public interface Use {

		/** After the handshake, before the library knows that it is over. */
		default void begin(Channel channel) {
		}

		/** Have a channel replaced soon, without hindering what is in flight. */
		void retire(Channel channel);

		/** Fail what is in flight for what the engine would have said. */
		default void fail(ChannelHandlerContext tls, SSLException reason) {
			tls.fireExceptionCaught(new DecoderException(reason));
		}

	}

}
