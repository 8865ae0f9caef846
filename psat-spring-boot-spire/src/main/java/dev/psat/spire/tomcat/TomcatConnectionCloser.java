package dev.psat.spire.tomcat;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Method;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.function.Predicate;

import javax.net.ssl.SSLEngine;

import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.Nio2Channel;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SecureNio2Channel;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * Closes connections that have ended, as Tomcat does with one that has failed: on a
 * thread of its own, and so that its user is told.
 */
final class TomcatConnectionCloser implements Predicate<Set<Object>> {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private final AbstractEndpoint<?, ?> endpoint;

	private TomcatConnectionCloser(AbstractEndpoint<?, ?> endpoint) {
		this.endpoint = endpoint;
	}

	static @Nullable TomcatConnectionCloser of(Connector connector) {
		try {
			// a connection may never send a request, and Tomcat does not show it
			// otherwise
			Method method = AbstractProtocol.class.getDeclaredMethod("getEndpoint");
			ReflectionUtils.makeAccessible(method);
			return new TomcatConnectionCloser((AbstractEndpoint<?, ?>) method.invoke(connector.getProtocolHandler()));
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			logger.warn("This version of Tomcat does not show its connections. When one of them has to end, nothing "
					+ "passes any more, but Tomcat does not close it before it reads, writes or times out", ex);
			return null;
		}
	}

	@Override
	public boolean test(Set<Object> engines) {
		boolean left = false;
		for (SocketWrapperBase<?> connection : this.endpoint.getConnections()) {
			SSLEngine engine = engine(connection.getSocket());
			if (engine != null && engines.contains(engine) && !connection.isClosed()) {
				close(connection);
				left = true;
			}
		}
		return left;
	}

	private static @Nullable SSLEngine engine(@Nullable Object socket) {
		if (socket instanceof SecureNioChannel channel) {
			return channel.getSslEngine();
		}
		return (socket instanceof SecureNio2Channel channel) ? channel.getSslEngine() : null;
	}

	private static void close(SocketWrapperBase<?> connection) {
		boolean first = connection.getError() == null;
		// without an error, a request that is asynchronous would not be told of any
		connection.setError(new EOFException("The cause of the client's authorization has ended"));
		if (first && !connection.getLock().isLocked()) {
			connection.processSocket(SocketEvent.ERROR, true);
		}
		else {
			// another thread would have to wait for the one that is using it, which may
			// wait for the peer, or for its turn
			disconnect(connection);
		}
	}

	private static void disconnect(SocketWrapperBase<?> connection) {
		NetworkChannel socket = transport(connection.getSocket());
		// once it is closed, the channel may have been given to somebody else
		VarHandle.fullFence();
		if (connection.isClosed()) {
			return;
		}
		try {
			if (socket instanceof SocketChannel channel) {
				channel.shutdownInput();
				channel.shutdownOutput();
			}
			else if (socket instanceof AsynchronousSocketChannel channel) {
				channel.shutdownInput();
				channel.shutdownOutput();
			}
		}
		catch (IOException | RuntimeException ex) {
			// closed meanwhile
		}
	}

	private static @Nullable NetworkChannel transport(@Nullable Object socket) {
		if (socket instanceof NioChannel channel) {
			return channel.getIOChannel();
		}
		return (socket instanceof Nio2Channel channel) ? channel.getIOChannel() : null;
	}

}
