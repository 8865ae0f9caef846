package dev.psat.spire.netty.internal;

import dev.psat.spire.ssl.SvidSslBundle;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslOptions;

public final class NettyClientContext extends JdkSslContext {

	private final NettyClientConnections connections;

	private NettyClientContext(NettyClientConnections connections, SslOptions options,
			ApplicationProtocolConfig protocols) {
		super(connections.context(), true, SslOptions.asSet(options.getCiphers()), IdentityCipherSuiteFilter.INSTANCE,
				protocols, ClientAuth.NONE, options.getEnabledProtocols(), false);
		this.connections = connections;
	}

	public static NettyClientContext of(SvidSslBundle bundle, ApplicationProtocolConfig protocols,
			NettyClientConnections.Use use) {
		return new NettyClientContext(NettyClientConnections.of(bundle, use), bundle.tlsOptions(), protocols);
	}

	@Override
	protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls) {
		return followed(super.newHandler(allocator, startTls));
	}

	@Override
	protected SslHandler newHandler(ByteBufAllocator allocator, @Nullable String peerHost, int peerPort,
			boolean startTls) {
		return followed(super.newHandler(allocator, peerHost, peerPort, startTls));
	}

	private SslHandler followed(SslHandler handler) {
		this.connections.follow(handler);
		return handler;
	}

}
