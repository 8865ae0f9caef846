package dev.psat.tlstests.grpc;

import java.util.List;

import javax.net.ssl.SSLContext;

import dev.psat.tlstests.CertificateRequest;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.TlsVersion;
import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.netty.NettySslContextChannelCredentials;
import io.grpc.netty.NettySslContextServerCredentials;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;

/**
 * What peers of the application speak: one version of TLS, with anybody, over sessions
 * that they keep.
 */
final class Tls {

	private static final ApplicationProtocolConfig HTTP_2 = new ApplicationProtocolConfig(Protocol.ALPN,
			SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, "h2");

	private Tls() {
	}

	static ChannelCredentials client(Credential credential, TlsVersion version) {
		return client(CertificateRequest.ABSENT.sslContext(credential), version);
	}

	static ChannelCredentials client(SSLContext context, TlsVersion version) {
		return NettySslContextChannelCredentials.create(context(context, version, CertificateRequest.ABSENT, true));
	}

	static ServerCredentials server(Credential credential, TlsVersion version, CertificateRequest request) {
		return NettySslContextServerCredentials
			.create(context(request.sslContext(credential), version, request, false));
	}

	private static SslContext context(SSLContext context, TlsVersion version, CertificateRequest request,
			boolean client) {
		ClientAuth clientAuth = switch (request.need()) {
			case REQUIRED -> ClientAuth.REQUIRE;
			case OPTIONAL -> ClientAuth.OPTIONAL;
			case ABSENT -> ClientAuth.NONE;
		};
		return new JdkSslContext(context, client, Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE,
				HTTP_2, clientAuth, List.of(version.protocol()).toArray(String[]::new), false);
	}

}
