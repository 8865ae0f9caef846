package dev.psat.tlstests.start;

import java.io.IOException;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.SQLException;

import javax.net.ssl.SSLSocket;
import javax.sql.DataSource;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A database in memory, to which a doorman leads.
 */
final class SecuredDatabase extends DelegatingDataSource {

	private final SslBundle bundle;

	private final int doorman;

	SecuredDatabase(DataSource database, SslBundle bundle, int doorman) {
		super(database);
		this.bundle = bundle;
		this.doorman = doorman;
	}

	@Override
	public Connection getConnection() throws SQLException {
		try (SSLSocket socket = (SSLSocket) this.bundle.createSslContext()
			.getSocketFactory()
			.createSocket(InetAddress.getLoopbackAddress(), this.doorman)) {
			socket.startHandshake();
			return super.getConnection();
		}
		catch (IOException ex) {
			throw new SQLException(ex);
		}
	}

}
