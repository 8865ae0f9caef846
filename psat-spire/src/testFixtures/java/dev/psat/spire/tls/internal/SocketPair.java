package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import dev.psat.concurrent.internal.Time;
import dev.psat.support.Patience;

/**
 * Both ends of a connection whose handshake is over.
 */
public record SocketPair(SSLSocket client, SSLSocket server) implements AutoCloseable {

	/**
	 * Connect.
	 * @param client makes the client's socket
	 * @param server makes the server's socket
	 * @param protocol the protocol
	 * @param layered whether the server's is layered over an accepted one
	 */
	public static SocketPair connect(SSLContext client, SSLContext server, String protocol, boolean layered)
			throws IOException {
		InetAddress loopback = InetAddress.getLoopbackAddress();
		try (ServerSocket listening = layered ? new ServerSocket(0, 50, loopback)
				: server.getServerSocketFactory().createServerSocket(0, 50, loopback)) {
			if (listening instanceof SSLServerSocket tls) {
				tls.setNeedClientAuth(true);
			}
			SSLSocket calling = (SSLSocket) client.getSocketFactory().createSocket(loopback, listening.getLocalPort());
			calling.setEnabledProtocols(new String[] { protocol });
			SSLSocket serving = layered
					? (SSLSocket) server.getSocketFactory().createSocket(listening.accept(), null, true)
					: (SSLSocket) listening.accept();
			if (layered) {
				serving.setUseClientMode(false);
				serving.setNeedClientAuth(true);
			}
			SocketPair pair = new SocketPair(calling, serving);
			pair.shakeHands();
			return pair;
		}
	}

	private void shakeHands() throws IOException {
		for (SSLSocket each : new SSLSocket[] { this.client, this.server }) {
			each.setSoTimeout(Patience.MILLIS);
			each.setTcpNoDelay(true);
		}
		CompletableFuture<Void> hello = CompletableFuture.runAsync(() -> {
			try {
				this.client.getOutputStream().write(1);
				this.client.getInputStream().read();
			}
			catch (IOException ex) {
				throw new CompletionException(ex);
			}
		});
		try {
			this.server.getInputStream().read();
			this.server.getOutputStream().write(1);
			hello.join();
		}
		catch (IOException | CompletionException ex) {
			close();
			throw (ex instanceof IOException io) ? io : new IOException(ex.getCause());
		}
	}

	/**
	 * Close both without waiting for either.
	 */
	@Override
	public void close() {
		end(this.client);
		end(this.server);
	}

	/**
	 * End a socket as its connection does.
	 */
	static void end(Socket socket) {
		ConnectionEnd.Begun begun = new SocketEnd(null, Time.ofSystem()).end(socket, "is over");
		begun.proceed();
		begun.finish();
	}

}
