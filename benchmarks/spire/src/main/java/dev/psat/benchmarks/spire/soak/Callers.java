package dev.psat.benchmarks.spire.soak;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import dev.psat.benchmarks.soak.Violations;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

/**
 * All threads in which the applications call each other.
 */
final class Callers implements AutoCloseable {

	/** One connects by engines, and the other one by sockets. */
	private static final List<ClientHttpRequestFactoryBuilder<?>> CLIENTS = List
		.of(ClientHttpRequestFactoryBuilder.jdk(), ClientHttpRequestFactoryBuilder.simple());

	private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

	private final List<Caller> keeping = new ArrayList<>();

	private final List<Caller> connecting = new ArrayList<>();

	private final Map<Caller, Long> known = new HashMap<>();

	Callers(World world) {
		for (Application application : world.applications()) {
			Application peer = world.peerOf(application);
			this.keeping
				.add(Caller.keeping(application, peer, this.lock.readLock(), world.allowances(), world.violations()));
			for (ClientHttpRequestFactoryBuilder<?> clients : CLIENTS) {
				this.connecting
					.add(Caller.connecting(application, peer, clients, this.lock.readLock(), world.allowances()));
			}
		}
	}

	/**
	 * Do something while nobody calls.
	 * @param <X> what the task may throw
	 * @param task what to do
	 * @throws X if the task fails
	 */
	<X extends Exception> void pausedFor(Task<X> task) throws X {
		this.lock.writeLock().lock();
		try {
			task.run();
		}
		finally {
			this.lock.writeLock().unlock();
		}
	}

	/**
	 * Check that every caller was answered since the last time.
	 * @param violations is told of those that were not
	 */
	void checkProgress(Violations violations) {
		for (Caller caller : all()) {
			if (caller.calls() == this.known.getOrDefault(caller, 0L)) {
				violations.add("No call of %s was answered".formatted(caller.name()));
			}
			this.known.put(caller, caller.calls());
		}
	}

	long callsOnKeptConnections() {
		return this.keeping.stream().mapToLong(Caller::calls).sum();
	}

	long callsOnNewConnections() {
		return this.connecting.stream().mapToLong(Caller::calls).sum();
	}

	/**
	 * Return how many SVIDs each kept connection has outlived.
	 * @return the numbers
	 */
	List<Long> outlived() {
		return this.keeping.stream().map(Caller::outlived).toList();
	}

	private List<Caller> all() {
		List<Caller> all = new ArrayList<>(this.keeping);
		all.addAll(this.connecting);
		return all;
	}

	@Override
	public void close() {
		all().forEach(Caller::close);
	}

	/**
	 * Something that is done while nobody calls.
	 *
	 * @param <X> what it may throw
	 */
	interface Task<X extends Exception> {

		void run() throws X;

	}

}
