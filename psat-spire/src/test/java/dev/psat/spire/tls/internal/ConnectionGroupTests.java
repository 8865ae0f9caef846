package dev.psat.spire.tls.internal;

import java.nio.ByteBuffer;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import dev.psat.concurrent.internal.TestTime;
import dev.psat.spiffe.SvidMint;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionGroup} and {@link SnapshotSslContext}.
 */
class ConnectionGroupTests {

	private static final String ID = "spiffe://example.org/orders";

	private static final SvidMint ROOT = new SvidMint("root");

	private static final PeerPolicies ANYBODY = PeerPolicies.of((peer) -> true);

	/** How often a group looks. */
	private static final Duration PERIOD = Duration.ofMillis(250);

	private final TestTime time = new TestTime();

	private final MutableIdentity identity = MutableIdentity.of(ROOT, ID).telling();

	private final SvidTls tls = SvidTls.of(this.identity, ANYBODY, TlsOptions.NONE, this.time);

	private final SSLContext server = SvidTls
		.of(MutableIdentity.of(ROOT, "spiffe://example.org/bank"), ANYBODY, TlsOptions.NONE, this.time)
		.tls()
		.context();

	@Test
	void isDueOnceAConnectionIs() throws Exception {
		ConnectionGroup group = new ConnectionGroup(this.time);
		ConnectionGroup other = new ConnectionGroup(this.time);
		SSLContext context = BundleTls.throwing(this.tls.tls().context(), group);
		assertThat(group.isDue()).isFalse();
		EngineHandshake open = connectAndRotate(context);
		this.time.pass(PERIOD);
		assertThat(group.isDue()).isTrue();
		assertThat(other.isDue()).isFalse();
		close(open.client());
		this.time.pass(PERIOD);
		assertThat(group.isDue()).isFalse();
	}

	private EngineHandshake connectAndRotate(SSLContext context) throws Exception {
		EngineHandshake open = EngineHandshake.begin(context, this.server, "TLSv1.3").end();
		this.identity.become(ROOT.mint(ID), ROOT.bundle());
		return open;
	}

	@Test
	void isNotDueOnceItsConnectionsAreClosed() throws Exception {
		ConnectionGroup group = new ConnectionGroup(this.time);
		SSLContext context = BundleTls.throwing(this.tls.tls().context(), group);
		for (int i = 0; i < 70; i++) {
			close(EngineHandshake.begin(context, this.server, "TLSv1.3").end().client());
		}
		this.identity.become(ROOT.mint(ID), ROOT.bundle());
		this.time.pass(PERIOD);
		assertThat(group.isDue()).isFalse();
	}

	@Test
	void connectionsThatAreKeptAreNeverDue() throws Exception {
		ConnectionGroup group = new ConnectionGroup(this.time);
		EngineHandshake open = connectAndRotate(
				BundleTls.throwing(this.tls.keepingConnections().tls().context(), group));
		this.time.pass(PERIOD);
		assertThat(group.isDue()).isFalse();
		assertThat(open.client().isOutboundDone()).isFalse();
	}

	@Test
	void contextHasAnotherFactoryOnceASocketShouldNotBeUsed() throws Exception {
		SSLContext context = this.tls.tls().context();
		SSLSocketFactory first = context.getSocketFactory();
		try (Loopback loopback = Loopback.ofServerSocket(this.server, "TLSv1.3");
				SSLSocket socket = (SSLSocket) first.createSocket("localhost", loopback.port())) {
			socket.startHandshake();
			this.time.pass(PERIOD);
			assertThat(context.getSocketFactory()).isSameAs(first);
			this.identity.become(ROOT.mint(ID), ROOT.bundle());
			this.time.pass(PERIOD);
			SSLSocketFactory second = context.getSocketFactory();
			assertThat(second).isNotSameAs(first);
			this.time.pass(PERIOD);
			assertThat(context.getSocketFactory()).isSameAs(second);
			assertThat(socket.isClosed()).isFalse();
		}
	}

	private static void close(SSLEngine client) throws SSLException {
		client.closeOutbound();
		client.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(client.getSession().getPacketBufferSize()));
	}

}
