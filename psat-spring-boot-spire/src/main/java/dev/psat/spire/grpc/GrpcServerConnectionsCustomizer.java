package dev.psat.spire.grpc;

import dev.psat.spire.autoconfigure.ssl.internal.SvidBundles;
import dev.psat.spire.netty.internal.NettyConnections;
import dev.psat.spire.ssl.SpiffeSslBundle;
import io.grpc.netty.NettyServerBuilder;

import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.Ordered;
import org.springframework.grpc.server.ServerBuilderCustomizer;

/**
 * {@link ServerBuilderCustomizer} that lets the connections of a gRPC server with the SSL
 * bundle be closed once they have ended, and replaced before. It adds to what the
 * application has configured, and replaces nothing.
 */
final class GrpcServerConnectionsCustomizer implements ServerBuilderCustomizer<NettyServerBuilder>, Ordered {

	private final GrpcServerProperties properties;

	private final SslBundles bundles;

	GrpcServerConnectionsCustomizer(GrpcServerProperties properties, SslBundles bundles) {
		this.properties = properties;
		this.bundles = bundles;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void customize(NettyServerBuilder builder) {
		GrpcServerProperties.Ssl ssl = this.properties.getSsl();
		SpiffeSslBundle bundle = GrpcServerBundle.isIn(ssl, this.bundles)
				? SvidBundles.findSpiffe(this.bundles, ssl.getBundle()) : null;
		if (bundle != null) {
			builder.addTransportFilter(new GrpcServerConnections(new NettyConnections(bundle)));
		}
	}

}
