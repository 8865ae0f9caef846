package dev.psat.benchmarks.spire.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import dev.psat.benchmarks.Sample;

/**
 * Handshakes in memory, in one thread, of an application with itself: TLS alone, without
 * sockets and HTTP.
 */
final class EngineHandshakes {

	private final List<Double> clients = new ArrayList<>();

	private final List<Double> servers = new ArrayList<>();

	private final LongAdder checks = new LongAdder();

	private final SSLContext server;

	private final SSLContext client;

	private final Bundle bundle;

	private final String protocol;

	EngineHandshakes(ClientApplication application, Bundle bundle, String protocol) {
		this.bundle = bundle;
		this.protocol = protocol;
		if (bundle == Bundle.SVID) {
			this.server = application.svidBundle().createSslContext();
			this.client = this.server;
		}
		else {
			this.server = application.pemBundle().createSslContext();
			this.client = PemClient.of(application.pemBundle(), this.checks).bundle().createSslContext();
		}
	}

	/**
	 * Shake hands, and keep the means.
	 * @param times how often
	 * @throws SSLException if a handshake fails
	 */
	void measure(int times) throws SSLException {
		long clientNanos = 0;
		long serverNanos = 0;
		for (int i = 0; i < times; i++) {
			if (this.bundle == Bundle.PEM) {
				PemClient.forgetSessions(this.client);
			}
			EngineSide client = EngineSide.client(this.client, this.protocol);
			EngineSide server = EngineSide.server(this.server, this.protocol);
			EngineSide.shakeHands(client, server);
			clientNanos += client.nanos();
			serverNanos += server.nanos();
		}
		this.clients.add((double) clientNanos / times);
		this.servers.add((double) serverNanos / times);
	}

	void forgetWarmUp() {
		this.clients.clear();
		this.servers.clear();
	}

	Bundle bundle() {
		return this.bundle;
	}

	String protocol() {
		return this.protocol;
	}

	Sample clients() {
		return Sample.of(this.clients);
	}

	Sample servers() {
		return Sample.of(this.servers);
	}

	/**
	 * Return how many of the servers were checked by the client, which tells full
	 * handshakes from others. Ours counts elsewhere.
	 * @return the number
	 */
	long checks() {
		return this.checks.sum();
	}

}
