package dev.psat.spire.tls.internal;

import java.nio.ByteBuffer;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ConnectionGroup} and {@link SnapshotSslContext}.
 */
class ConnectionGroupTests {

	private static final String ID = "spiffe://example.org/orders";

	private static final SvidMint ROOT = new SvidMint("root");

	private static final PeerPolicies ANYBODY = PeerPolicies.of((peer) -> true);

	private final MutableIdentity identity = MutableIdentity.of(ROOT, ID).telling();

	private final SvidTls tls = SvidTls.of(this.identity, ANYBODY, TlsOptions.NONE, Time.ofSystem());

	private final SSLContext server = SvidTls
		.of(MutableIdentity.of(ROOT, "spiffe://example.org/bank"), ANYBODY, TlsOptions.NONE, Time.ofSystem())
		.tls()
		.context();

	@Test
	void isDueOnceAConnectionIs() throws Exception {
		ConnectionGroup group = new ConnectionGroup(Time.ofSystem());
		ConnectionGroup other = new ConnectionGroup(Time.ofSystem());
		SSLContext context = BundleTls.throwing(this.tls.tls().context(), group);
		assertThat(group.isDue()).isFalse();
		EngineHandshake open = connectAndRotate(context);
		patiently().until(group::isDue);
		assertThat(other.isDue()).isFalse();
		close(open.client());
		await().during(Duration.ofMillis(600)).until(() -> !group.isDue());
	}

	private EngineHandshake connectAndRotate(SSLContext context) throws Exception {
		EngineHandshake open = EngineHandshake.begin(context, this.server, "TLSv1.3").end();
		this.identity.become(ROOT.mint(ID), ROOT.bundle());
		return open;
	}

	@Test
	void isNotDueOnceItsConnectionsAreClosed() throws Exception {
		ConnectionGroup group = new ConnectionGroup(Time.ofSystem());
		SSLContext context = BundleTls.throwing(this.tls.tls().context(), group);
		for (int i = 0; i < 200; i++) {
			close(EngineHandshake.begin(context, this.server, "TLSv1.3").end().client());
		}
		this.identity.become(ROOT.mint(ID), ROOT.bundle());
		await().during(Duration.ofMillis(600)).until(() -> !group.isDue());
	}

	@Test
	void connectionsThatAreKeptAreNeverDue() throws Exception {
		ConnectionGroup group = new ConnectionGroup(Time.ofSystem());
		EngineHandshake open = connectAndRotate(
				BundleTls.throwing(this.tls.keepingConnections().tls().context(), group));
		await().during(Duration.ofMillis(600)).until(() -> !group.isDue());
		assertThat(open.client().isOutboundDone()).isFalse();
	}

	@Test
	void contextHasAnotherFactoryOnceASocketShouldNotBeUsed() throws Exception {
		SSLContext context = this.tls.tls().context();
		SSLSocketFactory first = context.getSocketFactory();
		try (Loopback loopback = Loopback.ofServerSocket(this.server, "TLSv1.3");
				SSLSocket socket = (SSLSocket) first.createSocket("localhost", loopback.port())) {
			socket.startHandshake();
			await().during(Duration.ofMillis(600)).until(() -> context.getSocketFactory() == first);
			this.identity.become(ROOT.mint(ID), ROOT.bundle());
			patiently().until(() -> context.getSocketFactory() != first);
			SSLSocketFactory second = context.getSocketFactory();
			await().during(Duration.ofMillis(600)).until(() -> context.getSocketFactory() == second);
			assertThat(socket.isClosed()).isFalse();
		}
	}

	private static void close(SSLEngine client) throws SSLException {
		client.closeOutbound();
		client.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(client.getSession().getPacketBufferSize()));
	}

	private static ConditionFactory patiently() {
		return await().pollInterval(Duration.ofMillis(10));
	}

}
