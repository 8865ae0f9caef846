package dev.psat.spire.jetty;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.OpenConnection;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EndPoint.SslSessionData;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Answers on a due connection so that the client uses another one, lets no request begin
 * on one that has ended, and closes that: of an engine that is closed, Jetty only learns
 * when it has something to read or to write.
 */
final class JettyRetirement implements HttpConfiguration.Customizer, SslHandshakeListener {

	private static final boolean HTTP_2 = ClassUtils.isPresent("org.eclipse.jetty.http2.HTTP2Connection",
			JettyRetirement.class.getClassLoader());

	private static final String FOLLOWED = JettyRetirement.class.getName();

	private final BundleTls tls;

	private final Server server;

	JettyRetirement(SpiffeSslBundle bundle, Server server) {
		this.tls = Objects.requireNonNull(BundleTls.of(bundle.createSslContext()));
		this.server = server;
	}

	@Override
	public void handshakeSucceeded(Event event) {
		OpenConnection connection = this.tls.connection(event.getSSLEngine().getSession());
		if (connection != null) {
			WeakReference<EndPoint> reference = new WeakReference<>(event.getEndPoint());
			connection.atEnd(() -> {
				disconnect(reference.get());
				// which tells the application
				this.server.getThreadPool().execute(() -> close(reference.get()));
			});
		}
	}

	/** Whatever the threads of the server are busy with. */
	private static void disconnect(@Nullable EndPoint encrypted) {
		EndPoint transport = (encrypted instanceof EndPoint.Wrapper wrapper) ? wrapper.unwrap() : encrypted;
		if (transport != null && transport.getTransport() instanceof SocketChannel channel) {
			try {
				channel.shutdownInput();
				channel.shutdownOutput();
			}
			catch (IOException | RuntimeException ex) {
				// closed meanwhile
			}
		}
	}

	private static void close(@Nullable EndPoint encrypted) {
		if (encrypted == null) {
			return;
		}
		EofException reason = new EofException("The cause of the client's authorization has ended");
		try {
			Connection connection = encrypted.getConnection();
			if (connection != null) {
				connection.close();
			}
		}
		finally {
			encrypted.close(reason);
			// whatever the layer above still waits for
			if (encrypted instanceof EndPoint.Wrapper wrapper) {
				wrapper.unwrap().close(reason);
			}
		}
	}

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		Followed followed = followed(request.getConnectionMetaData());
		switch (followed.standing()) {
			case ENDED -> throw new TooLateException();
			case DUE -> retire(request, responseHeaders, followed.told());
			case GOOD -> {
			}
		}
		return request;
	}

	private Followed followed(ConnectionMetaData metaData) {
		if (metaData.getAttribute(FOLLOWED) instanceof Followed known) {
			return known;
		}
		SslSessionData data = metaData.getConnection().getEndPoint().getSslSessionData();
		Followed followed = new Followed((data != null) ? this.tls.connection(data.sslSession()) : null,
				new AtomicBoolean());
		metaData.setAttribute(FOLLOWED, followed);
		return followed;
	}

	private static void retire(Request request, HttpFields.Mutable responseHeaders, AtomicBoolean told) {
		if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2) {
			if (HTTP_2 && told.compareAndSet(false, true)) {
				Http2.sayGoodbye(request.getConnectionMetaData().getConnection());
			}
		}
		// a WebSocket stays
		else if (!request.getHeaders().contains(HttpHeader.UPGRADE)) {
			responseHeaders.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
		}
	}

	/** Only the log of requests needs it. */
	private static final class TooLateException extends HttpException.RuntimeException implements QuietException {

		TooLateException() {
			super(HttpStatus.FORBIDDEN_403, "The connection has ended");
		}

	}

	/**
	 * A connection, if it is one of the bundle, and whether HTTP/2 has told its client.
	 */
	private record Followed(@Nullable OpenConnection connection, AtomicBoolean told) {

		OpenConnection.Standing standing() {
			return (this.connection != null) ? this.connection.standing() : OpenConnection.Standing.GOOD;
		}

	}

	/** Need not be on the class path. */
	private static final class Http2 {

		/** Serves the streams that the client has, and no further one. */
		static void sayGoodbye(Connection connection) {
			if (connection instanceof HTTP2Connection http2) {
				http2.getSession().shutdown();
			}
		}

	}

}
