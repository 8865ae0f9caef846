package dev.psat.benchmarks.spire.soak;

import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

import dev.psat.spire.SpiffeSslBundle;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.web.client.RestClient;

/**
 * A thread in which one application calls the other all the time.
 */
final class Caller implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final String name;

	private final RestClient client;

	private final String url;

	private final Duration pause;

	private final Lock lock;

	private final Allowances allowances;

	private final Thread thread;

	private volatile boolean ending;

	private volatile long calls;

	private Caller(String name, RestClient client, String url, Duration pause, Lock lock, Allowances allowances) {
		this.name = name;
		this.client = client;
		this.url = url;
		this.pause = pause;
		this.lock = lock;
		this.allowances = allowances;
		this.thread = new Thread(this::run, "caller of " + name);
		this.thread.start();
	}

	/**
	 * Call by a client that keeps its connection, as long as the server does.
	 * @param application who calls
	 * @param peer who is called
	 * @param lock held during a call
	 * @param allowances judges the calls that fail
	 * @return the caller
	 */
	static Caller keeping(Application application, Application peer, Lock lock, Allowances allowances) {
		RestClient client = RestClient.builder()
			.requestFactory(ClientHttpRequestFactoryBuilder.jdk().build(settings(application.bundle())))
			.build();
		return new Caller(application + " on a kept connection", client, peer.url(), Duration.ofMillis(20), lock,
				allowances);
	}

	/**
	 * Call on a new connection each time.
	 * @param application who calls
	 * @param peer who is called
	 * @param lock held during a call
	 * @param allowances judges the calls that fail
	 * @return the caller
	 */
	static Caller connecting(Application application, Application peer, Lock lock, Allowances allowances) {
		RestClient client = RestClient.builder()
			.requestFactory(ClientHttpRequestFactoryBuilder.simple().build(settings(application.bundle())))
			.defaultHeader("Connection", "close")
			.build();
		return new Caller(application + " on a new connection", client, peer.url(), Duration.ofMillis(100), lock,
				allowances);
	}

	private static HttpClientSettings settings(SpiffeSslBundle bundle) {
		return HttpClientSettings.ofSslBundle(bundle).withTimeouts(TIMEOUT, TIMEOUT);
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
			if (!ServingApplication.GREETING.equals(answer)) {
				throw new IllegalStateException("The answer was " + answer);
			}
			this.calls++;
		}
		catch (RuntimeException | Error ex) {
			this.allowances.judge(Failure.of(this.name, begun, System.nanoTime(), ex));
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
