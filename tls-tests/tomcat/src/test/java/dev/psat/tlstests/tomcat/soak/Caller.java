package dev.psat.tlstests.tomcat.soak;

import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.web.client.RestClient;

/**
 * A thread in which one application calls the other all the time, on the same connection
 * or on a new one each time.
 */
final class Caller extends Thread {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final Duration PAUSE_ON_KEPT_CONNECTION = Duration.ofMillis(20);

	private static final Duration PAUSE = Duration.ofMillis(100);

	private final Application application;

	private final RestClient client;

	private final String url;

	private final @Nullable KeptConnection connection;

	private final Lock lock;

	private final Allowances allowances;

	private volatile boolean over;

	private volatile long calls;

	/**
	 * Begin to call.
	 * @param application who calls
	 * @param peer who is called
	 * @param clients makes the client
	 * @param connection the connection to keep, {@code null} for none
	 * @param lock held during a call
	 * @param allowances judges the calls that fail
	 */
	Caller(Application application, Application peer, ClientHttpRequestFactoryBuilder<?> clients,
			@Nullable KeptConnection connection, Lock lock, Allowances allowances) {
		super("%s on a %s connection".formatted(application, (connection != null) ? "kept" : "new"));
		this.application = application;
		this.client = RestClient.builder()
			.requestFactory(
					clients.build(HttpClientSettings.ofSslBundle(application.bundle()).withTimeouts(TIMEOUT, TIMEOUT)))
			.build();
		this.url = peer.url((connection != null) ? "/greeting" : "/farewell");
		this.connection = connection;
		this.lock = lock;
		this.allowances = allowances;
		start();
	}

	/**
	 * Return how many calls were answered.
	 */
	long calls() {
		return this.calls;
	}

	@Nullable KeptConnection connection() {
		return this.connection;
	}

	@Override
	public void run() {
		while (!this.over) {
			this.lock.lock();
			try {
				call();
			}
			finally {
				this.lock.unlock();
			}
			LockSupport.parkNanos(((this.connection != null) ? PAUSE_ON_KEPT_CONNECTION : PAUSE).toNanos());
		}
	}

	private void call() {
		long begun = System.nanoTime();
		try {
			String answer = this.client.get().uri(this.url).retrieve().body(String.class);
			if (answer == null || !answer.startsWith(Application.GREETING)) {
				throw new IllegalStateException("The answer was " + answer);
			}
			if (this.connection != null) {
				this.connection.answered(answer);
			}
			this.calls++;
		}
		catch (RuntimeException | Error ex) {
			Duration time = Duration.ofNanos(System.nanoTime() - begun);
			this.allowances.judge(Failure.of(this.application.toString(), getName(), time, ex),
					this.connection == null || !this.connection.isOpen());
		}
	}

	void end() throws InterruptedException {
		this.over = true;
		join();
	}

}
