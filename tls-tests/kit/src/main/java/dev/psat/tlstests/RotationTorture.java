package dev.psat.tlstests;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

import dev.psat.spiffe.X509Authority;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.support.Torture;
import dev.psat.tlstests.ClientContract.Call;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ssl.SslBundle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that calls itself again and again, by all clients that it knows, while
 * its X.509-SVID is replaced as fast as new ones are issued, and occasionally the
 * authority of the trust domain, too, or the agent. Clients that nothing of ours has made
 * call it as well. It is short in ordinary builds, and long with the Maven profile
 * {@code torture}.
 */
public abstract class RotationTorture {

	/** The application may also call itself, besides the listed peers. */
	protected static final String[] CALLS_ITSELF = {
			"spire.bundle.authorized-clients=" + TlsWorld.ORDERS + "," + TlsWorld.LISTED,
			"spire.bundle.authorized-servers=" + TlsWorld.ORDERS };

	private static final int ROTATIONS = Torture.times(10, 200);

	private static final int ROTATIONS_OF_AN_AUTHORITY = 5;

	private static final int SUDDEN_REVOCATIONS = Torture.times(1, 10);

	private static final int THREADS = Torture.times(1, 2);

	/** Or the application would hardly come to anything else. */
	private static final Duration PAUSE = Duration.ofMillis(2);

	/** For the thread that finds out which connections are due, on a busy machine. */
	private static final Duration BEFORE_REVOCATION = Duration.ofSeconds(2);

	/** What is in flight, and what is sent before the end is noticed. */
	private static final int FAILURES = 4 * THREADS;

	/**
	 * Return the application.
	 * @return the application
	 */
	protected abstract TlsApplication application();

	/**
	 * Return how to reach the application.
	 * @return the target and the request
	 */
	protected Knock knock() {
		return Knock.http(application().port("server"), "/greeting");
	}

	/**
	 * Return new clients of the application, which keep their connections open.
	 * @return the clients by name
	 */
	protected abstract Map<String, Call> clients();

	/**
	 * Return clients that nothing of ours has made, and whose connections are replaced
	 * where the server asks for it.
	 * @return by their names, what makes them
	 */
	protected Map<String, Function<SSLContext, KeptClient>> foreignClients() {
		return JdkKeptClient.ofBothVersions(application().port("server"));
	}

	@Test
	void noCallFailsAndEveryHandshakeShowsTheNewestSvid() throws Exception {
		long accepted = accepted();
		long began = System.nanoTime();
		Traffic traffic = new Traffic();
		try (traffic) {
			for (int i = 1; i <= ROTATIONS; i++) {
				if (i % ROTATIONS_OF_AN_AUTHORITY == 0) {
					traffic.beginJdkClients();
					application().replaceAuthority(traffic::renewCredential, traffic::awaitNewConnections);
				}
				else if (i % ROTATIONS_OF_AN_AUTHORITY == 1) {
					application().restart();
				}
				else {
					application().rotate();
				}
				assertThatHandshakeShowsNewestSvid();
			}
		}
		long handshakes = accepted() - accepted;
		Torture.tell("%s: %d rotations and %d handshakes in %d ms while %s".formatted(getClass().getSimpleName(),
				ROTATIONS, handshakes, (System.nanoTime() - began) / 1_000_000, traffic));
		traffic.lines.forEach((line) -> assertThat(line.failures()).as("%s", line)
			.hasSizeLessThanOrEqualTo(line.mayLose(ROTATIONS / ROTATIONS_OF_AN_AUTHORITY)));
		assertThat(handshakes).as("handshakes, with those of callers that begin anew")
			.isGreaterThan((long) ROTATIONS * TlsVersion.values().length + traffic.lines.size());
	}

	@Test
	void revocationWithoutPauseOnlyBoundsFailures() throws Exception {
		Traffic traffic = new Traffic();
		try (traffic) {
			for (int i = 0; i < SUDDEN_REVOCATIONS; i++) {
				traffic.goOn();
				List<Integer> before = traffic.failures();
				application().replaceAuthority(traffic::renewCredential, () -> {
				});
				traffic.goOn();
				traffic.awaitSuccesses();
				List<Integer> after = traffic.failures();
				for (int j = 0; j < before.size(); j++) {
					assertThat(after.get(j) - before.get(j)).as("%s", traffic).isLessThanOrEqualTo(FAILURES);
				}
			}
		}
		Torture.tell("%s: %d revocations without a pause while %s".formatted(getClass().getSimpleName(),
				SUDDEN_REVOCATIONS, traffic));
	}

	private long accepted() {
		return application().count(Direction.INBOUND, HandshakeOutcome.ACCEPTED);
	}

	private void assertThatHandshakeShowsNewestSvid() {
		for (TlsVersion version : TlsVersion.values()) {
			Reception reception = new JavaCaller().call(knock(), version, credential());
			assertThat(reception.answered()).as(reception.output()).isTrue();
			assertThat(reception.server()).isNotNull();
			assertThat(reception.server().getSerialNumber()).isEqualTo(application().serialNumber());
		}
	}

	private Credential credential() {
		return Credential.of(application().world().server().mintX509Svid(TlsWorld.ORDERS));
	}

	/**
	 * A client of the JDK, which is built anew at most once a minute, as often as nobody
	 * rotates. Whoever replaces an authority in less time has to begin with a client that
	 * has not been built anew lately.
	 */
	protected static final class JdkCall implements Call {

		private final SslBundle bundle;

		private final boolean http2;

		private volatile Call current;

		/**
		 * Create a client.
		 * @param bundle its bundle
		 * @param http2 whether it speaks HTTP/2
		 */
		public JdkCall(SslBundle bundle, boolean http2) {
			this.bundle = bundle;
			this.http2 = http2;
			this.current = Call.jdk(bundle, http2);
		}

		void begin() {
			this.current = Call.jdk(this.bundle, this.http2);
		}

		@Override
		public String get(URI uri) throws Exception {
			return this.current.get(uri);
		}

		@Override
		public String post(URI uri) throws Exception {
			return this.current.post(uri);
		}

	}

	private record KeptCall(KeptClient client) implements Call {

		@Override
		public String get(URI uri) throws Exception {
			return this.client.call();
		}

		@Override
		public String post(URI uri) throws Exception {
			return this.client.post();
		}

	}

	/**
	 * What one client calls.
	 */
	private record Line(String name, Call client, EndLoad load) {

		List<Throwable> failures() {
			return this.load.failures();
		}

		/**
		 * Older clients of the JDK fail whatever is in flight when a server says that it
		 * will serve no more. One that has just been built anew, and has connected at the
		 * moment of a rotation with the earlier X.509-SVID, is used until the end.
		 */
		int mayLose(int ends) {
			boolean told = this.client instanceof KeptCall && this.name.contains("HTTP_2")
					&& Runtime.version().feature() < 25;
			return (told || this.client instanceof JdkCall) ? ends * THREADS : 0;
		}

		@Override
		public String toString() {
			return "%s made %d calls, %d of which failed".formatted(this.name, this.load.calls(), failures().size());
		}

	}

	/**
	 * All calls.
	 */
	private final class Traffic implements AutoCloseable {

		private final List<Line> lines = new ArrayList<>();

		private final List<KeptClient> foreign = new ArrayList<>();

		private final ChangingCredential credential;

		/**
		 * Begin. From an agent, no server learns what it would have to ask foreign
		 * clients for.
		 */
		Traffic() {
			this.credential = new ChangingCredential(application().world().credential(Peer.LISTED));
			clients().forEach(this::add);
			if (application().world().workloadApi() == null) {
				foreignClients().forEach((name, maker) -> {
					KeptClient client = maker.apply(this.credential.sslContext());
					this.foreign.add(client);
					add("foreign " + name, new KeptCall(client));
				});
			}
		}

		private void add(String name, Call client) {
			this.lines.add(new Line(name, client, new EndLoad(client, URI.create(knock().url()), THREADS, PAUSE)));
		}

		void goOn() {
			this.lines.forEach((line) -> line.load().goOn());
		}

		List<Integer> failures() {
			return this.lines.stream().map((line) -> line.failures().size()).toList();
		}

		/**
		 * Wait until all have called again without a failure. The connections end a
		 * moment after the application knows of the revocation.
		 */
		void awaitSuccesses() {
			TlsApplication.patiently().until(() -> {
				List<Integer> before = failures();
				goOn();
				return failures().equals(before);
			});
		}

		void beginJdkClients() {
			for (Line line : this.lines) {
				if (line.client() instanceof JdkCall client) {
					client.begin();
				}
			}
		}

		void renewCredential() {
			this.credential.change(application().world().credential(Peer.LISTED));
		}

		/**
		 * Pause until everybody has had a chance to open another connection.
		 */
		void awaitNewConnections() {
			if (application().world().workloadApi() == null) {
				TlsApplication.patiently()
					.until(() -> application().identity()
						.trustBundle()
						.x509Authorities()
						.stream()
						.anyMatch(X509Authority::tainted));
			}
			long tainted = System.nanoTime();
			TlsApplication.patiently().until(() -> System.nanoTime() - tainted > BEFORE_REVOCATION.toNanos());
			goOn();
		}

		@Override
		public void close() throws InterruptedException {
			for (Line line : this.lines) {
				line.load().close();
			}
			this.foreign.forEach(KeptClient::close);
		}

		@Override
		public String toString() {
			return this.lines.toString();
		}

	}

}
