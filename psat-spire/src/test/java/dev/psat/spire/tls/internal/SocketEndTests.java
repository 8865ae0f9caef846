package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SocketEnd}.
 */
@Timeout(Patience.SECONDS)
class SocketEndTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private final SSLContext client = context("orders");

	private final SSLContext server = context("bank");

	@ParameterizedTest
	@CsvSource({ "TLSv1.2, true", "TLSv1.2, false", "TLSv1.3, true", "TLSv1.3, false" })
	void socketEndsThatWritesToAPeerThatDoesNotRead(String protocol, boolean layered) throws Exception {
		try (SocketPair pair = SocketPair.connect(this.client, this.server, protocol, layered)) {
			AtomicLong written = new AtomicLong();
			CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(pair.server(), written));
			await().during(Duration.ofMillis(300)).until(() -> {
				long before = written.get();
				TimeUnit.MILLISECONDS.sleep(100);
				return before > 0 && written.get() == before;
			});
			assertEnds(pair.server());
			writer.join();
		}
	}

	@ParameterizedTest
	@CsvSource({ "TLSv1.2, true", "TLSv1.2, false", "TLSv1.3, true", "TLSv1.3, false" })
	void socketEndsThatIsRead(String protocol, boolean layered) throws Exception {
		try (SocketPair pair = SocketPair.connect(this.client, this.server, protocol, layered)) {
			pair.server().setSoTimeout(0);
			CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> read(pair.server()));
			assertEnds(pair.server());
			reader.join();
			assertThatIOException().isThrownBy(() -> {
				for (int i = 0; i < 100; i++) {
					pair.client().getOutputStream().write(1);
					TimeUnit.MILLISECONDS.sleep(10);
				}
			});
		}
	}

	/**
	 * What the JDK writes when it closes a connection does not fit, and nobody else is
	 * writing.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void socketEndsWhoseWindowIsFull(String protocol) throws Exception {
		try (ServerSocketChannel listening = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
				SSLSocket calling = (SSLSocket) this.client.getSocketFactory().createSocket()) {
			calling.connect(listening.getLocalAddress());
			calling.setEnabledProtocols(new String[] { protocol });
			SocketChannel channel = listening.accept();
			SSLSocket serving = (SSLSocket) this.server.getSocketFactory().createSocket(channel.socket(), null, true);
			serving.setUseClientMode(false);
			serving.setNeedClientAuth(true);
			CompletableFuture<Void> hello = CompletableFuture.runAsync(() -> {
				try {
					calling.getOutputStream().write(1);
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			assertThat(serving.getInputStream().read()).isOne();
			hello.join();
			fill(channel);
			assertEnds(serving);
		}
	}

	@Test
	void socketEndsThatIsNoneOfTls() throws Exception {
		try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				Socket calling = new Socket(listening.getInetAddress(), listening.getLocalPort());
				Socket serving = listening.accept()) {
			assertEnds(serving);
			assertThatIOException().isThrownBy(() -> calling.getInputStream().read());
		}
	}

	@Test
	void socketEndsThatIsClosed() throws Exception {
		Socket closed = new Socket();
		closed.close();
		SocketPair.end(closed);
	}

	/**
	 * Or nobody would end it any more, while bytes pass.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void socketThatFailsToCloseHasNotEnded(boolean error) throws Exception {
		AtomicBoolean fails = new AtomicBoolean(true);
		Socket failing = new Socket() {

			@Override
			public synchronized void close() throws IOException {
				if (!fails.get()) {
					super.close();
				}
				else if (error) {
					throw new OutOfMemoryError("on purpose");
				}
				else {
					throw new IllegalStateException("on purpose");
				}
			}

		};
		assertThatIllegalStateException().isThrownBy(() -> SocketPair.end(failing));
		fails.set(false);
		SocketPair.end(failing);
		assertThat(failing.isClosed()).isTrue();
	}

	@Test
	void socketThatNeverClosesDelaysOthersForATimeAlone() {
		CompletableFuture<Void> released = new CompletableFuture<>();
		Socket hanging = new Socket() {

			@Override
			public void close() {
				released.join();
			}

		};
		SocketPair.end(hanging);
		released.complete(null);
		Registry.awaiting().until(() -> Registry.threads("spire-connections-end") == 0);
	}

	/**
	 * As where no thread can be created: nothing would close the socket.
	 */
	@Test
	void socketHasNotEndedWhereNothingProceeds() {
		ConnectionEnd.Begun begun = new SocketEnd(null, Time.ofSystem()).end(new Socket(), "is over");
		assertThatIllegalStateException().isThrownBy(begun::finish);
		begun.proceed();
		begun.finish();
	}

	private static void assertEnds(Socket socket) {
		SocketPair.end(socket);
		// the second call may only be made when nobody waits for it any more
		Registry.awaiting().until(socket::isClosed);
		Registry.awaiting().until(() -> Registry.threads("spire-connections-end") == 0);
	}

	private static void fill(SocketChannel channel) throws IOException {
		channel.configureBlocking(false);
		ByteBuffer much = ByteBuffer.allocate(64 * 1024);
		long full = System.nanoTime();
		while (System.nanoTime() - full < TimeUnit.MILLISECONDS.toNanos(300)) {
			much.clear();
			if (channel.write(much) > 0) {
				full = System.nanoTime();
			}
			Thread.onSpinWait();
		}
		channel.configureBlocking(true);
	}

	private static void write(Socket socket, AtomicLong written) {
		byte[] much = new byte[16 * 1024];
		try {
			while (true) {
				socket.getOutputStream().write(much);
				written.addAndGet(much.length);
			}
		}
		catch (IOException ex) {
			// it was ended
		}
	}

	private static void read(Socket socket) {
		try {
			socket.getInputStream().read();
		}
		catch (IOException ex) {
			// it was ended
		}
	}

	private static SSLContext context(String workload) {
		return SvidTls
			.of(MutableIdentity.of(ROOT, "spiffe://example.org/" + workload), Registry.ANYBODY, TlsOptions.NONE,
					Time.ofSystem())
			.tls()
			.context();
	}

}
