package dev.psat.spire.jdbc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Properties;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;

import dev.psat.spire.autoconfigure.internal.ClientCheck.Refusal;
import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * {@link SSLSocketFactory} that connects the PostgreSQL JDBC driver by an SSL bundle of
 * the application. The driver creates one for each connection where its property
 * {@code sslfactory} has the name of this class; {@code sslfactoryarg} is the name of the
 * SSL bundle. With {@code sslmode}, the connection has to demand what the bundle
 * verifies: {@code verify-ca} with {@link dev.psat.spire.ssl.SpiffeSslBundle},
 * {@code verify-full} with {@link dev.psat.spire.ssl.IdentitySslBundle}. With less, this
 * factory does not connect.
 * <p>
 * With no {@code sslmode}, {@code prefer}, {@code allow} and {@code disable} the driver
 * can go on without TLS and without this factory, which therefore cannot prevent it. The
 * application does not start where one of its {@code DataSource} beans is configured so.
 *
 * @since 0.1.0
 */
public final class SpiffeSocketFactory extends SSLSocketFactory {

	private final @Nullable SSLSocketFactory factory;

	private final String refusal;

	/**
	 * Create a factory for a connection. The driver would hide the message of an
	 * exception: instead, all sockets are refused with it.
	 * @param properties the properties of the connection
	 */
	public SpiffeSocketFactory(Properties properties) {
		Assert.notNull(properties, "'properties' must not be null");
		SSLSocketFactory factory = null;
		String refusal = "";
		try {
			factory = bundle(properties).createSslContext().getSocketFactory();
		}
		catch (SSLException ex) {
			refusal = String.valueOf(ex.getMessage());
		}
		this.factory = factory;
		this.refusal = refusal;
	}

	private static SvidSslBundle bundle(Properties properties) throws SSLException {
		ConnectionSettings settings = ConnectionSettings.of(properties);
		refuse(TlsDemand.checkNames(settings));
		SvidSslBundle bundle = LiveBundles.find(String.valueOf(TlsDemand.bundleName(settings)),
				properties.getProperty(LiveBundles.CONTEXT));
		refuse(TlsDemand.checkMode(settings, bundle));
		return bundle;
	}

	private static void refuse(@Nullable Refusal refusal) throws SSLException {
		if (refusal != null) {
			throw new SSLException(refusal.toString());
		}
	}

	private SSLSocketFactory factory() throws SSLException {
		if (this.factory == null) {
			throw new SSLException(this.refusal);
		}
		return this.factory;
	}

	@Override
	public String[] getDefaultCipherSuites() {
		return (this.factory != null) ? this.factory.getDefaultCipherSuites() : new String[0];
	}

	@Override
	public String[] getSupportedCipherSuites() {
		return (this.factory != null) ? this.factory.getSupportedCipherSuites() : new String[0];
	}

	@Override
	public Socket createSocket() throws IOException {
		return factory().createSocket();
	}

	@Override
	public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
		return factory().createSocket(socket, host, port, autoClose);
	}

	@Override
	public Socket createSocket(String host, int port) throws IOException {
		return factory().createSocket(host, port);
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
		return factory().createSocket(host, port, localHost, localPort);
	}

	@Override
	public Socket createSocket(InetAddress host, int port) throws IOException {
		return factory().createSocket(host, port);
	}

	@Override
	public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
		return factory().createSocket(host, port, localHost, localPort);
	}

}
