package dev.psat.tlstests;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.support.Torture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of any server whose connections end with the cause of their authorization,
 * while all others stay. Its bundle has the application's {@link Policy}, and its
 * handlers obey the application's {@link Gate}. Each case is about connections of all
 * uses.
 */
public abstract class EndContract {

	private static final Duration LEEWAY = Duration.ofMinutes(2);

	private static final Queue<Long> LAST_BYTES = new ConcurrentLinkedQueue<>();

	/**
	 * Return the application.
	 * @return the application, always the same instance
	 */
	protected abstract TlsApplication application();

	/**
	 * Connect to the server.
	 * @param credential the credential to present
	 * @param version the only TLS version to use
	 * @param http2 whether to use HTTP/2
	 * @return the client
	 */
	protected KeptClient client(Credential credential, TlsVersion version, boolean http2) {
		return new JdkKeptClient(application().port("server"), credential, version, http2);
	}

	/**
	 * Return whether the server knows a use.
	 * @param use the use
	 * @param http2 whether it is over HTTP/2
	 * @return whether it does
	 */
	protected boolean knows(Use use, boolean http2) {
		return use != Use.WEB_SOCKET || !http2;
	}

	/**
	 * Return the cases: each cause with each protocol and version in an ordinary build,
	 * and all of them in the others.
	 */
	static Stream<Case> cases() {
		List<Case> cases = new ArrayList<>();
		for (EndCause cause : EndCause.values()) {
			for (TlsVersion version : TlsVersion.values()) {
				for (boolean http2 : new boolean[] { false, true }) {
					boolean ordinary = http2 == ((version.ordinal() + cause.ordinal()) % 2 == 0);
					if (ordinary || Torture.times(0, 1) == 1) {
						cases.add(new Case(cause, version, http2));
					}
				}
			}
		}
		return cases.stream();
	}

	@ParameterizedTest
	@MethodSource("cases")
	void connectionEndsWithItsCause(Case each) throws Exception {
		Gate gate = application().bean(Gate.class);
		gate.close();
		try (Crowd guilty = new Crowd(each); Crowd innocent = new Crowd(each)) {
			long ended = ended(each);
			LongSupplier learned = end(each, guilty, innocent);
			TlsApplication.patiently()
				.untilAsserted(() -> assertThat(ended(each)).isGreaterThanOrEqualTo(ended + guilty.calls.size()));
			long accepted = accepted();
			gate.open();
			guilty.assertThatAllHaveEnded(learned.getAsLong());
			innocent.assertThatAllGoOn();
			assertThat(accepted()).as("handshakes since then").isEqualTo(accepted);
		}
		finally {
			gate.open();
			application().bean(Policy.class).widen(false);
			application().mortal().revive();
		}
		try (KeptClient next = client(application().world().credential(Peer.LISTED), each.version(), each.http2())) {
			assertThat(next.call()).isEqualTo("hello");
		}
	}

	/**
	 * Connect, and end the cause for some.
	 * @return when the application has learned of the end, once it has
	 */
	private LongSupplier end(Case each, Crowd guilty, Crowd innocent) throws Exception {
		TlsWorld world = application().world();
		switch (each.cause()) {
			case UNAUTHORIZED -> {
				application().bean(Policy.class).widen(true);
				guilty.connect(world.credential(Peer.STRANGER));
				innocent.connect(world.credential(Peer.LISTED));
				application().bean(Policy.class).widen(false);
				long learned = System.nanoTime();
				application().bundle().reauthorize();
				return () -> learned;
			}
			case UNTRUSTED -> {
				guilty.connect(world.credential(Peer.LISTED));
				application().replaceAuthority(() -> innocent.connect(world.credential(Peer.LISTED)));
				return application().mortal()::told;
			}
			case EXPIRED -> {
				Duration life = innocent.connect(world.credential(Peer.LISTED));
				Credential last = world.expiring(TlsWorld.LISTED, life.minus(LEEWAY));
				guilty.connect(last);
				return () -> end(last);
			}
			default -> {
				Duration life = innocent.connect(world.credential(Peer.LISTED));
				innocent.close();
				Credential last = world.expiring(TlsWorld.ORDERS, life.minus(LEEWAY));
				application().mortal().presentAsLast(last);
				guilty.connect(world.credential(Peer.LISTED));
				return () -> end(last);
			}
		}
	}

	private static long end(Credential last) {
		Instant end = last.leaf().getNotAfter().toInstant().plus(LEEWAY);
		return System.nanoTime() + Duration.between(Instant.now(), end).toNanos();
	}

	private long ended(Case each) {
		return application().bundle().connections().ended(Direction.INBOUND, each.cause());
	}

	private long accepted() {
		return application().count(Direction.INBOUND, HandshakeOutcome.ACCEPTED);
	}

	@AfterAll
	static void tell() {
		List<Long> sorted = LAST_BYTES.stream().sorted().toList();
		LAST_BYTES.clear();
		if (!sorted.isEmpty()) {
			Torture.tell("the last byte of %d streams came %.1f ms (p50) and %.1f ms (max) after the end was known"
				.formatted(sorted.size(), sorted.get(sorted.size() / 2) / 1e6, sorted.get(sorted.size() - 1) / 1e6));
		}
	}

	/**
	 * Clients with the same credential, one for each use.
	 */
	private final class Crowd implements AutoCloseable {

		private final Case each;

		private final List<KeptClient> clients = new ArrayList<>();

		private final Map<Use, KeptClient.Begun> calls = new EnumMap<>(Use.class);

		private @Nullable KeptClient idle;

		Crowd(Case each) {
			this.each = each;
		}

		/**
		 * Connect, and use the connections.
		 * @param credential the credential to present
		 * @return how long somebody who does the same is in need of a credential
		 */
		Duration connect(Credential credential) {
			long begin = System.nanoTime();
			for (Use use : Use.values()) {
				if (knows(use, this.each.http2())) {
					KeptClient client = client(credential, this.each.version(), this.each.http2());
					this.clients.add(client);
					this.calls.put(use, begin(use, client));
				}
			}
			this.calls.forEach((use, call) -> TlsApplication.patiently().untilAsserted(() -> {
				assertThat(call.end()).as("%s", use).isNotDone();
				assertThat(call.count()).as("%s", use).isGreaterThan((use != Use.CALL_IN_FLIGHT) ? 3 : -1);
			}));
			return Duration.ofNanos(System.nanoTime() - begin).multipliedBy(3).plusSeconds(1);
		}

		private KeptClient.Begun begin(Use use, KeptClient client) {
			return switch (use) {
				case NEXT_CALL -> {
					this.idle = client;
					KeptClient.Begun begun = new KeptClient.Begun();
					for (int i = 0; i < 5; i++) {
						assertThat(call(client)).isEqualTo("hello");
						begun.received();
					}
					yield begun;
				}
				case CALL_IN_FLIGHT -> client.begin();
				case STREAM -> client.stream();
				case WEB_SOCKET -> client.webSocket();
			};
		}

		private KeptClient idle() {
			return Objects.requireNonNull(this.idle);
		}

		private static String call(KeptClient client) {
			try {
				return client.call();
			}
			catch (Exception ex) {
				return ex.toString();
			}
		}

		void assertThatAllHaveEnded(long learned) throws Exception {
			for (Map.Entry<Use, KeptClient.Begun> call : this.calls.entrySet()) {
				String answer = (call.getKey() == Use.NEXT_CALL) ? call(idle()) : call.getValue().await();
				assertThat(answer).as("%s", call.getKey())
					.isNotEqualTo("hello")
					.isNotEqualTo("hangs")
					.doesNotContain("Timeout", "DEADLINE", "AEADBadTag");
				if (call.getKey() == Use.STREAM || call.getKey() == Use.WEB_SOCKET) {
					LAST_BYTES.add(Math.max(call.getValue().lastReceived() - learned, 0));
				}
			}
		}

		void assertThatAllGoOn() throws Exception {
			for (Map.Entry<Use, KeptClient.Begun> call : this.calls.entrySet()) {
				switch (call.getKey()) {
					case NEXT_CALL -> assertThat(idle().call()).isEqualTo("hello");
					case CALL_IN_FLIGHT -> assertThat(call.getValue().await()).isEqualTo("hello");
					default -> {
						long count = call.getValue().count();
						TlsApplication.patiently().until(() -> call.getValue().count() > count + 5);
						assertThat(call.getValue().end()).isNotDone();
					}
				}
			}
		}

		@Override
		public void close() {
			this.calls.values().forEach(KeptClient.Begun::cancel);
			this.clients.forEach(KeptClient::close);
			this.calls.clear();
		}

	}

	/**
	 * What a connection is used for.
	 */
	public enum Use {

		/** For the next call, while it idles. */
		NEXT_CALL,

		/** For a call that the server has not answered yet. */
		CALL_IN_FLIGHT,

		/** For an answer without an end. */
		STREAM,

		/** For messages of either side. */
		WEB_SOCKET

	}

	/**
	 * A case.
	 *
	 * @param cause the cause that ends
	 * @param version the version of TLS
	 * @param http2 whether the connections are of HTTP/2
	 */
	record Case(EndCause cause, TlsVersion version, boolean http2) {

	}

}
