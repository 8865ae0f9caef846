package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.AdditionalAnswers;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;

/**
 * Tests for {@link EndingSslEngine}.
 */
class EndingSslEngineTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private final MutableIdentity orders = MutableIdentity.of(ROOT, "spiffe://example.org/orders").telling();

	private final SvidTls client = SvidTls.of(this.orders, Registry.ANYBODY, TlsOptions.NONE, Time.ofSystem());

	private final SvidTls server = SvidTls.of(MutableIdentity.of(ROOT, "spiffe://example.org/bank"), Registry.ANYBODY,
			TlsOptions.NONE, Time.ofSystem());

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void engineOfAClientThrowsAndIsClosedFromThenOn(String protocol) throws Exception {
		EngineHandshake connection = begin(protocol).end();
		SSLEngine engine = connection.client();
		assertThat(engine).isInstanceOf(EndingSslEngine.class);
		assertThat(this.client.tls().connection(engine.getSession())).isNotNull();
		this.orders.trust(new SvidMint("root").bundle());
		Registry.awaiting()
			.until(() -> this.client.tls().connections().ended(Direction.OUTBOUND, EndCause.UNTRUSTED) == 1);
		ByteBuffer written = ByteBuffer.allocate(32 * 1024);
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> engine.wrap(ByteBuffer.wrap(new byte[10]), written))
			.withMessageContaining("does not chain to an authority of the trust bundle");
		assertThatExceptionOfType(SSLException.class).as("a reader with bytes left would read again and again")
			.isThrownBy(() -> engine.unwrap(ByteBuffer.wrap(new byte[10]), ByteBuffer.allocate(32 * 1024)))
			.withMessageContaining("does not chain to an authority of the trust bundle");
		for (int i = 0; i < 2; i++) {
			assertThat(engine.wrap(ByteBuffer.wrap(new byte[10]), written).getStatus()).isEqualTo(Status.CLOSED);
			assertThat(engine.unwrap(ByteBuffer.wrap(new byte[10]), ByteBuffer.allocate(32 * 1024)).getStatus())
				.isEqualTo(Status.CLOSED);
		}
		assertThat(written.position()).isZero();
		assertThat(engine.isInboundDone()).isTrue();
		assertThat(engine.isOutboundDone()).isTrue();
		assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
		assertThat(engine.getDelegatedTask()).isNull();
		assertThat(connection.server().isInboundDone()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void engineThatReadsThrows(String protocol) throws Exception {
		SSLEngine engine = begin(protocol).end().client();
		this.orders.trust(new SvidMint("root").bundle());
		Registry.awaiting()
			.until(() -> this.client.tls().connections().ended(Direction.OUTBOUND, EndCause.UNTRUSTED) == 1);
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> engine.unwrap(ByteBuffer.wrap(new byte[10]), ByteBuffer.allocate(32 * 1024)));
		assertThat(engine.wrap(ByteBuffer.wrap(new byte[10]), ByteBuffer.allocate(32 * 1024)).getStatus())
			.isEqualTo(Status.CLOSED);
		assertThat(engine.unwrap(ByteBuffer.wrap(new byte[10]), ByteBuffer.allocate(32 * 1024)).getStatus())
			.isEqualTo(Status.CLOSED);
	}

	/**
	 * In the loop of its reader, the JDK's client takes a closed engine for one that will
	 * read the rest the next time.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void clientOfTheJdkFailsWhoseReaderHasBytesLeftWhetherItsWriterHearsOfTheEndOrNot(boolean writer) throws Exception {
		HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setHttpsConfigurator(new HttpsConfigurator(this.server.tls().context()) {

			@Override
			public void configure(HttpsParameters parameters) {
				SSLParameters tls = getSSLContext().getDefaultSSLParameters();
				tls.setNeedClientAuth(true);
				parameters.setSSLParameters(tls);
			}

		});
		byte[] body = new byte[1024 * 1024];
		server.createContext("/", (exchange) -> {
			exchange.sendResponseHeaders(200, body.length);
			try (OutputStream out = exchange.getResponseBody()) {
				out.write(body);
			}
		});
		server.start();
		try {
			AtomicBoolean met = new AtomicBoolean();
			HttpClient client = HttpClient.newBuilder()
				.version(HttpClient.Version.HTTP_1_1)
				.sslContext(new EngineContext(this.client.tls().context(),
						(engine) -> endingWhileBytesAreLeft(engine, writer, met)))
				.build();
			URI uri = URI.create("https://localhost:%d/".formatted(server.getAddress().getPort()));
			CompletableFuture<?> call = client.sendAsync(HttpRequest.newBuilder(uri).build(),
					HttpResponse.BodyHandlers.ofByteArray());
			assertThat(call).failsWithin(Patience.LIMIT)
				.withThrowableOfType(ExecutionException.class)
				.withCauseInstanceOf(IOException.class);
			assertThat(met).isTrue();
		}
		finally {
			server.stop(0);
		}
	}

	private static SSLEngine endingWhileBytesAreLeft(SSLEngine engine, boolean writer, AtomicBoolean met)
			throws SSLException {
		SSLEngine reading = Mockito.mock(SSLEngine.class, AdditionalAnswers.delegatesTo(engine));
		EndingSslEngine.Signal signal = new EndingSslEngine.Signal();
		SSLEngine ending = new EndingSslEngine(reading, signal);
		Mockito.doAnswer((invocation) -> {
			ByteBuffer source = invocation.getArgument(0);
			SSLEngineResult result = engine.unwrap(source, invocation.<ByteBuffer[]>getArgument(1),
					invocation.<Integer>getArgument(2), invocation.<Integer>getArgument(3));
			if (result.bytesProduced() > 0 && source.hasRemaining() && met.compareAndSet(false, true)) {
				signal.end(engine, "It is over");
				if (writer) {
					assertThatExceptionOfType(SSLException.class)
						.isThrownBy(() -> ending.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(32 * 1024)));
				}
			}
			return result;
		}).when(reading).unwrap(any(ByteBuffer.class), any(ByteBuffer[].class), anyInt(), anyInt());
		return ending;
	}

	@Test
	void engineThrowsInTheMiddleOfAHandshake() {
		EndingSslEngine.Signal signal = new EndingSslEngine.Signal();
		SSLEngine engine = new EndingSslEngine(this.client.tls().context().createSSLEngine("localhost", 1), signal);
		EngineHandshake handshake = EngineHandshake.begin(engine, this.server.tls().context().createSSLEngine(),
				"TLSv1.3");
		signal.end(engine, "It is over");
		assertThatExceptionOfType(SSLException.class).isThrownBy(handshake::end).withMessage("It is over");
		assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
	}

	@Test
	void ofTwoThreadsOneGetsTheException() throws Exception {
		for (int i = 0; i < 200; i++) {
			EndingSslEngine.Signal signal = new EndingSslEngine.Signal();
			FakeEngine fake = new FakeEngine();
			SSLEngine engine = new EndingSslEngine(fake, signal);
			signal.end(fake, "It is over");
			AtomicInteger thrown = new AtomicInteger();
			List<Thread> threads = new ArrayList<>();
			for (int j = 0; j < 2; j++) {
				threads.add(new Thread(() -> {
					try {
						engine.wrap(ByteBuffer.allocate(1), ByteBuffer.allocate(1));
					}
					catch (SSLException ex) {
						thrown.incrementAndGet();
					}
				}));
			}
			threads.forEach(Thread::start);
			for (Thread thread : threads) {
				thread.join();
			}
			assertThat(thrown).hasValue(1);
			assertThat(fake.isEnded()).isTrue();
		}
	}

	@Test
	void engineThatFailsToCloseThrowsTheReasonAllTheSame() {
		EndingSslEngine.Signal signal = new EndingSslEngine.Signal();
		FakeEngine fake = new FakeEngine();
		fake.failWith(new IllegalStateException("on purpose"));
		SSLEngine engine = new EndingSslEngine(fake, signal);
		signal.end(fake, "It is over");
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> engine.wrap(ByteBuffer.allocate(1), ByteBuffer.allocate(1)))
			.withMessage("It is over");
		assertThat(engine.isOutboundDone()).isTrue();
	}

	static Stream<Method> methods() {
		return Arrays.stream(SSLEngine.class.getDeclaredMethods())
			.filter((method) -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic());
	}

	/**
	 * Those that {@link SSLEngine} implements by others end where those do.
	 */
	@ParameterizedTest
	@MethodSource("methods")
	void everythingElseIsDoneByTheEngineOfTheJdk(Method method) throws Exception {
		boolean byOthers = Set.of("wrap", "unwrap").contains(method.getName());
		if (!byOthers) {
			assertThat(EndingSslEngine.class.getDeclaredMethod(method.getName(), method.getParameterTypes()))
				.isNotNull();
		}
		SSLEngine engine = Mockito.mock(SSLEngine.class);
		SSLEngine ending = new EndingSslEngine(engine, new EndingSslEngine.Signal());
		Mockito.clearInvocations(engine);
		method.invoke(ending, Arrays.stream(method.getParameterTypes()).map(EndingSslEngineTests::argument).toArray());
		List<String> called = Mockito.mockingDetails(engine)
			.getInvocations()
			.stream()
			.map((invocation) -> invocation.getMethod().getName())
			.toList();
		assertThat(called).containsExactly(method.getName());
	}

	private static Object argument(Class<?> type) {
		if (type == ByteBuffer.class) {
			return ByteBuffer.allocate(1);
		}
		if (type == ByteBuffer[].class) {
			return new ByteBuffer[] { ByteBuffer.allocate(1) };
		}
		if (type == int.class) {
			return 0;
		}
		if (type == boolean.class) {
			return true;
		}
		if (type == String[].class) {
			return new String[] { "it" };
		}
		return Mockito.mock(type);
	}

	private EngineHandshake begin(String protocol) {
		return EngineHandshake.begin(BundleTls.throwing(this.client.tls().context()), this.server.tls().context(),
				protocol);
	}

}
