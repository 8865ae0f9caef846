package dev.psat.spire.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A SPIFFE Workload API as a SPIRE Agent provides it, without an agent. It speaks real
 * gRPC on a Unix socket, hands out real SVIDs of a {@link SimulatedSpireServer}, answers
 * like a real agent of release 1.15.3, and misbehaves on demand. Whoever can reach the
 * socket is its workload: there is no workload attestation.
 *
 * <pre class="code">
 * class WorkloadTests {
 *
 * 	&#064;AutoClose
 * 	private final SimulatedWorkloadApi api = SimulatedWorkloadApi.builder()
 * 		.entry("spiffe://example.org/ns/shop/sa/orders")
 * 		.build();
 *
 * }
 * </pre>
 *
 * <p>
 * What belongs to the trust domain belongs to the {@link #server() server}: the
 * authorities and their rotation, federation, and the mint for peers. If the server is
 * {@link SimulatedSpireServer#stop() stopped}, the agent goes on with what it has, and
 * has nothing new to tell. All methods are thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedWorkloadApiConfiguration
 */
public final class SimulatedWorkloadApi implements AutoCloseable {

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

	private static final Duration PAUSE = Duration.ofMillis(1);

	private final SimulatedSpireServer server;

	private final boolean ownServer;

	private final String agentId;

	private final @Nullable Path socket;

	private final @Nullable Path temporaryDirectory;

	private final WorkloadJournal journal = new WorkloadJournal();

	private final Connections connections = new Connections(this.journal::connected, this.journal::disconnected,
			this::addGarbage);

	private final WorkloadFaults faults = new WorkloadFaults(this.connections);

	private final SimulatedAgent agent;

	private final AgentJwtSvids jwtSvids;

	private final WorkloadListener listener;

	private final Duration syncInterval;

	private final ScheduledExecutorService scheduler = Executors
		.newSingleThreadScheduledExecutor(new DefaultThreadFactory("simulated-workload-api-timer", true));

	private final ExecutorService executor = Executors
		.newCachedThreadPool(new DefaultThreadFactory("simulated-workload-api", true));

	SimulatedWorkloadApi(SimulatedWorkloadApiBuilder builder) {
		this.ownServer = builder.server == null;
		this.server = (builder.server != null) ? builder.server
				: SimulatedSpireServer.builder().entryCacheReload(Duration.ZERO).build();
		this.agentId = SpiffeIds.of(this.server.trustDomain(), "/spire/agent/simulated");
		this.temporaryDirectory = (builder.socket == null && !builder.tcp) ? newDirectory() : null;
		this.socket = (this.temporaryDirectory != null) ? this.temporaryDirectory.resolve("api.sock")
				: (builder.tcp ? null : builder.socket);
		this.agent = new SimulatedAgent(this.server, this.agentId,
				builder.rsaKeys ? Certificates::newRsaKeyPair : Certificates::newKeyPair,
				builder.unauthenticatedVerifiers, this.faults);
		this.jwtSvids = new AgentJwtSvids(this.server);
		WorkloadService service = new WorkloadService(this.server.trustDomain(), this.server.clock(), this.agent,
				this.jwtSvids);
		this.listener = new WorkloadListener(this.socket, this.connections,
				new WorkloadListener.Setting(builder.backlog, builder.connectionAge, builder.connectionAgeGrace),
				this.executor,
				List.of(ServerInterceptors.interceptForward(service.definition(),
						new WorkloadInterceptor(this.journal, this.faults)),
						new HealthService(this.faults).definition()));
		this.syncInterval = builder.syncInterval;
	}

	private static Path newDirectory() {
		try {
			return Files.createTempDirectory("agent-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void addGarbage(ChannelPipeline pipeline) {
		byte[] garbage = this.faults.garbage();
		if (garbage != null) {
			pipeline.addFirst(new GarbageHandler(garbage));
		}
	}

	/**
	 * Create a builder.
	 * @return a builder with sensible defaults for everything but the entries
	 */
	public static SimulatedWorkloadApiBuilder builder() {
		return new SimulatedWorkloadApiBuilder();
	}

	/**
	 * Return the address, such as {@code unix:///tmp/agent-1/api.sock} or {@code
	 * tcp://127.0.0.1:40123}, which does not change with a restart.
	 */
	public String address() {
		return this.listener.address();
	}

	/**
	 * Return the path of the Unix socket.
	 * @return the path
	 * @throws IllegalStateException if the Workload API listens on TCP
	 */
	public Path socket() {
		Assert.state(this.socket != null, "The Workload API has no Unix socket");
		return this.socket;
	}

	/** Return the server of the agent. */
	public SimulatedSpireServer server() {
		return this.server;
	}

	/** Return the SPIFFE ID of the agent, which is the parent ID of its entries. */
	public String agentId() {
		return this.agentId;
	}

	/** Return the faults, which make the Workload API misbehave. */
	public WorkloadFaults faults() {
		return this.faults;
	}

	/** Return the journal of what has happened. */
	public WorkloadJournal journal() {
		return this.journal;
	}

	/**
	 * Add an entry.
	 * @param spiffeId the SPIFFE ID
	 * @return the id of the entry; the lowest one comes first in messages
	 */
	public String addEntry(String spiffeId) {
		return addEntry(spiffeId, (entry) -> {
		});
	}

	/**
	 * Add an entry with further attributes.
	 * @param spiffeId the SPIFFE ID
	 * @param more sets the further attributes
	 * @return the id of the entry; the lowest one comes first in messages
	 */
	public String addEntry(String spiffeId, Consumer<EntrySpec> more) {
		String id = this.server.entries().create(this.agentId, spiffeId, more);
		sync();
		return id;
	}

	/**
	 * Change an entry, which then gets a new X509-SVID.
	 * @param id the id of the entry
	 * @param change changes the entry
	 */
	public void changeEntry(String id, Consumer<EntrySpec> change) {
		this.server.entries().change(id, change);
		sync();
	}

	/**
	 * Remove an entry. If it was the last one, streams end with {@code PermissionDenied}.
	 * @param id the id of the entry
	 */
	public void removeEntry(String id) {
		this.server.entries().delete(id);
		sync();
	}

	/**
	 * Exchange an entry for another one within one synchronization. If it was the last
	 * one, streams end with {@code PermissionDenied}, although the new entry is there:
	 * its X509-SVID comes a moment later.
	 * @param id the id of the entry to remove
	 * @param spiffeId the SPIFFE ID of the new entry
	 * @return the id of the new entry
	 */
	public String exchangeEntry(String id, String spiffeId) {
		return exchangeEntry(id, spiffeId, (entry) -> {
		});
	}

	/**
	 * Exchange an entry for another one within one synchronization, with further
	 * attributes.
	 * @param id the id of the entry to remove
	 * @param spiffeId the SPIFFE ID of the new entry
	 * @param more sets the further attributes
	 * @return the id of the new entry
	 * @see #exchangeEntry(String, String)
	 */
	public String exchangeEntry(String id, String spiffeId, Consumer<EntrySpec> more) {
		Assert.notNull(id, "'id' must not be null");
		Assert.notNull(spiffeId, "'spiffeId' must not be null");
		Assert.notNull(more, "'more' must not be null");
		String[] created = new String[1];
		this.agent.syncAfter(() -> {
			this.server.entries().delete(id);
			created[0] = this.server.entries().create(this.agentId, spiffeId, more);
			this.server.entries().reload();
		});
		return created[0];
	}

	/**
	 * Let the agent take over at once what the server has.
	 */
	public void sync() {
		this.server.entries().reload();
		this.agent.sync();
	}

	/**
	 * Replace all X509-SVIDs by new ones for new keys, as after half of their life.
	 */
	public void rotate() {
		this.agent.rotate();
	}

	/**
	 * Send the state to all streams once more, although it has not changed.
	 */
	public void sendAgain() {
		this.agent.tellAgain();
	}

	/**
	 * Send a message to all streams of a method, which stay open.
	 * @param method the method
	 * @param message the message, which may be any bytes
	 */
	public void send(WorkloadMethod method, byte[] message) {
		Assert.notNull(method, "'method' must not be null");
		Assert.notNull(message, "'message' must not be null");
		this.agent.send(method, message.clone());
	}

	/**
	 * End all streams.
	 * @param status the status, which may be OK
	 */
	public void endStreams(Status status) {
		Assert.notNull(status, "'status' must not be null");
		this.agent.endStreams(status);
	}

	/**
	 * Send {@code GOAWAY} to every client. Its streams go on until they end, on
	 * connections that take no new calls.
	 */
	public void goAway() {
		this.connections.goAway();
	}

	/**
	 * Stop the agent: nothing listens, every connection breaks, and the socket is gone.
	 */
	public void stop() {
		this.listener.stop();
		forget();
	}

	/**
	 * Kill the agent: as {@link #stop()}, but a Unix socket stays where it is, and
	 * refuses connections.
	 */
	public void kill() {
		this.listener.kill();
		forget();
	}

	private void forget() {
		this.agent.forget();
		this.jwtSvids.forget();
	}

	/**
	 * Start the agent after {@link #stop()} or {@link #kill()}, with a new socket at the
	 * same path, or on the same port. The directory of the socket is created if there is
	 * none. X509-SVIDs are new.
	 */
	public void start() {
		sync();
		this.listener.start();
	}

	private void floodChanged() {
		if (this.faults.isFlooding()) {
			this.executor.execute(this::flood);
		}
		else {
			this.agent.settle();
		}
	}

	private void flood() {
		while (this.faults.isFlooding() && this.listener.isRunning()) {
			if (!this.agent.flood()) {
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
	}

	void runOnSchedule() {
		this.faults.onChange(this.agent::tellAgain, this::floodChanged);
		this.server.authority().onChange(this::syncQuietly);
		this.scheduler.scheduleWithFixedDelay(this::syncQuietly, this.syncInterval.toNanos(),
				this.syncInterval.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void syncQuietly() {
		try {
			if (this.listener.isRunning()) {
				this.agent.sync();
			}
		}
		catch (RuntimeException | Error ex) {
			// Like a real agent, which tries again
		}
	}

	/**
	 * Close the Workload API permanently, and its server unless that was given. Does
	 * nothing if it is already closed.
	 */
	@Override
	public void close() {
		this.listener.stop();
		this.scheduler.shutdownNow();
		this.executor.shutdown();
		try {
			// Calls that still end need their event loop
			this.executor.awaitTermination(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.listener.close();
		deleteFiles();
		if (this.ownServer) {
			this.server.close();
		}
	}

	private void deleteFiles() {
		try {
			if (this.socket != null) {
				Files.deleteIfExists(this.socket);
			}
			if (this.temporaryDirectory != null) {
				Files.deleteIfExists(this.temporaryDirectory);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
