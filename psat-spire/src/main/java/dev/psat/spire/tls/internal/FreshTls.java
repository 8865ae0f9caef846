package dev.psat.spire.tls.internal;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

import org.jspecify.annotations.Nullable;

/**
 * The context of a single connection.
 *
 * @param context the context
 * @param signal tells the engine to end by throwing, {@code null} if it is left as it is
 */
record FreshTls(SSLContext context, @Nullable EndSignal signal) {

	SSLEngine engine() {
		return ending(this.context.createSSLEngine());
	}

	SSLEngine engine(String host, int port) {
		return ending(this.context.createSSLEngine(host, port));
	}

	private SSLEngine ending(SSLEngine engine) {
		return (this.signal != null) ? new EndingSslEngine(engine, this.signal) : engine;
	}

}
