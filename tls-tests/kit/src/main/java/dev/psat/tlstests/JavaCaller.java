package dev.psat.tlstests;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import dev.psat.support.AnyCertificate;
import dev.psat.support.Patience;

/**
 * Calls with a JDK socket that trusts any server.
 */
public final class JavaCaller implements Caller {

	private static final int PATIENCE = Patience.MILLIS;

	@Override
	public Reception call(Knock knock, TlsVersion version, Credential credential) {
		return resumable(knock, version, credential).call();
	}

	/**
	 * Return a client that resumes sessions if possible.
	 * @param knock the target and the request
	 * @param version the only TLS version to use
	 * @param credential the credential to present
	 * @return the client
	 */
	public Resumable resumable(Knock knock, TlsVersion version, Credential credential) {
		return resumable(knock, version, credential, new AnyCertificate());
	}

	private static Resumable resumable(Knock knock, TlsVersion version, Credential credential,
			AnyCertificate trustManager) {
		return new Resumable(knock, version, credential.sslContext(trustManager), trustManager);
	}

	/**
	 * Connect once, and pause during the handshake, before the credential is presented.
	 * @param knock the target and the request
	 * @param version the only TLS version to use
	 * @param credential the credential to present
	 * @param pause returns when the pause is over
	 * @return how the client was received
	 */
	Reception callWithPause(Knock knock, TlsVersion version, Credential credential, Runnable pause) {
		return resumable(knock, version, credential, new AnyCertificate(pause)).call();
	}

	/**
	 * Connect once over TLS 1.2, and renegotiate before the request is sent.
	 * @param knock the target and the request
	 * @param credential the credential to present
	 * @param resuming whether to resume the session, without another look at the
	 * credential
	 * @return whether the server answers, or stays connected if it speaks HTTP/2 and may
	 * have answered before
	 */
	boolean renegotiates(Knock knock, Credential credential, boolean resuming) {
		return resumable(knock, TlsVersion.TLS_1_2, credential).renegotiates(resuming);
	}

	@Override
	public String toString() {
		return "Java";
	}

	/**
	 * A client that keeps its sessions between calls.
	 */
	public static final class Resumable {

		private final Knock knock;

		private final TlsVersion version;

		private final SSLContext context;

		private final AnyCertificate trustManager;

		Resumable(Knock knock, TlsVersion version, SSLContext context, AnyCertificate trustManager) {
			this.knock = knock;
			this.version = version;
			this.context = context;
			this.trustManager = trustManager;
		}

		public Reception call() {
			this.trustManager.take();
			String output;
			try {
				output = exchange();
			}
			catch (IOException ex) {
				return new Reception(false, this.trustManager.take(), ex.toString());
			}
			return new Reception(this.knock.isAnsweredBy(output), this.trustManager.take(), output);
		}

		private String exchange() throws IOException {
			try (SSLSocket socket = connect()) {
				socket.getOutputStream().write(this.knock.request());
				return read(socket.getInputStream());
			}
		}

		private boolean renegotiates(boolean resuming) {
			try (SSLSocket socket = connect()) {
				socket.startHandshake();
				if (!resuming) {
					socket.getSession().invalidate();
				}
				socket.startHandshake();
				socket.getOutputStream().write(this.knock.request());
				String output = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
				return !this.knock.http2() && this.knock.isAnsweredBy(output);
			}
			catch (SocketTimeoutException ex) {
				return true;
			}
			catch (IOException ex) {
				return false;
			}
		}

		/**
		 * Return a connection that the server keeps open, and has begun to serve.
		 */
		SSLSocket open() throws IOException {
			SSLSocket socket = connect();
			socket.startHandshake();
			if (this.knock.http2()) {
				socket.getOutputStream().write(this.knock.request());
				DataInputStream in = new DataInputStream(socket.getInputStream());
				StringBuilder read = new StringBuilder();
				while (read.indexOf(Knock.ACKNOWLEDGED) < 0) {
					read.append((char) in.readUnsignedByte());
				}
			}
			return socket;
		}

		private SSLSocket connect() throws IOException {
			Socket plain = new Socket(InetAddress.getLoopbackAddress(), this.knock.port());
			SSLSocket socket = (SSLSocket) this.context.getSocketFactory()
				.createSocket(plain, "localhost", this.knock.port(), true);
			socket.setSoTimeout(PATIENCE);
			SSLParameters parameters = socket.getSSLParameters();
			parameters.setProtocols(new String[] { this.version.protocol() });
			String alpn = this.knock.alpn();
			if (alpn != null) {
				parameters.setApplicationProtocols(new String[] { alpn });
			}
			socket.setSSLParameters(parameters);
			return socket;
		}

		private String read(InputStream in) throws IOException {
			ByteArrayOutputStream read = new ByteArrayOutputStream();
			int next = in.read();
			while (next != -1) {
				read.write(next);
				String output = read.toString(StandardCharsets.ISO_8859_1);
				if (this.knock.http2() && this.knock.isAnsweredBy(output)) {
					return output;
				}
				next = in.read();
			}
			return read.toString(StandardCharsets.ISO_8859_1);
		}

	}

}
