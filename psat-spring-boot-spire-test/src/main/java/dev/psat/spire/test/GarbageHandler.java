package dev.psat.spire.test;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;

/**
 * Answers a connection with bytes that are not HTTP/2, and keeps everything else from it.
 */
final class GarbageHandler extends ChannelDuplexHandler {

	private final byte[] garbage;

	GarbageHandler(byte[] garbage) {
		this.garbage = garbage;
	}

	@Override
	public void channelActive(ChannelHandlerContext context) throws Exception {
		super.channelActive(context);
		context.writeAndFlush(Unpooled.wrappedBuffer(this.garbage));
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		ReferenceCountUtil.release(message);
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		ReferenceCountUtil.release(message);
		promise.setSuccess();
	}

}
