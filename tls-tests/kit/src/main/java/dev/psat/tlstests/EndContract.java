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
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.SeenPeer;
import dev.psat.support.Torture;
import org.awaitility.core.ConditionTimeoutException;
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
public abstract class EndContract extends SilentEndContract {

	private static final Duration LEEWAY = Duration.ofMinutes(2);

	/** Shorter than any client lets a connection idle. */
	private static final Duration BEFORE_IDLE = Duration.ofSeconds(20);

	/** Shorter than a server waits before it has a connection replaced. */
	private static final Duration BEFORE_REPLACEMENT = Duration.ofSeconds(9);

	private static final int RETRIES = 5;

	private static final Queue<Long> LAST_BYTES = new ConcurrentLinkedQueue<>();

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
		application().bean(Policy.class).invite(GUILTY);
		try (Crowd guilty = new Crowd(each); Crowd innocent = new Crowd(each)) {
			warm(each);
			LongSupplier learned = end(each, guilty, innocent);
			TlsApplication.patiently(Duration.ofNanos(learned.getAsLong() - System.nanoTime())).untilAsserted(() -> {
				innocent.assertThatNextCallSucceeds();
				assertThat(application().ended(each.cause()))
					.isGreaterThanOrEqualTo(guilty.endedBefore + atLeast(each, guilty));
				// those of others that clients have left open may have been counted first
				assertThat(application().open(GUILTY)).isZero();
			});
			Map<String, Long> accepted = accepted();
			gate.open();
			guilty.assertThatAllHaveEnded(learned.getAsLong());
			innocent.assertThatAllGoOn();
			assertThat(accepted()).as("handshakes since then").isEqualTo(accepted);
		}
		finally {
			gate.open();
			application().bean(Policy.class).invite(null);
			application().mortal().revive();
		}
		try (KeptClient next = client(application().world().credential(Peer.LISTED), each.version(), each.http2())) {
			assertThat(next.call()).isEqualTo("hello");
		}
	}

	/**
	 * Return how many connections have to end with a cause. Where the application has
	 * heard of the taint, a client may have replaced those that were idle.
	 */
	private static int atLeast(Case each, Crowd guilty) {
		return (each.cause() == EndCause.UNTRUSTED) ? 1 : guilty.calls.size();
	}

	/**
	 * Let the next ones connect as fast as they can.
	 */
	private void warm(Case each) {
		try (Crowd first = new Crowd(each)) {
			first.connect(application().world().credential(Peer.LISTED));
		}
	}

	/**
	 * Connect, and end the cause for some.
	 * @return when the application has learned of the end, once it has, or by when it
	 * must
	 */
	private LongSupplier end(Case each, Crowd guilty, Crowd innocent) throws Exception {
		TlsWorld world = application().world();
		switch (each.cause()) {
			case UNAUTHORIZED -> {
				guilty.connect(world.mint(GUILTY));
				innocent.connect(world.credential(Peer.LISTED));
				application().bean(Policy.class).invite(null);
				long learned = System.nanoTime();
				application().bundle().reauthorize();
				return () -> learned;
			}
			case UNTRUSTED -> {
				guilty.connect(world.mint(GUILTY));
				application().activateAuthority();
				innocent.connect(world.credential(Peer.LISTED));
				// at once, or the others would be replaced
				application().revokeAuthority();
				return application().mortal()::told;
			}
			case EXPIRED -> {
				Duration life = innocent.connect(world.credential(Peer.LISTED));
				return connectUntilExpiry(guilty, GUILTY, life, BEFORE_REPLACEMENT, UnaryOperator.identity());
			}
			default -> {
				Duration life = innocent.connect(world.credential(Peer.LISTED));
				innocent.close();
				return connectUntilExpiry(guilty, TlsWorld.ORDERS, life, BEFORE_IDLE, (last) -> {
					application().mortal().presentAsLast(last);
					return world.mint(GUILTY);
				});
			}
		}
	}

	/**
	 * Connect somebody while something lasts, which lasts longer the next time if that
	 * takes too long.
	 * @param crowd who is connected
	 * @param spiffeId what the X.509-SVID is for that soon expires
	 * @param first how long it lasts at first
	 * @param longest how long it may last
	 * @param credential returns what to connect with
	 * @return when it expires
	 */
	private LongSupplier connectUntilExpiry(Crowd crowd, String spiffeId, Duration first, Duration longest,
			UnaryOperator<Credential> credential) {
		Duration life = first;
		for (int i = 0;; i++, life = life.multipliedBy(2)) {
			life = (life.compareTo(longest) < 0) ? life : longest;
			Credential last = application().world().expiring(spiffeId, life.minus(LEEWAY));
			try {
				crowd.connect(credential.apply(last));
				assertThat(end(last)).as("when it expires").isGreaterThan(System.nanoTime());
				return () -> end(last);
			}
			catch (AssertionError | ConditionTimeoutException ex) {
				if (i == RETRIES || end(last) > System.nanoTime()) {
					throw ex;
				}
				crowd.close();
				application().mortal().revive();
			}
		}
	}

	private static long end(Credential last) {
		Instant end = last.leaf().getNotAfter().toInstant().plus(LEEWAY);
		return System.nanoTime() + Duration.between(Instant.now(), end).toNanos();
	}

	private Map<String, Long> accepted() {
		return application().clients().collect(Collectors.toMap((peer) -> peer.id().toString(), SeenPeer::accepted));
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

		private long endedBefore;

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
			this.endedBefore = application().ended(this.each.cause());
			Gate gate = application().bean(Gate.class);
			int callsBefore = gate.calls();
			for (Use use : Use.values()) {
				if (knows(use, this.each.http2())) {
					KeptClient client = client(credential, this.each.version(), this.each.http2());
					this.clients.add(client);
					this.calls.put(use, begin(use, client));
				}
			}
			this.calls.forEach((use, call) -> TlsApplication.patiently().untilAsserted(() -> {
				assertThat(call.end()).as("%s", use).isNotDone();
				if (use == Use.CALL_IN_FLIGHT) {
					// it is not known to have a connection before
					assertThat(gate.calls()).as("%s", use).isGreaterThan(callsBefore);
				}
				else {
					assertThat(call.count()).as("%s", use).isGreaterThan(3);
				}
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

		/**
		 * Assert that a connection that is open serves the next call, if there is one.
		 */
		void assertThatNextCallSucceeds() {
			if (!this.clients.isEmpty()) {
				assertThat(call(idle())).isEqualTo("hello");
			}
		}

		void assertThatAllGoOn() throws Exception {
			for (Map.Entry<Use, KeptClient.Begun> call : this.calls.entrySet()) {
				switch (call.getKey()) {
					case NEXT_CALL -> assertThatNextCallSucceeds();
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
			this.clients.clear();
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
