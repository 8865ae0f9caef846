package dev.psat.benchmarks.spire.attest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

import dev.psat.benchmarks.Sample;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.AgentConnection;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.test.proto.Bundle;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Measures the parts of an attestation, each by itself, in turns.
 */
final class Parts implements AutoCloseable {

	/** A server reloads its cache of entries every five seconds. */
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

	private static final Duration POLL = Duration.ofMillis(100);

	private final Target target;

	private final TrustBundle bundle;

	private final SpireClient client;

	private final KeyPair agentKey = KeyType.EC_P256.generate();

	private final X509Svid agent;

	private final ServerTrust trust;

	private final Transport.Connection connection;

	private final Transport.Connection connectionWithoutDeadline;

	private final Map<Part, List<Long>> times = new EnumMap<>(Part.class);

	/**
	 * Attest, and wait until the server knows the entry.
	 * @param target the server
	 * @throws Exception if it refuses
	 */
	Parts(Target target) throws Exception {
		this.target = target;
		this.bundle = target.readTrustBundle();
		this.client = SpireClient.builder(target.address(), target.trustDomain(), () -> this.bundle).build();
		this.trust = new ServerTrust(target.trustDomain().name(),
				this.bundle.x509Authorities().stream().map(X509Authority::certificate).toList());
		this.connection = open(HttpClientTransport.withDeadline());
		this.connectionWithoutDeadline = open(HttpClientTransport.withoutDeadline());
		Instant end = Instant.now().plus(LONGEST_WAIT);
		this.agent = attest(end);
		awaitEntry(end);
	}

	private Transport.Connection open(Transport transport) throws Exception {
		return transport.open(this.target.address(), this.trust, null);
	}

	/**
	 * The client gives a connection three seconds, and here both sides may be cold.
	 */
	private X509Svid attest(Instant end) throws IOException {
		while (true) {
			try {
				return this.client.attest("k8s_psat", this.target.payload(), this.agentKey);
			}
			catch (SpireException ex) {
				if (ex.reason() != FailureReason.UNREACHABLE || Instant.now().isAfter(end)) {
					throw ex;
				}
			}
		}
	}

	private void awaitEntry(Instant end) throws InterruptedException {
		try (AgentConnection connection = this.client.connect(this.agent, this.agentKey)) {
			while (connection.authorizedEntries().isEmpty()) {
				Assert.state(Instant.now().isBefore(end), "The server has no entry for this pod");
				Thread.sleep(POLL.toMillis());
			}
		}
	}

	Map<Part, Sample> measure(int rounds) throws Exception {
		for (int round = 0; round < rounds; round++) {
			measure();
			measureCalls(round % 2 == 0);
		}
		Map<Part, Sample> samples = new EnumMap<>(Part.class);
		this.times.forEach((part, times) -> samples.put(part, Sample.of(times)));
		return samples;
	}

	private void measure() throws Exception {
		KeyPair keys = time(Part.KEYS, KeyType.EC_P256::generate);
		time(Part.REQUEST, () -> CertificateRequests.of(keys));
		time(Part.HTTP_CLIENT, () -> open(HttpClientTransport.withDeadline())).close();
		X509Svid server = handshake(Part.HANDSHAKE, null);
		handshake(Part.MUTUAL_HANDSHAKE, new AgentKey(this.agent.chain(), this.agentKey.getPrivate()));
		time(Part.SERVER, () -> {
			this.bundle.verify(server, Instant.now());
			return server;
		});
		forget(this.agent);
		boolean vouchedFor = time(Part.SVID, () -> this.agent.chainsTo(this.bundle, Instant.now()));
		Assert.state(vouchedFor, "The trust bundle does not vouch for the agent SVID");
	}

	/**
	 * Begin with one or the other. The first call after the rest is not measured: it may
	 * have to connect, and finds its caches cold.
	 */
	private void measureCalls(boolean deadlineFirst) throws Exception {
		call(this.connection);
		call(this.connectionWithoutDeadline);
		if (deadlineFirst) {
			time(Part.CALL, () -> call(this.connection));
		}
		time(Part.CALL_WITHOUT_DEADLINE, () -> call(this.connectionWithoutDeadline));
		if (!deadlineFirst) {
			time(Part.CALL, () -> call(this.connection));
		}
	}

	private static Bundle call(Transport.Connection connection) throws Exception {
		return connection.call(Call.GET_BUNDLE, Call.GET_BUNDLE.request());
	}

	/**
	 * Make the JDK forget that a signature was verified: a certificate remembers the last
	 * key, and the factory of certificates returns one that it has made before. So a
	 * check costs what it costs when an SVID is new.
	 */
	private void forget(X509Svid svid) throws GeneralSecurityException {
		for (X509Certificate certificate : svid.chain()) {
			try {
				certificate.verify(this.agentKey.getPublic());
			}
			catch (SignatureException ex) {
				// as it should be
			}
		}
	}

	private X509Svid handshake(Part part, @Nullable X509ExtendedKeyManager key) throws Exception {
		InetSocketAddress address = new InetSocketAddress(this.target.address().host(), this.target.address().port());
		try (Socket plain = time(Part.CONNECT, () -> {
			Socket socket = new Socket();
			socket.connect(address);
			socket.setTcpNoDelay(true);
			return socket;
		});
				SSLSocket socket = (SSLSocket) Tls.context(anyServer(), key)
					.getSocketFactory()
					.createSocket(plain, address.getHostString(), address.getPort(), true)) {
			socket.setSSLParameters(Tls.parameters());
			time(part, () -> {
				socket.startHandshake();
				return socket;
			});
			return X509Svid.of(
					Stream.of(socket.getSession().getPeerCertificates()).map(X509Certificate.class::cast).toList(),
					null);
		}
	}

	private static X509ExtendedTrustManager anyServer() {
		return (X509ExtendedTrustManager) InsecureTrustManagerFactory.INSTANCE.getTrustManagers()[0];
	}

	private <T> T time(Part part, Task<T> task) throws Exception {
		long began = System.nanoTime();
		T result = task.run();
		this.times.computeIfAbsent(part, (key) -> new ArrayList<>()).add(System.nanoTime() - began);
		return result;
	}

	@Override
	public void close() throws Exception {
		this.connection.close();
		this.connectionWithoutDeadline.close();
		this.client.close();
	}

	private interface Task<T> {

		T run() throws Exception;

	}

}
