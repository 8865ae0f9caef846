package dev.psat.spire.autoconfigure.authorization.internal;

import java.nio.file.FileSystems;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.psat.file.internal.DirectoryWatch;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.internal.Time;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.PeerPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The lists of who may connect. Their files are read before anything asks, and watched
 * while the application runs. Public only for the auto-configuration.
 *
 * @since 0.1.0
 */
public final class PeerLists {

	static final Time TIME = new Time(Clock.systemUTC(), System::nanoTime, new SplittableRandom());

	private final PeerPolicy inbound;

	private final PeerPolicy outbound;

	private final @Nullable AuthorizedPeers clients;

	private final @Nullable AuthorizedPeers servers;

	private final List<ListFile> files;

	private final AtomicReference<@Nullable Runnable> onChange = new AtomicReference<>();

	private final @Nullable ListWatch watch;

	private PeerLists(PeerPolicy inbound, PeerPolicy outbound, @Nullable AuthorizedPeers clients,
			@Nullable AuthorizedPeers servers) {
		this.inbound = inbound;
		this.outbound = outbound;
		this.clients = clients;
		this.servers = servers;
		this.files = Stream.of(file(clients), file(servers))
			.filter(Objects::nonNull)
			.map(ListFile.class::cast)
			.toList();
		this.watch = this.files.isEmpty() ? null : watch(this.files, this::changed);
	}

	private static ListWatch watch(List<ListFile> files, Runnable changed) {
		return new ListWatch(files, changed, DirectoryWatch.isWorthwhile(System.getProperty("os.name"))
				? () -> FileSystems.getDefault().newWatchService() : null, ListIntervals.DEFAULT);
	}

	/**
	 * Create lists whose files have not been read yet.
	 * @param clients who may call this application
	 * @param servers whom this application may call
	 * @return the lists
	 */
	public static PeerLists of(AuthorizedPeers clients, AuthorizedPeers servers) {
		return new PeerLists(clients.policy(), servers.policy(), clients, servers);
	}

	/**
	 * Create lists that authorize nobody.
	 * @param reason the reason, which completes a sentence that begins with "the peer"
	 * @return the lists
	 */
	public static PeerLists refusing(String reason) {
		PeerPolicy nobody = (peer) -> reason;
		return new PeerLists(nobody, nobody, null, null);
	}

	/**
	 * Return the other lists, with a policy in the place of those for a direction.
	 * @param direction the direction
	 * @param policy the policy
	 * @return the lists that are left
	 */
	public PeerLists with(Direction direction, PeerPolicy policy) {
		return (direction == Direction.INBOUND) ? new PeerLists(policy, this.outbound, null, this.servers)
				: new PeerLists(this.inbound, policy, this.clients, null);
	}

	/**
	 * Return what decides who may call this application, by the lists in force.
	 * @return the policy
	 */
	public PeerPolicy inbound() {
		return this.inbound;
	}

	/**
	 * Return what decides whom this application may call, by the lists in force.
	 * @return the policy
	 */
	public PeerPolicy outbound() {
		return this.outbound;
	}

	/**
	 * Return who may call this application.
	 * @return the clients, {@code null} if there is no list of these
	 */
	public @Nullable AuthorizedPeers clients() {
		return this.clients;
	}

	/**
	 * Return what is listed and stands for none of some peers.
	 * @param direction the direction of the list
	 * @param peers the peers
	 * @return the items of the lists in force
	 */
	public List<String> neverSeen(Direction direction, Collection<SpiffeId> peers) {
		AuthorizedPeers list = (direction == Direction.INBOUND) ? this.clients : this.servers;
		return (list != null) ? list.neverSeen(peers) : List.of();
	}

	/**
	 * Return the status of the file that lists clients.
	 * @return the status, {@code null} if there is none
	 */
	public @Nullable ListFileStatus clientsFile() {
		return status(file(this.clients));
	}

	/**
	 * Return the status of the file that lists servers.
	 * @return the status, {@code null} if there is none
	 */
	public @Nullable ListFileStatus serversFile() {
		return status(file(this.servers));
	}

	/**
	 * Have a task run whenever what a file lists has changed, and is in force.
	 * @param task the task, which must not block
	 */
	public void onChange(Runnable task) {
		this.onChange.set(task);
	}

	/**
	 * Tell what of the files does not fit the own trust domain, now and from now on.
	 * @param own the own trust domain, which the properties do not tell
	 */
	public void own(TrustDomain own) {
		this.files.forEach((file) -> file.own(own));
	}

	/**
	 * Read the files before anything asks.
	 */
	public void readFirst() {
		if (this.watch != null) {
			this.watch.lookFirst();
		}
	}

	public void start() {
		if (this.watch != null) {
			this.watch.start();
		}
	}

	public void stop() {
		if (this.watch != null) {
			this.watch.stop();
		}
	}

	public void close() {
		if (this.watch != null) {
			this.watch.close();
		}
	}

	private void changed() {
		Runnable task = this.onChange.get();
		if (task != null) {
			task.run();
		}
	}

	private static @Nullable ListFile file(@Nullable AuthorizedPeers peers) {
		return (peers != null) ? peers.file() : null;
	}

	private static @Nullable ListFileStatus status(@Nullable ListFile file) {
		return (file != null) ? file.status() : null;
	}

}
