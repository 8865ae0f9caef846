package dev.psat.tlstests;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Calls with {@code openssl s_client}.
 */
public final class OpenSslCaller implements Caller {

	private static final String BEGIN = "-----BEGIN CERTIFICATE-----";

	private static final String END = "-----END CERTIFICATE-----";

	private final Program openssl = new Program("openssl");

	private final Path directory;

	public OpenSslCaller(Path directory) {
		this.directory = directory;
	}

	@Override
	public Reception call(Knock knock, TlsVersion version, Credential credential) {
		return run(knock, version, arguments(credential), knock::isAnsweredBy);
	}

	/**
	 * Return a client that resumes sessions if possible.
	 * @param knock the target and the request
	 * @param version the only TLS version to use
	 * @param credential the credential to present
	 * @return the client
	 */
	public Resumable resumable(Knock knock, TlsVersion version, Credential credential) {
		return new Resumable(knock, version, arguments(credential));
	}

	private List<String> arguments(Credential credential) {
		if (!credential.isPresent()) {
			return List.of();
		}
		String file = credential.writeTo(this.directory).toString();
		List<String> arguments = new ArrayList<>(List.of("-cert", file, "-key", file));
		// otherwise, it sends the leaf alone
		credential.issuers()
			.map((issuers) -> issuers.writeTo(this.directory).toString())
			.ifPresent((issuers) -> arguments.addAll(List.of("-cert_chain", issuers)));
		return arguments;
	}

	private Reception run(Knock knock, TlsVersion version, List<String> more, Predicate<String> enough) {
		List<String> arguments = new ArrayList<>(
				List.of("s_client", "-connect", "127.0.0.1:" + knock.port(), "-servername", "localhost", "-ign_eof"));
		arguments.add(version.opensslOption());
		if (!knock.tickets() && version == TlsVersion.TLS_1_2) {
			arguments.add("-no_ticket");
		}
		String alpn = knock.alpn();
		if (alpn != null) {
			arguments.addAll(List.of("-alpn", alpn));
		}
		arguments.addAll(more);
		// over HTTP/1.1, the server ends the connection, and tickets may arrive until
		// then
		String output = this.openssl.run(arguments, knock.request(), (read) -> knock.http2() && enough.test(read));
		return new Reception(knock.isAnsweredBy(output), certificate(output), output);
	}

	private static @Nullable X509Certificate certificate(String output) {
		int begin = output.indexOf(BEGIN);
		if (begin == -1) {
			return null;
		}
		String pem = output.substring(begin, output.indexOf(END) + END.length());
		try {
			return (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
		}
		catch (CertificateException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public String toString() {
		return "openssl";
	}

	/**
	 * A client that keeps its session, if it has received one, between calls.
	 */
	public final class Resumable {

		private final Knock knock;

		private final TlsVersion version;

		private final List<String> arguments;

		private final Path session;

		Resumable(Knock knock, TlsVersion version, List<String> arguments) {
			this.knock = knock;
			this.version = version;
			this.arguments = arguments;
			this.session = OpenSslCaller.this.directory.resolve("session-" + UUID.randomUUID());
		}

		public Reception call() {
			List<String> arguments = new ArrayList<>(this.arguments);
			if (hasSession()) {
				arguments.addAll(List.of("-sess_in", this.session.toString()));
			}
			arguments.addAll(List.of("-sess_out", this.session.toString()));
			return run(this.knock, this.version, arguments, this.knock::isAnsweredBy);
		}

		public boolean hasSession() {
			return Files.exists(this.session);
		}

	}

}
