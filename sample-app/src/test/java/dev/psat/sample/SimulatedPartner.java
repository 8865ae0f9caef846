package dev.psat.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.psat.sample.CallerController.Caller;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.support.CertificateWriter;
import dev.psat.support.ClassicAuthority;
import dev.psat.support.HeldPort;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/**
 * A server with a certificate of a CA of its own, which lets in callers with an
 * X.509-SVID of the simulated SPIRE Server, and tells them whom it has seen.
 */
final class SimulatedPartner implements AutoCloseable {

	private static final String HOST = "localhost";

	/** In {@code SubjectAltName}. */
	private static final Integer URI_NAME = 6;

	private final ClassicAuthority authority = new ClassicAuthority("Partner CA");

	private final SimulatedSpireServer spireServer;

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final HeldPort port = new HeldPort(InetAddress.getLoopbackAddress());

	private HttpsServer server;

	SimulatedPartner(SimulatedSpireServer spireServer) {
		this.spireServer = spireServer;
		this.server = start(this.authority, HOST);
	}

	String url() {
		return "https://%s:%d/caller".formatted(HOST, this.port.address().getPort());
	}

	/**
	 * Return the certificate of the CA as PEM.
	 */
	String root() {
		return this.authority.pem();
	}

	void stop() {
		this.server.stop(0);
		HeldPort.awaitNoListener(this.port.address());
	}

	/**
	 * Start again, with a new certificate.
	 */
	void restart() {
		restart(this.authority, HOST);
	}

	/**
	 * Start again, with a certificate of another CA.
	 */
	void restart(ClassicAuthority authority) {
		restart(authority, HOST);
	}

	/**
	 * Start again, with a certificate for another name.
	 */
	void restart(String host) {
		restart(this.authority, host);
	}

	private void restart(ClassicAuthority authority, String host) {
		stop();
		this.server = start(authority, host);
	}

	@Override
	public void close() {
		stop();
		this.port.close();
		this.executor.shutdownNow();
	}

	private HttpsServer start(ClassicAuthority authority, String host) {
		try {
			HttpsServer server = HttpsServer.create(this.port.address(), 0);
			server.setHttpsConfigurator(new ClientsWithCertificate(context(authority, host)));
			server.setExecutor(this.executor);
			server.createContext("/caller", SimulatedPartner::answer);
			server.start();
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Create a context that names the authorities of the trust domain to clients, as that
	 * of any Java server names those that it trusts.
	 */
	private SSLContext context(ClassicAuthority authority, String host) {
		PemSslStore own = PemSslStore.of(List.of(authority.issue(host, CertificateWriter.KEYS.getPublic())),
				CertificateWriter.KEYS.getPrivate());
		PemSslStore trusted = PemSslStore
			.load(PemSslStoreDetails.forCertificate(this.spireServer.trustBundle().toPem()));
		return SslBundle.of(new PemSslStoreBundle(own, trusted)).createSslContext();
	}

	private static void answer(HttpExchange exchange) throws IOException {
		try {
			byte[] answer = JsonMapper.shared().writeValueAsBytes(caller((HttpsExchange) exchange));
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			// A connection keeps the SVID with which it began
			exchange.getResponseHeaders().set("Connection", "close");
			exchange.sendResponseHeaders(200, answer.length);
			exchange.getResponseBody().write(answer);
		}
		finally {
			exchange.close();
		}
	}

	private static Caller caller(HttpsExchange exchange) throws IOException {
		X509Certificate certificate = (X509Certificate) exchange.getSSLSession().getPeerCertificates()[0];
		try {
			String id = certificate.getSubjectAlternativeNames()
				.stream()
				.filter((name) -> name.get(0).equals(URI_NAME))
				.map((name) -> (String) name.get(1))
				.findFirst()
				.orElseThrow();
			return new Caller(id, certificate.getSerialNumber().toString());
		}
		catch (CertificateParsingException ex) {
			throw new IOException(ex);
		}
	}

	private static final class ClientsWithCertificate extends HttpsConfigurator {

		ClientsWithCertificate(SSLContext context) {
			super(context);
		}

		@Override
		public void configure(HttpsParameters parameters) {
			SSLParameters needed = getSSLContext().getDefaultSSLParameters();
			needed.setNeedClientAuth(true);
			parameters.setSSLParameters(needed);
		}

	}

}
