package dev.psat.spire.netty.internal;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.OpenConnection;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Closes channels of a server whose connections have ended: of a closed engine, Netty
 * only learns when it has something to write, and the client would wait until then.
 * Before, clients are told to use another channel.
 */
public final class NettyConnections {

	private static final AttributeKey<Boolean> DUE = AttributeKey.valueOf(NettyConnections.class, "due");

	private static final AttributeKey<Boolean> ENDED = AttributeKey.valueOf(NettyConnections.class, "ended");

	/** As long as a client needs to learn that it must open no stream any more. */
	private static final Duration FAREWELL = Duration.ofSeconds(1);

	private final BundleTls tls;

	public NettyConnections(SpiffeSslBundle bundle) {
		this.tls = Objects.requireNonNull(BundleTls.of(bundle.createSslContext()));
	}

	/** Follow a channel whose handshake has not begun, and which may not be encrypted. */
	public void followOnceConnected(Channel channel) {
		SslHandler handler = channel.pipeline().get(SslHandler.class);
		if (handler != null) {
			handler.handshakeFuture().addListener((handshake) -> {
				if (handshake.isSuccess()) {
					follow(channel);
				}
			});
		}
	}

	/** Follow an encrypted channel whose handshake is over. */
	public void follow(Channel channel) {
		SSLEngine engine = channel.pipeline().get(SslHandler.class).engine();
		OpenConnection connection = this.tls.connection(engine.getSession());
		if (connection != null) {
			WeakReference<Channel> reference = new WeakReference<>(channel);
			connection.atEnd(() -> close(reference.get()));
			connection.atDue(() -> retire(reference.get()));
			// the engine does not learn of a client that leaves without a word
			channel.closeFuture().addListener((closed) -> connection.closed());
		}
		// it may have ended since the handshake
		else if (engine.isInboundDone()) {
			close(channel);
		}
	}

	/**
	 * The channel is only looked for once that is necessary.
	 * @param search finds the channel of a session, and has something done with it
	 */
	public void follow(SSLSession session, BiConsumer<WeakReference<SSLSession>, Consumer<Channel>> search) {
		OpenConnection connection = find(session);
		if (connection != null) {
			WeakReference<SSLSession> reference = new WeakReference<>(session);
			connection.atEnd(() -> search.accept(reference, NettyConnections::close));
			connection.atDue(() -> search.accept(reference, NettyConnections::retire));
		}
	}

	public @Nullable OpenConnection find(SSLSession session) {
		return this.tls.connection(session);
	}

	/** Return whether a channel, not one of a stream, should be replaced. */
	public static boolean isDue(Channel channel) {
		return channel.hasAttr(DUE);
	}

	/** Of a channel, or that of a stream. It may not be closed yet. */
	public static boolean hasEnded(Channel channel) {
		Channel parent = channel.parent();
		return channel.hasAttr(ENDED) || (parent != null && parent.hasAttr(ENDED));
	}

	/**
	 * Over HTTP/2, the client is told that no further stream will be served. Those that
	 * it has opened by the time it learns of that still are.
	 */
	private static void retire(@Nullable Channel channel) {
		if (channel != null) {
			channel.attr(DUE).set(true);
			channel.eventLoop().execute(() -> {
				ChannelHandlerContext context = channel.pipeline().context(Http2ConnectionHandler.class);
				if (context != null) {
					sayGoodbye(context, (Http2ConnectionHandler) context.handler());
				}
			});
		}
	}

	private static void sayGoodbye(ChannelHandlerContext context, Http2ConnectionHandler handler) {
		handler.goAway(context, Integer.MAX_VALUE, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER,
				context.newPromise());
		context.flush();
		handler.gracefulShutdownTimeoutMillis(-1);
		Channel channel = context.channel();
		channel.eventLoop().schedule(() -> channel.close(), FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
	}

	// as if it was not encrypted, since a closed engine can write no farewell
	private static void close(@Nullable Channel channel) {
		if (channel != null) {
			channel.attr(ENDED).set(true);
			ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
			if (tls != null) {
				tls.close();
			}
			else {
				channel.close();
			}
		}
	}

}
