package dev.psat.tlstests;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.tls.EndCause;
import dev.psat.support.ClassicAuthority;
import dev.psat.support.Torture;
import dev.psat.tlstests.ClientContract.Call;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The contract of any client with a bundle: what becomes of its connections when the
 * cause of their authorization ends, and that nobody loses a call where the end is
 * foreseen. It needs no application, but the clients may be those of one.
 */
@Execution(ExecutionMode.CONCURRENT)
public abstract class OutboundEndContract {

	private static final int THREADS = 3;

	/** Long enough to connect and call. */
	private static final Duration SHORT_LIFE = Duration.ofSeconds(4);

	/** Longer than a client waits before it closes what it does not use any more. */
	private static final Duration LONG_CALL = Duration.ofMillis(2500);

	/** Shorter than a client keeps a connection that should soon be replaced. */
	private static final Duration BEFORE_REPLACEMENT = Duration.ofSeconds(9);

	private static final int ROUNDS = Torture.times(1, 5);

	private final Function<SslBundle, Call> clients;

	/**
	 * Create a contract.
	 * @param clients creates a client of a bundle as the application does, with a
	 * separate pool and both kinds of calls
	 */
	protected OutboundEndContract(Function<SslBundle, Call> clients) {
		this.clients = clients;
	}

	/**
	 * Return whether the client speaks HTTP/2, too.
	 * @return whether it does, which is not so unless overridden
	 */
	protected boolean speaksHttp2() {
		return false;
	}

	/**
	 * Return whether the call that meets the end of its connection fails with the reason.
	 * @return whether it does, which is so unless overridden; otherwise, it fails as if
	 * the server had gone, and those that follow tell the reason
	 */
	protected boolean tellsReasonAtTheEnd() {
		return true;
	}

	/**
	 * Return whether a call that waits for its answer fails although the server says
	 * nothing more.
	 * @return whether it does, which is so unless overridden; otherwise, it would wait
	 * for its timeout
	 */
	protected boolean noticesEndWhileWaiting() {
		return true;
	}

	/**
	 * Return whether the client keeps a connection as long as nothing ends it.
	 * @return whether it does, which is so unless overridden
	 */
	protected boolean keepsConnections() {
		return true;
	}

	/**
	 * Return whether the client speaks HTTP/1.1.
	 * @return whether it does, which is so unless overridden
	 */
	protected boolean speaksHttp11() {
		return true;
	}

	/**
	 * Start a server to call.
	 * @param credential the credential that it presents
	 * @param version its only TLS version
	 * @param http2 whether it speaks HTTP/2 alone
	 * @return the server
	 */
	protected EndingServer serve(Credential credential, TlsVersion version, boolean http2) {
		return new EndingPeer(credential, version, http2);
	}

	@TestFactory
	Stream<DynamicTest> connectionEndsWithItsCauseAndSparesOthers() {
		return EndTrial.of(speaksHttp2())
			.stream()
			.filter((trial) -> trial.http2() || speaksHttp11())
			.map((trial) -> DynamicTest.dynamicTest(trial.toString(), () -> connectionEnds(trial)));
	}

	/**
	 * Where time ends the cause, a busy machine may need more of it to connect.
	 */
	private void connectionEnds(EndTrial trial) throws Exception {
		Duration life = SHORT_LIFE;
		while (!connectionEnds(trial, new EndScene(life))) {
			life = BEFORE_REPLACEMENT;
		}
	}

	private boolean connectionEnds(EndTrial trial, EndScene scene) throws Exception {
		Call client = this.clients.apply(scene.bundle());
		try (EndingServer innocent = serve(scene.innocent(), trial.version(), trial.http2());
				EndLoad load = new EndLoad(client, innocent.uri(), 1)) {
			load.goOn();
			int connections = innocent.connections();
			scene.expect(trial.cause());
			try (EndingServer guilty = serve(scene.guilty(trial.cause()), trial.version(), trial.http2())) {
				Optional<FutureTask<String>> inFlight = connect(trial, scene, guilty, client);
				if (inFlight.isEmpty()) {
					return false;
				}
				assertThatConnectionEnds(trial, guilty, client, inFlight.get(), () -> scene.end(trial.cause()));
			}
			if (trial.cause() != EndCause.IDENTITY) {
				load.goOn();
				assertThat(load.failures()).isEmpty();
				if (keepsConnections()) {
					assertThat(innocent.connections()).isEqualTo(connections);
				}
			}
			return true;
		}
	}

	/**
	 * Connect, and have a call in flight if the trial needs one.
	 * @return that call, or one that never begins; empty if the cause has ended meanwhile
	 */
	private static Optional<FutureTask<String>> connect(EndTrial trial, EndScene scene, EndingServer guilty,
			Call client) throws Exception {
		FutureTask<String> inFlight = new FutureTask<>(() -> call(client, trial.post(), guilty.heldUri()));
		try {
			assertThat(client.get(guilty.uri())).isEqualTo("hello");
			if (trial.inFlight()) {
				start(inFlight);
				EndLoad.patiently().until(() -> guilty.held() == 1);
			}
		}
		catch (Exception | AssertionError ex) {
			if (!scene.isOver()) {
				throw ex;
			}
		}
		return scene.isOver() ? Optional.empty() : Optional.of(inFlight);
	}

	private void assertThatConnectionEnds(EndTrial trial, EndingServer guilty, Call client, FutureTask<String> inFlight,
			Runnable end) throws Exception {
		String reason = EndScene.reason(trial.cause());
		end.run();
		long bytes = guilty.bytes();
		int requests = guilty.requests();
		if (!noticesEndWhileWaiting()) {
			guilty.release();
		}
		if (trial.inFlight()) {
			assertThatFails(inFlight, tellsReasonAtTheEnd() ? reason : "");
		}
		guilty.release();
		for (int i = 0; i < 3; i++) {
			FutureTask<String> next = new FutureTask<>(() -> call(client, trial.post(), guilty.uri()));
			start(next);
			assertThatFails(next, (i > 0 || tellsReasonAtTheEnd()) ? reason : "");
		}
		assertThat(guilty.bytes()).isEqualTo(bytes);
		assertThat(guilty.requests()).isEqualTo(requests);
	}

	/**
	 * Nothing else ends a connection to a server with a classic certificate.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void connectionOfIdentityBundleEndsWithOurOwnSvid(boolean inFlight) throws Exception {
		EndScene scene = new EndScene(SHORT_LIFE);
		ClassicAuthority web = new ClassicAuthority();
		IdentitySslBundle bundle = IdentitySslBundle.of(scene::identity,
				() -> SslBundle.of(SslStoreBundle.of(null, null, web.trustStore())), SslOptions.NONE);
		Call client = this.clients.apply(bundle);
		try (EndingServer server = serve(Credential.of(web, "localhost"), TlsVersion.TLS_1_3, speaksHttp2())) {
			assertThat(client.get(server.uri())).isEqualTo("hello");
			scene.identity().present(scene.root().mint(TlsWorld.ORDERS));
			scene.identity().trust(scene.other().authority());
			assertThat(client.post(server.uri())).isEqualTo("hello");
			if (keepsConnections()) {
				assertThat(server.connections()).isOne();
			}
			EndTrial trial = new EndTrial(EndCause.IDENTITY, inFlight, true, TlsVersion.TLS_1_3, speaksHttp2());
			FutureTask<String> call = connect(trial, scene, server, client).orElseThrow();
			assertThatConnectionEnds(trial, server, client, call, () -> {
				scene.identity().withdraw();
				scene.end(EndCause.IDENTITY, bundle);
			});
		}
	}

	@ParameterizedTest
	@EnumSource
	void noCallFailsWhereTheEndIsForeseen(Foreseen foreseen) throws Exception {
		for (boolean http2 : protocols()) {
			for (int i = 0; i < ROUNDS; i++) {
				EndLoad load = change(foreseen, http2, true);
				assertThat(load.failures()).isEmpty();
			}
		}
	}

	/**
	 * A client may have to wait for the end of the call before it connects once more.
	 */
	@Test
	void callThatIsUnderWayIsFinishedWhereItsConnectionIsReplaced() throws Exception {
		for (boolean http2 : protocols()) {
			EndScene scene = new EndScene(SHORT_LIFE);
			Call client = this.clients.apply(scene.bundle());
			try (EndingServer server = serve(scene.innocent(), TlsVersion.TLS_1_3, http2)) {
				assertThat(client.get(server.uri())).isEqualTo("hello");
				FutureTask<String> underWay = new FutureTask<>(() -> client.post(server.heldUri()));
				start(underWay);
				EndLoad.patiently().until(() -> server.held() == 1);
				BigInteger own = scene.identity().x509Svid().serialNumber();
				scene.identity().present(scene.root().mint(TlsWorld.ORDERS));
				FutureTask<String> next = new FutureTask<>(() -> client.post(server.uri()));
				start(next);
				assertThatExceptionOfType(TimeoutException.class)
					.isThrownBy(() -> underWay.get(LONG_CALL.toMillis(), TimeUnit.MILLISECONDS));
				server.release();
				assertThat(underWay.get(EndLoad.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("hello");
				assertThat(next.get(EndLoad.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("hello");
				EndLoad.patiently().until(() -> {
					assertThat(client.post(server.uri())).isEqualTo("hello");
					return server.requests((shown) -> !shown.client().equals(own)) > 0;
				});
			}
		}
	}

	/**
	 * What is in flight on each connection may fail, and what is sent before its end is
	 * noticed. Callers rest after each failure, so this is a bound on the time of that,
	 * too.
	 */
	@Execution(ExecutionMode.SAME_THREAD)
	@ParameterizedTest
	@EnumSource
	void suddenEndOnlyBoundsFailures(Foreseen foreseen) throws Exception {
		for (boolean http2 : protocols()) {
			EndLoad load = change(foreseen, http2, false);
			assertThat(load.failures()).hasSizeLessThanOrEqualTo(4 * THREADS);
		}
	}

	private List<Boolean> protocols() {
		return Stream.of(false, true).filter((http2) -> http2 ? speaksHttp2() : speaksHttp11()).toList();
	}

	/**
	 * Have the other end of a connection be replaced. On a busy machine, connections may
	 * be due before that, and others take their place too early.
	 */
	private EndLoad change(Foreseen foreseen, boolean http2, boolean gently) throws Exception {
		Duration untilLate = Foreseen.UNTIL_LATE;
		Optional<EndLoad> load = change(foreseen, untilLate, http2, gently);
		while (load.isEmpty()) {
			untilLate = untilLate.multipliedBy(3);
			load = change(foreseen, untilLate, http2, gently);
		}
		return load.get();
	}

	private Optional<EndLoad> change(Foreseen foreseen, Duration untilLate, boolean http2, boolean gently)
			throws Exception {
		EndScene scene = new EndScene(SHORT_LIFE);
		// as precise as certificates are
		Instant late = Instant.now().plus(untilLate).truncatedTo(ChronoUnit.SECONDS);
		Credential before = foreseen.before(scene, late);
		BigInteger own = scene.identity().x509Svid().serialNumber();
		try (EndingServer server = serve(before, TlsVersion.TLS_1_3, http2);
				EndLoad load = new EndLoad(this.clients.apply(scene.bundle()), server.uri(), THREADS,
						gently ? EndLoad.PAUSE : Duration.ZERO)) {
			load.goOn();
			foreseen.change(scene, server);
			if (foreseen == Foreseen.PEER_RENEWED && Instant.now().isAfter(late)) {
				return Optional.empty();
			}
			if (gently) {
				awaitNewConnections(load, server, (shown) -> foreseen.isOld(shown, before, own));
			}
			if (foreseen == Foreseen.TAINTED) {
				scene.identity().trust(scene.other().authority());
			}
			else {
				server.reset((shown) -> foreseen.isOld(shown, before, own));
			}
			load.goOn();
			load.goOn();
			load.close();
			Torture.tell("%s, %s, HTTP/%s, %s: %d of %d calls failed, %d connections".formatted(
					getClass().getSimpleName(), foreseen, http2 ? "2" : "1.1", gently ? "soft" : "hard",
					load.failures().size(), load.calls(), server.connections()));
			return Optional.of(load);
		}
	}

	/**
	 * Wait until each thread has made calls without any of them by an old connection.
	 */
	private static void awaitNewConnections(EndLoad load, EndingServer server, Predicate<EndingServer.Shown> old) {
		EndLoad.patiently().until(() -> {
			int before = server.requests(old);
			load.goOn();
			return server.requests(old) == before;
		});
	}

	private static String call(Call client, boolean post, URI uri) throws Exception {
		return post ? client.post(uri) : client.get(uri);
	}

	private static void start(FutureTask<String> call) {
		Thread thread = new Thread(call, "outbound-call");
		thread.setDaemon(true);
		thread.start();
	}

	private static void assertThatFails(FutureTask<String> call, String reason) {
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> call.get(EndLoad.PATIENCE.toSeconds(), TimeUnit.SECONDS))
			.withStackTraceContaining(reason);
	}

	/**
	 * An end that both sides know of beforehand.
	 */
	enum Foreseen {

		/** This application has another X.509-SVID. */
		OWN_RENEWED,

		/** The server has another X.509-SVID, and the old one is in its last sixth. */
		PEER_RENEWED,

		/** The authority of both is tainted, and later revoked. */
		TAINTED;

		private static final Duration LIFE = Duration.ofHours(1);

		private static final Duration UNTIL_LATE = Duration.ofSeconds(2);

		Credential before(EndScene scene, Instant late) {
			if (this == PEER_RENEWED) {
				Instant expiry = late.plus(LIFE.dividedBy(6));
				return scene.root().mint(TlsWorld.LISTED, expiry.minus(LIFE), expiry);
			}
			return scene.root().mint(TlsWorld.LISTED);
		}

		void change(EndScene scene, EndingServer server) {
			switch (this) {
				case OWN_RENEWED -> scene.identity().present(scene.root().mint(TlsWorld.ORDERS));
				case PEER_RENEWED -> server.renew(scene.root().mint(TlsWorld.LISTED));
				case TAINTED -> {
					server.renew(scene.other().mint(TlsWorld.LISTED));
					scene.identity().present(scene.other().mint(TlsWorld.ORDERS));
					scene.identity().trust(scene.root().tainted(), scene.other().authority());
				}
			}
		}

		boolean isOld(EndingServer.Shown shown, Credential before, BigInteger own) {
			return (this == OWN_RENEWED) ? shown.client().equals(own)
					: shown.server().equals(before.leaf().getSerialNumber());
		}

	}

}
