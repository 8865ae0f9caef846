package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.ConnectionCounts;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.KeyedSvid;
import org.awaitility.core.ConditionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The open connections of an identity, without any handshake.
 */
final class Registry {

	static final PeerPolicies ANYBODY = PeerPolicies.of((peer) -> true);

	/** Nobody is refused since the machine is busy. */
	static final OpenConnections.Timing QUICK = new OpenConnections.Timing(Duration.ofMillis(200),
			Duration.ofMinutes(1));

	private final MutableIdentity identity;

	private final Time time;

	private final PeerReport report;

	private final OpenConnections connections;

	private final Queue<FakeEngine> held = new ConcurrentLinkedQueue<>();

	Registry(MutableIdentity identity, Time time) {
		this(identity, time, QUICK);
	}

	Registry(MutableIdentity identity, Time time, OpenConnections.Timing timing) {
		this.identity = identity;
		this.time = time;
		this.report = new PeerReport(time);
		this.connections = new OpenConnections(identity, this.report, time, timing);
	}

	OpenConnections connections() {
		return this.connections;
	}

	/**
	 * Open a connection of a client, which is held.
	 */
	FakeEngine open(Minted peer) throws CertificateException {
		return open(peer.svid(), ANYBODY);
	}

	FakeEngine open(X509Svid peer, PeerPolicies policies) throws CertificateException {
		FakeEngine engine = held();
		register(peer, policies, engine);
		return engine;
	}

	/**
	 * Return an engine that is held, since connections do not hold theirs.
	 */
	FakeEngine held() {
		FakeEngine engine = new FakeEngine();
		this.held.add(engine);
		return engine;
	}

	/**
	 * Register a connection of a client, as its handshake does.
	 */
	OpenConnection register(X509Svid peer, PeerPolicies policies, FakeEngine engine) throws CertificateException {
		return register(peer, policies, engine, this.connections.reauthorization().requested());
	}

	OpenConnection register(X509Svid peer, PeerPolicies policies, FakeEngine engine, long authorization)
			throws CertificateException {
		return register(Direction.INBOUND, peer, policies, engine, authorization);
	}

	/**
	 * Register a connection to a server, as its handshake does.
	 */
	OpenConnection registerServer(X509Svid peer, FakeEngine engine) throws CertificateException {
		return register(Direction.OUTBOUND, peer, ANYBODY, engine, this.connections.reauthorization().requested());
	}

	private OpenConnection register(Direction direction, X509Svid peer, PeerPolicies policies, FakeEngine engine,
			long authorization) throws CertificateException {
		KeyedSvid own = this.identity.snapshot().svid();
		if (own == null) {
			throw new CertificateException("There is no X.509-SVID");
		}
		PeerVerifier.Vouching vouching = new PeerVerifier(this.identity, this.time.clock()).verify(peer,
				this.identity.snapshot(), null);
		OpenConnection connection = this.connections.register(
				new OpenConnection.Handshake(direction, peer, vouching, policies, authorization, own), engine, null,
				ConnectionEnd.ENGINE);
		ConnectionJudge.Verdict verdict = this.connections.lookAgain(connection);
		if (verdict != null) {
			throw new CertificateException(verdict.reason());
		}
		return connection;
	}

	/**
	 * Register a connection of a client over a socket.
	 */
	OpenConnection register(X509Svid peer, Socket socket) {
		KeyedSvid own = this.identity.snapshot().svid();
		OpenConnection connection = this.connections.register(
				new OpenConnection.Handshake(Direction.INBOUND, peer, null, ANYBODY,
						this.connections.reauthorization().requested(), Objects.requireNonNull(own)),
				socket, null, new SocketEnd(null, this.time));
		assertThat(this.connections.lookAgain(connection)).isNull();
		return connection;
	}

	long ended(EndCause cause) {
		return this.connections.ended(Direction.INBOUND, cause);
	}

	long ended() {
		return ended(this.connections, Direction.INBOUND);
	}

	static long ended(ConnectionCounts counts, Direction direction) {
		long ended = 0;
		for (EndCause cause : EndCause.values()) {
			ended += counts.ended(direction, cause);
		}
		return ended;
	}

	int open() {
		return this.connections.open(Direction.INBOUND);
	}

	static ConditionFactory awaiting() {
		return await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
	}

	/**
	 * Return the threads of a name that are alive.
	 */
	static Set<Thread> living(String name) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals(name))
			.collect(Collectors.toSet());
	}

	static long threads(String name) {
		return living(name).size();
	}

}
