package dev.psat.benchmarks.spire.tls;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Handshakes in memory, in one thread, of an application with itself: TLS alone, without
 * sockets and HTTP.
 *
 * @param server what the server's side has
 * @param client what the client's side has
 * @param before what to do before each handshake
 * @param protocol the version of TLS
 */
record EngineHandshakes(SSLContext server, SSLContext client, Runnable before, String protocol) {

	static EngineHandshakes of(ClientApplication application, Bundle bundle, String protocol) {
		if (bundle != Bundle.PEM) {
			SSLContext context = application.bundle(bundle).createSslContext();
			return new EngineHandshakes(context, context, () -> {
			}, protocol);
		}
		PemClient client = PemClient.of(application.pemBundle());
		return new EngineHandshakes(application.pemBundle().createSslContext(), client.context(),
				client::forgetSessions, protocol);
	}

	/**
	 * Shake hands.
	 * @param times how often
	 * @return the mean processor time of both sides
	 * @throws SSLException if a handshake fails
	 */
	Means measure(int times) throws SSLException {
		double clientNanos = 0;
		double serverNanos = 0;
		for (int i = 0; i < times; i++) {
			this.before.run();
			EngineSide client = EngineSide.client(this.client, this.protocol);
			EngineSide server = EngineSide.server(this.server, this.protocol);
			EngineSide.shakeHands(client, server);
			clientNanos += client.nanos();
			serverNanos += server.nanos();
		}
		return new Means(clientNanos / times, serverNanos / times);
	}

	/**
	 * Nanoseconds of processor time.
	 */
	record Means(double client, double server) {

	}

}
