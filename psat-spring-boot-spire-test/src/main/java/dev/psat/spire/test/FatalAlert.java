package dev.psat.spire.test;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;

/**
 * Alerts of TLS that end a handshake before it is encrypted.
 */
enum FatalAlert {

	HANDSHAKE_FAILURE(40),

	BAD_CERTIFICATE(42);

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

	private final byte description;

	FatalAlert(int description) {
		this.description = (byte) description;
	}

	/**
	 * Waits for the client to hang up: if it wrote to a closed connection in the
	 * meantime, the alert would be lost.
	 */
	void send(ChannelHandlerContext context) {
		byte[] alert = { 21, 3, 3, 0, 2, 2, this.description };
		context.writeAndFlush(Unpooled.wrappedBuffer(alert)).addListener((written) -> {
			if (context.channel() instanceof DuplexChannel channel) {
				channel.shutdownOutput();
			}
		});
		context.executor().schedule(() -> context.close(), LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
	}

}
