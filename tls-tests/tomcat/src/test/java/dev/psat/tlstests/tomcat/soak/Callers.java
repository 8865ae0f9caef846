package dev.psat.tlstests.tomcat.soak;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import dev.psat.support.soak.Violations;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

/**
 * All threads in which the applications call each other.
 */
final class Callers implements AutoCloseable {

	private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

	private final List<Caller> all = new ArrayList<>();

	private final Map<Caller, Long> known = new HashMap<>();

	Callers(SoakWorld world) {
		for (Application application : world.applications()) {
			Application peer = world.peerOf(application);
			this.all.add(new Caller(application, peer, ClientHttpRequestFactoryBuilder.jdk(),
					new KeptConnection(application.toString(), application::generation, world.violations()),
					this.lock.readLock(), world.allowances()));
			// one connects by engines, and the other one by sockets
			for (ClientHttpRequestFactoryBuilder<?> clients : List.of(ClientHttpRequestFactoryBuilder.jdk(),
					ClientHttpRequestFactoryBuilder.simple())) {
				this.all.add(new Caller(application, peer, clients, null, this.lock.readLock(), world.allowances()));
			}
		}
	}

	/**
	 * Do something while nobody calls.
	 */
	void pausedFor(Runnable task) {
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
	 */
	void checkProgress(Violations violations) {
		for (Caller caller : this.all) {
			if (caller.calls() == this.known.getOrDefault(caller, 0L)) {
				violations.add("No call of %s was answered".formatted(caller.getName()));
			}
			this.known.put(caller, caller.calls());
		}
	}

	long calls(boolean kept) {
		return this.all.stream()
			.filter((caller) -> (caller.connection() != null) == kept)
			.mapToLong(Caller::calls)
			.sum();
	}

	/**
	 * Return how many SVIDs each kept connection has outlived.
	 */
	List<Long> outlived() {
		return this.all.stream()
			.map(Caller::connection)
			.filter(Objects::nonNull)
			.map(KeptConnection::outlived)
			.toList();
	}

	@Override
	public void close() throws InterruptedException {
		for (Caller caller : this.all) {
			caller.end();
		}
	}

}
