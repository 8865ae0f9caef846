package dev.psat.spire.test;

import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;

/**
 * Ends a handshake with the alert {@code handshake_failure} if the client offers no
 * post-quantum key exchange, as Go does with the policy of {@code require_pq_kem}.
 * Neither the JDK before release 27 nor Netty can insist on one. A client that offers one
 * is let through, and what is then agreed on is up to the implementation of TLS.
 */
final class PqKemGate extends SslClientHelloHandler<Boolean> {

	private static final int VERSION_AND_RANDOM = 34;

	private static final int SUPPORTED_GROUPS = 10;

	/** SecP256r1MLKEM768, X25519MLKEM768 and SecP384r1MLKEM1024. */
	private static final Set<Integer> ML_KEM = Set.of(0x11EB, 0x11EC, 0x11ED);

	private final Runnable refused;

	PqKemGate(Runnable refused) {
		this.refused = refused;
	}

	@Override
	protected Future<Boolean> lookup(ChannelHandlerContext context, ByteBuf clientHello) {
		// A message of another kind is for the implementation of TLS to refuse
		boolean accepted = clientHello == null || offersMlKem(clientHello.slice());
		return context.executor().newSucceededFuture(accepted);
	}

	private static boolean offersMlKem(ByteBuf hello) {
		hello.skipBytes(VERSION_AND_RANDOM);
		hello.skipBytes(hello.readUnsignedByte());
		hello.skipBytes(hello.readUnsignedShort());
		hello.skipBytes(hello.readUnsignedByte());
		if (!hello.isReadable()) {
			return false;
		}
		ByteBuf extensions = hello.readSlice(hello.readUnsignedShort());
		while (extensions.isReadable()) {
			int type = extensions.readUnsignedShort();
			ByteBuf content = extensions.readSlice(extensions.readUnsignedShort());
			if (type == SUPPORTED_GROUPS) {
				return containsMlKem(content.readSlice(content.readUnsignedShort()));
			}
		}
		return false;
	}

	private static boolean containsMlKem(ByteBuf groups) {
		while (groups.isReadable()) {
			if (ML_KEM.contains(groups.readUnsignedShort())) {
				return true;
			}
		}
		return false;
	}

	@Override
	protected void onLookupComplete(ChannelHandlerContext context, Future<Boolean> accepted) {
		if (Boolean.TRUE.equals(accepted.getNow())) {
			context.pipeline().remove(this);
			return;
		}
		this.refused.run();
		FatalAlert.HANDSHAKE_FAILURE.send(context);
		context.pipeline().replace(this, null, new Deaf());
	}

	/**
	 * Keeps whatever the client sends from the implementation of TLS.
	 */
	private static final class Deaf extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			ReferenceCountUtil.release(message);
		}

	}

}
