package dev.psat.spire.test;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Ends a TLS 1.2 handshake without a client certificate with the alert
 * {@code bad_certificate}, as seen on a real server. In TLS 1.3, that message is
 * encrypted and never found here.
 */
final class Tls12Gate extends ByteToMessageDecoder {

	private static final int HEADER_LENGTH = 5;

	private static final int LENGTH_OFFSET = 3;

	private static final int HANDSHAKE = 22;

	/** A {@code Certificate} message: type, length and an empty list. */
	private static final ByteBuf NO_CERTIFICATE = Unpooled
		.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[] { 11, 0, 0, 3, 0, 0, 0 }));

	private final Runnable refused;

	private boolean ended;

	Tls12Gate(Runnable refused) {
		this.refused = refused;
	}

	@Override
	protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
		if (this.ended) {
			in.skipBytes(in.readableBytes());
			return;
		}
		if (in.readableBytes() < HEADER_LENGTH) {
			return;
		}
		int start = in.readerIndex();
		if (in.getUnsignedByte(start) != HANDSHAKE) {
			// Whatever follows is encrypted, or not TLS
			out.add(in.readRetainedSlice(in.readableBytes()));
			context.pipeline().remove(this);
			return;
		}
		int length = HEADER_LENGTH + in.getUnsignedShort(start + LENGTH_OFFSET);
		if (in.readableBytes() < length) {
			return;
		}
		if (isWithoutCertificate(in.slice(start + HEADER_LENGTH, length - HEADER_LENGTH))) {
			this.ended = true;
			this.refused.run();
			in.skipBytes(in.readableBytes());
			FatalAlert.BAD_CERTIFICATE.send(context);
			return;
		}
		out.add(in.readRetainedSlice(length));
	}

	private static boolean isWithoutCertificate(ByteBuf content) {
		int length = NO_CERTIFICATE.readableBytes();
		return content.readableBytes() >= length && content.slice(content.readerIndex(), length).equals(NO_CERTIFICATE);
	}

}
