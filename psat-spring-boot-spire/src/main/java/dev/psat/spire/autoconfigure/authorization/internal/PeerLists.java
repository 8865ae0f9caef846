package dev.psat.spire.autoconfigure.authorization.internal;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.psat.concurrent.internal.Time;
import dev.psat.file.internal.DirectoryWatch;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.PeerPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The files of the lists are read before anything asks, and watched while the application
 * runs.
 */
public final class PeerLists {

	static final Time TIME = Time.ofSystem();

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
				? () -> FileSystems.getDefault().newWatchService() : null, ListFile.Intervals.DEFAULT, TIME);
	}

	public static PeerLists of(AuthorizedPeers clients, AuthorizedPeers servers) {
		return new PeerLists(clients.policy(), servers.policy(), clients, servers);
	}

	/**
	 * @param reason completes a sentence that begins with "the peer"
	 */
	public static PeerLists refusing(String reason) {
		PeerPolicy nobody = (peer) -> reason;
		return new PeerLists(nobody, nobody, null, null);
	}

	public PeerLists with(Direction direction, PeerPolicy policy) {
		return (direction == Direction.INBOUND) ? new PeerLists(policy, this.outbound, null, this.servers)
				: new PeerLists(this.inbound, policy, this.clients, null);
	}

	public PeerPolicy inbound() {
		return this.inbound;
	}

	public PeerPolicy outbound() {
		return this.outbound;
	}

	public @Nullable AuthorizedPeers clients() {
		return this.clients;
	}

	public List<String> neverSeen(Direction direction, Collection<SpiffeId> peers) {
		AuthorizedPeers list = (direction == Direction.INBOUND) ? this.clients : this.servers;
		return (list != null) ? list.neverSeen(peers) : List.of();
	}

	public @Nullable FileStatus clientsFile() {
		return status(file(this.clients));
	}

	public @Nullable FileStatus serversFile() {
		return status(file(this.servers));
	}

	/**
	 * @param task must not block
	 */
	public void onChange(Runnable task) {
		this.onChange.set(task);
	}

	public void own(TrustDomain own) {
		this.files.forEach((file) -> file.own(own));
	}

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

	private static @Nullable FileStatus status(@Nullable ListFile file) {
		return (file != null) ? file.status() : null;
	}

	/**
	 * @param entries how many SPIFFE IDs and patterns of it are in force
	 * @param readAt when these were read, {@code null} if nothing has been
	 * @param error what is wrong with the file, {@code null} if nothing is
	 */
	public record FileStatus(Path path, State state, int entries, @Nullable Instant readAt, @Nullable String error) {

		public enum State {

			/** What it lists is in force. */
			OK,

			/** What it lists is in force, but no other file can ever take its place. */
			PINNED,

			/** There is no file. */
			MISSING,

			/** The file cannot be read, or is not left alone for long enough. */
			UNREADABLE,

			/** The file is not a list, or one of its items is not permitted. */
			INVALID

		}

	}

}
