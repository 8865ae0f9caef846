package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.support.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the end of sockets that are layered over another one, which they leave open
 * when they are closed, as those of the blocking client of HttpComponents do.
 */
@Timeout(Patience.SECONDS)
class LayeredSocketTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final SvidMint OTHER = new SvidMint("other");

	private final MutableIdentity orders = MutableIdentity.of(ROOT, "spiffe://example.org/orders").telling();

	private final SvidTls tls = SvidTls.of(this.orders, Registry.ANYBODY, TlsOptions.NONE, Time.ofSystem());

	private final SSLContext server = SvidTls.of(peer(), Registry.ANYBODY, TlsOptions.NONE, Time.ofSystem())
		.keepingConnections()
		.tls()
		.context();

	private final List<Socket> open = new ArrayList<>();

	LayeredSocketTests() {
		this.orders.trust(SvidMint.bundle(ROOT, OTHER));
	}

	private static MutableIdentity peer() {
		MutableIdentity peer = new MutableIdentity();
		peer.become(OTHER.mint("spiffe://example.org/bank"), SvidMint.bundle(ROOT, OTHER));
		return peer;
	}

	@AfterEach
	void close() throws IOException {
		for (Socket socket : this.open) {
			socket.close();
		}
	}

	/**
	 * Whoever writes holds the lock without which the JDK does not close such a socket.
	 */
	@ParameterizedTest
	@CsvSource({ "TLSv1.2, true", "TLSv1.2, false", "TLSv1.3, true", "TLSv1.3, false" })
	void writerToAPeerThatDoesNotReadIsEnded(String protocol, boolean autoClose) throws Exception {
		Connected connected = connect(this.tls.tls().context(), protocol, autoClose);
		AtomicLong written = new AtomicLong();
		FutureTask<Void> writer = start(() -> write(connected.client(), written));
		awaitStandstill(written);
		end();
		assertThatIOException().isThrownBy(() -> get(writer));
		assertThat(connected.under().isClosed()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "TLSv1.2, true", "TLSv1.2, false", "TLSv1.3, true", "TLSv1.3, false" })
	void readerIsEndedWhoseFarEndDoesNotAnswerTheClose(String protocol, boolean autoClose) throws Exception {
		Connected connected = connect(this.tls.tls().context(), protocol, autoClose);
		FutureTask<Integer> reader = start(() -> connected.client().getInputStream().read());
		awaitReading();
		end();
		Registry.awaiting().until(reader::isDone);
		assertThat(connected.under().isClosed()).isTrue();
		assertThatIOException().isThrownBy(() -> connected.client().getOutputStream().write(1));
	}

	/**
	 * The one above says that it is closed, and yet bytes pass.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void socketWhoseOneBeneathFailsToCloseIsEndedLater(String protocol) throws Exception {
		AtomicInteger failures = new AtomicInteger();
		Socket failing = new Socket() {

			@Override
			public synchronized void close() throws IOException {
				if (failures.incrementAndGet() == 1) {
					throw new IOException("on purpose");
				}
				super.close();
			}

		};
		Connected connected = connect(this.tls.tls().context(), protocol, false, failing);
		AtomicLong written = new AtomicLong();
		FutureTask<Void> writer = start(() -> write(connected.client(), written));
		awaitStandstill(written);
		end();
		assertThatIOException().isThrownBy(() -> get(writer));
		assertThat(failing.isClosed()).isTrue();
	}

	/**
	 * As after STARTTLS is over: what passes is none of TLS.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void socketThatOutlivesTheOneAboveIsLeftAlone(String protocol) throws Exception {
		Connected connected = connect(this.tls.tls().context(), protocol, false);
		FutureTask<Integer> leave = start(() -> connected.serving().getInputStream().read());
		connected.client().close();
		assertThat(get(leave)).isEqualTo(-1);
		assertThat(this.tls.tls().connections().open(Direction.OUTBOUND)).isZero();
		Connected other = connect(this.tls.tls().context(), protocol, false);
		end();
		assertThat(other.under().isClosed()).isTrue();
		assertThat(connected.under().isClosed()).isFalse();
	}

	/**
	 * Nobody knows the socket beneath, so that only TLS can end.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void nothingPassesAfterTheEndWhereTheContextIsThatOfALibrary(String protocol) throws Exception {
		Connected connected = connect(library(), protocol, false);
		AtomicLong written = new AtomicLong();
		FutureTask<Void> writer = start(() -> write(connected.client(), written));
		awaitStandstill(written);
		end();
		FutureTask<Void> drain = start(() -> {
			while (connected.serving().getInputStream().read(new byte[16 * 1024]) >= 0) {
				// lets the writer go on
			}
			return null;
		});
		assertThatIOException().isThrownBy(() -> get(writer));
		Registry.awaiting().until(drain::isDone);
		assertThat(connected.client().isInputShutdown()).isTrue();
		Registry.awaiting().until(() -> Registry.threads("spire-connections-end") == 0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void nothingIsReadAfterTheEndWhereTheContextIsThatOfALibrary(String protocol) throws Exception {
		Connected connected = connect(library(), protocol, false);
		FutureTask<Integer> reader = start(() -> connected.client().getInputStream().read());
		awaitReading();
		end();
		try {
			connected.serving().getOutputStream().write(1);
		}
		catch (IOException ex) {
			// it has met the end
		}
		try {
			assertThat(get(reader)).isEqualTo(-1);
		}
		catch (IOException ex) {
			// it has met the end
		}
		Registry.awaiting().until(() -> Registry.threads("spire-connections-end") == 0);
	}

	private SSLContext library() throws GeneralSecurityException {
		SSLContext library = SSLContext.getInstance("TLS");
		library.init(this.tls.tls().keyManagerFactory().getKeyManagers(),
				this.tls.tls().trustManagerFactory().getTrustManagers(), null);
		return library;
	}

	private void end() {
		this.orders.trust(ROOT.bundle());
		Registry.awaiting()
			.until(() -> this.tls.tls().connections().ended(Direction.OUTBOUND, EndCause.UNTRUSTED) == 1);
	}

	private Connected connect(SSLContext context, String protocol, boolean autoClose) throws Exception {
		return connect(context, protocol, autoClose, new Socket());
	}

	private Connected connect(SSLContext context, String protocol, boolean autoClose, Socket under) throws Exception {
		InetAddress loopback = InetAddress.getLoopbackAddress();
		try (ServerSocket listening = new ServerSocket(0, 50, loopback)) {
			open(under).connect(listening.getLocalSocketAddress());
			SSLSocket client = (SSLSocket) open(context.getSocketFactory()
				.createSocket(under, loopback.getHostName(), listening.getLocalPort(), autoClose));
			client.setEnabledProtocols(new String[] { protocol });
			SSLSocket serving = (SSLSocket) open(
					this.server.getSocketFactory().createSocket(open(listening.accept()), null, true));
			serving.setUseClientMode(false);
			serving.setNeedClientAuth(true);
			FutureTask<Integer> hello = start(() -> {
				client.getOutputStream().write(1);
				return client.getInputStream().read();
			});
			assertThat(serving.getInputStream().read()).isOne();
			serving.getOutputStream().write(1);
			assertThat(get(hello)).isOne();
			return new Connected(under, client, serving);
		}
	}

	private Socket open(Socket socket) {
		this.open.add(0, socket);
		return socket;
	}

	private static Void write(Socket socket, AtomicLong written) throws IOException {
		byte[] much = new byte[16 * 1024];
		while (true) {
			socket.getOutputStream().write(much);
			written.addAndGet(much.length);
		}
	}

	private static void awaitStandstill(AtomicLong written) {
		await().during(Duration.ofMillis(300)).until(() -> {
			long before = written.get();
			TimeUnit.MILLISECONDS.sleep(100);
			return before > 0 && written.get() == before;
		});
	}

	private static void awaitReading() {
		Registry.awaiting()
			.until(() -> Registry.living("layered")
				.stream()
				.anyMatch((thread) -> List.of(thread.getStackTrace())
					.stream()
					.anyMatch((frame) -> frame.getMethodName().equals("implRead"))));
	}

	private static <T> FutureTask<T> start(Callable<T> task) {
		FutureTask<T> future = new FutureTask<>(task);
		Thread thread = new Thread(future, "layered");
		thread.setDaemon(true);
		thread.start();
		return future;
	}

	private static <T> T get(FutureTask<T> task) throws Exception {
		try {
			return task.get(Patience.SECONDS, TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof IOException failure) ? failure : ex;
		}
	}

	private record Connected(Socket under, SSLSocket client, SSLSocket serving) {

	}

}
