package dev.psat.spire.http;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLSession;

import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.OpenConnection;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.ConnectionPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection.SslEndPoint;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.eclipse.jetty.util.thread.Sweeper;
import org.jspecify.annotations.Nullable;

/**
 * Gives out no connection of another pool that should be replaced, and removes it once no
 * call uses it. Only who has acquired a connection may remove it.
 */
final class JettyConnectionPool extends ContainerLifeCycle implements ConnectionPool, Sweeper.Sweepable {

	private final ConnectionPool pool;

	private final BundleTls tls;

	private final Map<Connection, OpenConnection> open = Collections.synchronizedMap(new WeakHashMap<>());

	private final Set<Connection> leaving = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	JettyConnectionPool(ConnectionPool pool, BundleTls tls) {
		this.pool = pool;
		this.tls = tls;
		addBean(pool);
	}

	@Override
	public @Nullable Connection acquire(boolean create) {
		Connection connection = this.pool.acquire(create);
		while (connection != null && isDue(connection)) {
			if (this.pool.remove(connection)) {
				connection.close();
			}
			connection = this.pool.acquire(create);
		}
		return connection;
	}

	@Override
	public boolean release(Connection connection) {
		return isDue(connection) ? !this.pool.remove(connection) : this.pool.release(connection);
	}

	private boolean isDue(Connection connection) {
		return this.leaving.contains(connection) || isReplaced(connection);
	}

	private boolean isReplaced(Connection connection) {
		OpenConnection open = this.open.get(connection);
		if (open == null) {
			SSLSession session = session(connection);
			open = (session != null) ? this.tls.connection(session) : null;
			if (open == null) {
				return false;
			}
			this.open.put(connection, open);
		}
		return open.isDue();
	}

	/**
	 * A connection of HTTP/1.1 may not have shaken hands yet: asked for its session,
	 * Jetty would go on to tell the one that there was before.
	 */
	private static @Nullable SSLSession session(Connection connection) {
		if (connection instanceof org.eclipse.jetty.io.Connection http) {
			return (http.getEndPoint() instanceof SslEndPoint endPoint)
					? endPoint.getSslConnection().getSSLEngine().getSession() : null;
		}
		EndPoint.SslSessionData data = connection.getSslSessionData();
		return (data != null) ? data.sslSession() : null;
	}

	@Override
	public CompletableFuture<Void> preCreateConnections(int count) {
		return this.pool.preCreateConnections(count);
	}

	@Override
	public boolean isActive(Connection connection) {
		return this.pool.isActive(connection);
	}

	@Override
	public boolean isEmpty() {
		return this.pool.isEmpty();
	}

	@Override
	public boolean accept(Connection connection) {
		return this.pool.accept(connection);
	}

	/**
	 * Over HTTP/2, Jetty also asks for this when the server takes no further calls,
	 * although others are under way, and would count it as the end of one of them: the
	 * last but one would close the connection under the last.
	 */
	@Override
	public boolean remove(Connection connection) {
		boolean http2 = !(connection instanceof org.eclipse.jetty.io.Connection);
		if (http2 && !connection.isClosed() && this.pool.isActive(connection)) {
			this.leaving.add(connection);
			return false;
		}
		return this.pool.remove(connection);
	}

	@Override
	public boolean sweep() {
		return this.pool instanceof Sweeper.Sweepable sweepable && sweepable.sweep();
	}

}
