package dev.psat.benchmarks.spire.soak;

import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

import dev.psat.benchmarks.soak.Violations;
import dev.psat.spire.SpiffeSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.web.client.RestClient;

/**
 * A thread in which one application calls the other all the time.
 */
final class Caller implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Application application;

	private final String name;

	private final RestClient client;

	private final String url;

	private final Duration pause;

	private final @Nullable KeptConnection connection;

	private final Lock lock;

	private final Allowances allowances;

	private final Thread thread;

	private volatile boolean ending;

	private volatile long calls;

	private Caller(Application application, String name, RestClient client, String url, Duration pause,
			@Nullable KeptConnection connection, Lock lock, Allowances allowances) {
		this.application = application;
		this.name = name;
		this.client = client;
		this.url = url;
		this.pause = pause;
		this.connection = connection;
		this.lock = lock;
		this.allowances = allowances;
		this.thread = new Thread(this::run, "caller of " + name);
		this.thread.start();
	}

	/**
	 * Call on the same connection all the time.
	 * @param application who calls
	 * @param peer who is called
	 * @param lock held during a call
	 * @param allowances judges the calls that fail
	 * @param violations is told if the connection ends
	 * @return the caller
	 */
	static Caller keeping(Application application, Application peer, Lock lock, Allowances allowances,
			Violations violations) {
		String name = application + " on a kept connection";
		return new Caller(application, name, client(ClientHttpRequestFactoryBuilder.jdk(), application),
				peer.url(ServingApplication.GREETING_PATH), Duration.ofMillis(20),
				new KeptConnection(name, application::generation, violations), lock, allowances);
	}

	/**
	 * Call on a new connection each time.
	 * @param application who calls
	 * @param peer who is called
	 * @param clients makes the client
	 * @param lock held during a call
	 * @param allowances judges the calls that fail
	 * @return the caller
	 */
	static Caller connecting(Application application, Application peer, ClientHttpRequestFactoryBuilder<?> clients,
			Lock lock, Allowances allowances) {
		return new Caller(application, application + " on a new connection", client(clients, application),
				peer.url(ServingApplication.FAREWELL_PATH), Duration.ofMillis(100), null, lock, allowances);
	}

	private static RestClient client(ClientHttpRequestFactoryBuilder<?> clients, Application application) {
		SpiffeSslBundle bundle = application.bundle();
		return RestClient.builder()
			.requestFactory(clients.build(HttpClientSettings.ofSslBundle(bundle).withTimeouts(TIMEOUT, TIMEOUT)))
			.build();
	}

	String name() {
		return this.name;
	}

	/**
	 * Return how many calls were answered.
	 * @return the number
	 */
	long calls() {
		return this.calls;
	}

	/**
	 * Return how many SVIDs the kept connection has outlived.
	 * @return the number, zero if there is no such connection
	 */
	long outlived() {
		return (this.connection != null) ? this.connection.outlived() : 0;
	}

	private void run() {
		while (!this.ending) {
			this.lock.lock();
			try {
				call();
			}
			finally {
				this.lock.unlock();
			}
			LockSupport.parkNanos(this.pause.toNanos());
		}
	}

	private void call() {
		long begun = System.nanoTime();
		try {
			String answer = this.client.get().uri(this.url).retrieve().body(String.class);
			if (answer == null || !answer.startsWith(ServingApplication.GREETING)) {
				throw new IllegalStateException("The answer was " + answer);
			}
			if (this.connection != null) {
				this.connection.answered(answer);
			}
			this.calls++;
		}
		catch (RuntimeException | Error ex) {
			Duration time = Duration.ofNanos(System.nanoTime() - begun);
			this.allowances.judge(Failure.of(this.application.toString(), this.name, time, ex),
					this.connection == null || !this.connection.isOpen());
		}
	}

	@Override
	public void close() {
		this.ending = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
