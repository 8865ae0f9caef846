package dev.psat.spire.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Builder for a {@link SimulatedWorkloadApi}. Not thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedWorkloadApi#builder()
 */
public final class SimulatedWorkloadApiBuilder {

	/**
	 * {@code sun_path} of Linux without its end.
	 */
	private static final int LONGEST_PATH = 107;

	/** A real agent ends no connection because of its age. */
	private static final Duration FOR_EVER = Duration.ofDays(10_000);

	final List<Workload> entries = new ArrayList<>();

	@Nullable SimulatedSpireServer server;

	@Nullable Path socket;

	boolean tcp;

	boolean rsaKeys;

	boolean unauthenticatedVerifiers;

	Duration syncInterval = Duration.ofMillis(100);

	int backlog = 128;

	Duration connectionAge = FOR_EVER;

	Duration connectionAgeGrace = FOR_EVER;

	SimulatedWorkloadApiBuilder() {
	}

	/**
	 * Set the server of the agent behind the Workload API. By default, the Workload API
	 * has one of its own, of the trust domain {@code example.org}.
	 * @param server the server, which is not closed together with the Workload API
	 * @return this builder
	 */
	public SimulatedWorkloadApiBuilder server(SimulatedSpireServer server) {
		Assert.notNull(server, "'server' must not be null");
		this.server = server;
		return this;
	}

	/**
	 * Add an entry.
	 * @param spiffeId the SPIFFE ID
	 * @return this builder
	 */
	public SimulatedWorkloadApiBuilder entry(String spiffeId) {
		return entry(spiffeId, (entry) -> {
		});
	}

	/**
	 * Add an entry with further attributes.
	 * @param spiffeId the SPIFFE ID
	 * @param more sets the further attributes
	 * @return this builder
	 */
	public SimulatedWorkloadApiBuilder entry(String spiffeId, Consumer<EntrySpec> more) {
		Assert.notNull(spiffeId, "'spiffeId' must not be null");
		Assert.notNull(more, "'more' must not be null");
		this.entries.add(new Workload(spiffeId, more));
		return this;
	}

	/**
	 * Set the path of the Unix socket. The default is {@code api.sock} in a temporary
	 * directory of its own.
	 * @param socket the path, of at most 107 bytes; its directory is created if there is
	 * none
	 * @return this builder
	 */
	public SimulatedWorkloadApiBuilder socket(Path socket) {
		Assert.notNull(socket, "'socket' must not be null");
		Assert.isTrue(socket.toString().getBytes().length <= LONGEST_PATH,
				() -> "The path of the socket is longer than " + LONGEST_PATH + " bytes: " + socket);
		this.socket = socket;
		return this;
	}

	/**
	 * Listen on a port of the loopback interface instead of a Unix socket. A real agent
	 * does so only on Windows.
	 * @return this builder
	 */
	public SimulatedWorkloadApiBuilder tcp() {
		this.tcp = true;
		return this;
	}

	/**
	 * Issue X509-SVIDs for RSA keys of 2048 bits, like
	 * {@code workload_x509_svid_key_type} in the configuration of a real agent. The
	 * default is P-256.
	 * @return this builder
	 */
	public SimulatedWorkloadApiBuilder rsaKeys() {
		this.rsaKeys = true;
		return this;
	}

	/**
	 * Hand out the agent's own trust bundle also to those without an entry, like
	 * {@code allow_unauthenticated_verifiers} in the configuration of a real agent.
	 * @return this builder
	 */
	public SimulatedWorkloadApiBuilder allowUnauthenticatedVerifiers() {
		this.unauthenticatedVerifiers = true;
		return this;
	}

	/**
	 * Set how often the agent asks its server for changes that are not made by methods of
	 * the Workload API or of the server's authorities, which show at once. The default is
	 * every 100 milliseconds; that of a real agent is every five seconds.
	 * @param interval the interval, which must be positive
	 * @return this builder
	 */
	public SimulatedWorkloadApiBuilder syncInterval(Duration interval) {
		Assert.notNull(interval, "'interval' must not be null");
		Assert.isTrue(!interval.isNegative() && !interval.isZero(), "'interval' must be positive");
		this.syncInterval = interval;
		return this;
	}

	/**
	 * Set the age at which a connection is ended with {@code GOAWAY}, and how long its
	 * streams may then go on. By default, as with a real agent, there is no such age.
	 * @param age the age, which must be positive; less than a second counts as one
	 * @param grace for how long the streams may go on
	 * @return this builder
	 */
	public SimulatedWorkloadApiBuilder connectionAge(Duration age, Duration grace) {
		Assert.notNull(age, "'age' must not be null");
		Assert.notNull(grace, "'grace' must not be null");
		Assert.isTrue(!age.isNegative() && !age.isZero(), "'age' must be positive");
		Assert.isTrue(!grace.isNegative(), "'grace' must not be negative");
		this.connectionAge = age;
		this.connectionAgeGrace = grace;
		return this;
	}

	/**
	 * Set how many connections wait to be accepted before a further one is refused. The
	 * default is 128.
	 * @param backlog the number of connections, which must be positive
	 * @return this builder
	 * @see WorkloadFaults#suspend()
	 */
	public SimulatedWorkloadApiBuilder backlog(int backlog) {
		Assert.isTrue(backlog > 0, "'backlog' must be positive");
		this.backlog = backlog;
		return this;
	}

	/**
	 * Build and start the Workload API.
	 * @return a new Workload API, to be closed after use
	 */
	public SimulatedWorkloadApi build() {
		SimulatedWorkloadApi api = new SimulatedWorkloadApi(this);
		try {
			this.entries.forEach((entry) -> api.addEntry(entry.spiffeId(), entry.more()));
			api.start();
			api.runOnSchedule();
			return api;
		}
		catch (RuntimeException ex) {
			api.close();
			throw ex;
		}
	}

	record Workload(String spiffeId, Consumer<EntrySpec> more) {

	}

}
