package dev.psat.spire.netty.internal;

import javax.net.ssl.SSLException;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;

/**
 * What a library does with the channels of its clients, on the thread of the channel.
 */
public interface NettyChannelUse {

	/**
	 * Prepare a channel whose handshake is over, before the library knows that it is.
	 */
	default void begin(Channel channel) {
	}

	/**
	 * Have a channel replaced soon, without hindering what is in flight.
	 */
	void retire(Channel channel);

	/**
	 * Fail what is in flight as if the engine had been asked.
	 * @param tls the context of the handler of TLS
	 * @param reason what the engine would have said
	 */
	default void fail(ChannelHandlerContext tls, SSLException reason) {
		tls.fireExceptionCaught(new DecoderException(reason));
	}

}
