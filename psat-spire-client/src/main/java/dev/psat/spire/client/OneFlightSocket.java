package dev.psat.spire.client;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Proxy;
import java.net.Socket;

/**
 * A socket that buffers everything written until the next read, so that each flight of a
 * handshake is sent in one write. The JDK writes record by record, so a server that
 * refuses the certificate may reset the connection before the last record is sent, and
 * its alert is lost.
 */
final class OneFlightSocket extends Socket {

	private final ByteArrayOutputStream flight = new ByteArrayOutputStream();

	OneFlightSocket() {
		// otherwise, it would follow socksProxyHost
		super(Proxy.NO_PROXY);
	}

	@Override
	public OutputStream getOutputStream() {
		return this.flight;
	}

	@Override
	public InputStream getInputStream() throws IOException {
		OutputStream output = super.getOutputStream();
		return new FilterInputStream(super.getInputStream()) {

			@Override
			public int read() throws IOException {
				send(output);
				return super.read();
			}

			@Override
			public int read(byte[] bytes, int offset, int length) throws IOException {
				send(output);
				return super.read(bytes, offset, length);
			}

		};
	}

	private void send(OutputStream output) throws IOException {
		if (this.flight.size() > 0) {
			this.flight.writeTo(output);
			this.flight.reset();
		}
	}

}
