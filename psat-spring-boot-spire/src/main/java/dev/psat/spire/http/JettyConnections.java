package dev.psat.spire.http;

import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.OpenConnection;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.ConnectionPool;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection.SslEndPoint;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Ends and replaces connections: their engines throw, but Jetty only asks them when it
 * has something to read or to write.
 */
final class JettyConnections implements SslHandshakeListener, LifeCycle.Listener {

	private static final int ATTEMPTS = 20;

	private static final int BETWEEN_ATTEMPTS = 50;

	private final HttpClient client;

	private final BundleTls tls;

	private JettyConnections(HttpClient client, BundleTls tls) {
		this.client = client;
		this.tls = tls;
	}

	static void follow(HttpClient client, SslContextFactory.Client factory, BundleTls tls) {
		factory.setSslContext(BundleTls.throwing(tls.context()));
		JettyConnections connections = new JettyConnections(client, tls);
		client.addBean(connections);
		client.addEventListener(connections);
	}

	/** The pools are only replaced now, when they are configured. */
	@Override
	public void lifeCycleStarting(LifeCycle event) {
		HttpClientTransport transport = this.client.getHttpClientTransport();
		if (!(transport.getConnectionPoolFactory() instanceof JettyConnectionPools)) {
			transport
				.setConnectionPoolFactory(new JettyConnectionPools(transport.getConnectionPoolFactory(), this.tls));
		}
	}

	@Override
	public void handshakeSucceeded(Event event) {
		OpenConnection connection = this.tls.connection(event.getSSLEngine().getSession());
		if (connection != null) {
			WeakReference<EndPoint> reference = new WeakReference<>(event.getEndPoint());
			connection.atEnd(() -> end(reference, connection, ATTEMPTS, 0));
		}
	}

	private void end(WeakReference<EndPoint> reference, OpenConnection connection, int attempts, long delay) {
		this.client.getScheduler().schedule(() -> {
			if (reference.get() instanceof SslEndPoint endPoint) {
				boolean met = meetsEnd(endPoint);
				if (!met && attempts > 0 && endPoint.isOpen()) {
					end(reference, connection, attempts - 1, BETWEEN_ATTEMPTS);
				}
				else {
					endPoint.close(new SSLException(connection.reason()));
					removeFromPool(endPoint);
				}
			}
		}, delay, TimeUnit.MILLISECONDS);
	}

	/** What waits for something to read tries to, and meets what the engine throws. */
	private static boolean meetsEnd(SslEndPoint endPoint) {
		return endPoint.getSslConnection().getEndPoint() instanceof AbstractEndPoint encrypted
				&& encrypted.getFillInterest().fillable();
	}

	/** Over HTTP/1.1, an idle connection would stay there until its next use. */
	private static void removeFromPool(SslEndPoint endPoint) {
		if (endPoint.getConnection() instanceof Connection pooled) {
			pooled.close();
		}
	}

	private record JettyConnectionPools(ConnectionPool.Factory delegate,
			BundleTls tls) implements ConnectionPool.Factory {

		@Override
		public ConnectionPool newConnectionPool(Destination destination) {
			return new JettyConnectionPool(this.delegate.newConnectionPool(destination), this.tls);
		}

	}

}
