package dev.psat.spire.autoconfigure.ssl;

import java.lang.ref.WeakReference;

import javax.net.ssl.SSLEngine;

import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.OpenConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * Closes the channels of a server of Netty whose connections have ended: of an engine
 * that is closed, Netty only learns when it has something to write, and until then, the
 * client would wait for an answer.
 */
final class NettyConnections {

	private final BundleTls tls;

	NettyConnections(BundleTls tls) {
		this.tls = tls;
	}

	/**
	 * Create an instance for the connections of a bundle.
	 * @param bundle the bundle of the server
	 */
	static NettyConnections of(SpiffeSslBundle bundle) {
		BundleTls tls = BundleTls.of(bundle.createSslContext());
		if (tls == null) {
			throw new IllegalStateException("The bundle has no context of its own");
		}
		return new NettyConnections(tls);
	}

	/**
	 * Follow a channel whose handshake has not begun.
	 * @param channel the channel, which may not be encrypted
	 */
	void followOnceConnected(Channel channel) {
		SslHandler handler = channel.pipeline().get(SslHandler.class);
		if (handler != null) {
			handler.handshakeFuture().addListener((handshake) -> {
				if (handshake.isSuccess()) {
					follow(channel);
				}
			});
		}
	}

	/**
	 * Follow a channel whose handshake is over.
	 * @param channel the channel, which is encrypted
	 */
	void follow(Channel channel) {
		SSLEngine engine = channel.pipeline().get(SslHandler.class).engine();
		OpenConnection connection = this.tls.connection(engine.getSession());
		if (connection != null) {
			WeakReference<Channel> reference = new WeakReference<>(channel);
			connection.atEnd(() -> close(reference.get()));
		}
		// it may have ended since the handshake
		else if (engine.isInboundDone()) {
			close(channel);
		}
	}

	/**
	 * Close a channel as if it was not encrypted, since a closed engine can write no
	 * farewell.
	 */
	private static void close(@Nullable Channel channel) {
		if (channel != null) {
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
