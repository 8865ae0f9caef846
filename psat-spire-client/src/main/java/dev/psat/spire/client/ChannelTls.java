package dev.psat.spire.client;

import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Only TLS 1.3, since a SPIRE Server refuses clients without a certificate on 1.2. No
 * session is ever resumed, since that would skip the checks on both sides.
 */
final class ChannelTls {

	static final String HTTP_2 = "h2";

	private static final String VERSION = "TLSv1.3";

	private final ServerAddress address;

	private final ServerVerifier verifier;

	private final @Nullable AgentKeyManager keys;

	ChannelTls(ServerAddress address, ServerVerifier verifier, @Nullable AgentKeyManager keys) {
		this.address = address;
		this.verifier = verifier;
		this.keys = keys;
	}

	boolean isMutual() {
		return this.keys != null;
	}

	SSLContext context(CompletableFuture<Void> checked) {
		try {
			SSLContext context = SSLContext.getInstance(VERSION);
			// an empty array, since null stands for the JVM's key store if one is
			// configured
			context.init((this.keys != null) ? new KeyManager[] { this.keys } : new KeyManager[0],
					new TrustManager[] { new ServerTrustManager(this.verifier, checked) }, null);
			if (!Arrays.asList(context.getDefaultSSLParameters().getProtocols()).contains(VERSION)) {
				throw new SpireException(FailureReason.TLS_VERSION,
						"TLS 1.3 is disabled in this JVM: see the security property jdk.tls.disabledAlgorithms");
			}
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new SpireException(FailureReason.TLS_VERSION, "This JVM has no TLS 1.3", ex);
		}
	}

	/** Each engine has its own context, so that no connection resumes a session. */
	SSLContext freshContexts(CompletableFuture<Void> checked, Runnable opening) {
		return new FreshSslContext(context(checked), () -> {
			opening.run();
			return context(checked);
		});
	}

	/**
	 * {@code begun} may be called more than once.
	 */
	SSLParameters parameters(Runnable begun) {
		SSLParameters parameters = new SSLParameters();
		parameters.setAlgorithmConstraints(Handshake.constraints(begun));
		parameters.setProtocols(new String[] { VERSION });
		parameters.setApplicationProtocols(new String[] { HTTP_2 });
		parameters.setServerNames(serverNames());
		return parameters;
	}

	private List<SNIServerName> serverNames() {
		if (this.address.isLiteral()) {
			return List.of();
		}
		String host = this.address.host();
		try {
			// a server name has no trailing dot (RFC 6066, section 3)
			return List.of(new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host));
		}
		catch (IllegalArgumentException ex) {
			// a name that only a resolver accepts, such as one with an underscore
			return List.of();
		}
	}

	private static final class FreshSslContext extends SSLContext {

		private FreshSslContext(SSLContext template, Supplier<SSLContext> contexts) {
			super(new Spi(template, contexts), template.getProvider(), template.getProtocol());
		}

		private static final class Spi extends SSLContextSpi {

			private final SSLContext template;

			private final Supplier<SSLContext> contexts;

			Spi(SSLContext template, Supplier<SSLContext> contexts) {
				this.template = template;
				this.contexts = contexts;
			}

			@Override
			protected SSLEngine engineCreateSSLEngine() {
				return this.contexts.get().createSSLEngine();
			}

			@Override
			protected SSLEngine engineCreateSSLEngine(String host, int port) {
				return this.contexts.get().createSSLEngine(host, port);
			}

			@Override
			protected SSLParameters engineGetDefaultSSLParameters() {
				return this.template.getDefaultSSLParameters();
			}

			@Override
			protected SSLParameters engineGetSupportedSSLParameters() {
				return this.template.getSupportedSSLParameters();
			}

			@Override
			protected SSLSessionContext engineGetClientSessionContext() {
				return this.template.getClientSessionContext();
			}

			@Override
			protected SSLSessionContext engineGetServerSessionContext() {
				return this.template.getServerSessionContext();
			}

			@Override
			protected SSLSocketFactory engineGetSocketFactory() {
				throw new UnsupportedOperationException("Only creates engines");
			}

			@Override
			protected SSLServerSocketFactory engineGetServerSocketFactory() {
				throw new UnsupportedOperationException("Only creates engines");
			}

			@Override
			protected void engineInit(KeyManager @Nullable [] keyManagers, TrustManager @Nullable [] trustManagers,
					@Nullable SecureRandom random) throws KeyManagementException {
				throw new KeyManagementException("Already initialized");
			}

		}

	}

}
