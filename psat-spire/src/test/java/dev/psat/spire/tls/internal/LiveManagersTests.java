package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.TlsSnapshot;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for the managers of {@link SvidTls}, as they are given to what makes a context of
 * them by itself and keeps it.
 */
class LiveManagersTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final String ORDERS = "spiffe://example.org/orders";

	private static final String BANK = "spiffe://example.org/bank";

	private static final String ANSWER = Character.toString(Loopback.ANSWER);

	private static final PeerPolicies ANYBODY = PeerPolicies.of((peer) -> true);

	private final MutableIdentity orders = MutableIdentity.of(ROOT, ORDERS);

	private final MutableIdentity bank = MutableIdentity.of(ROOT, BANK);

	private final SvidTls client = SvidTls.of(this.orders, ANYBODY, TlsOptions.NONE, Time.ofSystem());

	private final SvidTls server = SvidTls.of(this.bank, ANYBODY, TlsOptions.NONE, Time.ofSystem());

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void clientIsCheckedAtEachConnectionAndRefusedAfterARevocation(String protocol) throws Exception {
		SSLContext clients = kept(this.client);
		SSLContext servers = kept(this.server);
		for (int i = 1; i < 4; i++) {
			EngineHandshake.begin(clients, servers, protocol).end();
			assertThat(accepted()).isEqualTo(i);
		}
		this.bank.trust(new SvidMint("root").bundle());
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> EngineHandshake.begin(clients, servers, protocol).end())
			.havingRootCause()
			.withMessageContaining("does not chain to an authority of the trust bundle");
		assertThat(accepted()).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void newSvidIsPresentedByTheNextHandshake(String protocol) throws Exception {
		SSLContext servers = kept(this.server);
		for (int serialNumber = 1; serialNumber < 4; serialNumber++) {
			this.bank.rotate(ROOT.order(BANK).serialNumber(serialNumber).mint());
			EngineHandshake handshake = EngineHandshake.begin(this.client.tls().context(), servers, protocol).end();
			assertThat(((X509Certificate) handshake.client().getSession().getPeerCertificates()[0]).getSerialNumber())
				.isEqualTo(serialNumber);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void withoutAnSvidNobodyConnects(String protocol) throws Exception {
		SSLContext servers = kept(this.server);
		this.bank.become(TlsSnapshot.EMPTY);
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> EngineHandshake.begin(this.client.tls().context(), servers, protocol).end());
		this.bank.become(ROOT.mint(BANK), ROOT.bundle());
		EngineHandshake.begin(this.client.tls().context(), servers, protocol).end();
	}

	/**
	 * OpenSSL is promised a ticket that never comes, which is the price of managers and
	 * of server sockets over TLS 1.2: it is not let in, rather than unchecked.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void opensslIsNotLetInOverTls12(boolean kept) throws Exception {
		SSLContext context = kept ? kept(this.server) : this.server.tls().context();
		try (Loopback loopback = Loopback.ofServerSocket(context, "TLSv1.2")) {
			for (int i = 1; i < 4; i++) {
				assertThat(openssl(loopback, "-tls1_2", "-sess_out", "session")).contains("unexpected message")
					.doesNotEndWith(ANSWER);
				assertThat(accepted()).isEqualTo(i);
			}
			assertThat(this.directory.resolve("session")).doesNotExist();
		}
	}

	@Test
	void opensslWithoutTicketsIsCheckedAtEachConnectionOverTls12() throws Exception {
		try (Loopback loopback = Loopback.ofServerSocket(kept(this.server), "TLSv1.2")) {
			assertThat(openssl(loopback, "-tls1_2", "-no_ticket", "-sess_out", "session")).contains("New, TLSv1.2")
				.endsWith(ANSWER);
			assertThat(accepted()).isOne();
			assertThat(openssl(loopback, "-tls1_2", "-no_ticket", "-sess_in", "session")).contains("New, TLSv1.2")
				.endsWith(ANSWER);
			assertThat(accepted()).isEqualTo(2);
			this.bank.trust(new SvidMint("root").bundle());
			assertThat(openssl(loopback, "-tls1_2", "-no_ticket", "-sess_in", "session")).doesNotEndWith(ANSWER);
			assertThat(accepted()).isEqualTo(2);
		}
	}

	@Test
	void opensslIsCheckedAtEachConnectionOverTls13() throws Exception {
		try (Loopback loopback = Loopback.ofServerSocket(kept(this.server), "TLSv1.3")) {
			assertThat(openssl(loopback, "-tls1_3", "-sess_out", "session")).contains("New, TLSv1.3").endsWith(ANSWER);
			assertThat(accepted()).isOne();
			assertThat(this.directory.resolve("session")).doesNotExist();
		}
	}

	/**
	 * A context for each connection has no session to be ended, so nothing is broken.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "-tls1_2", "-tls1_3" })
	void opensslIsServedByTheContextOfOursWithEachProtocol(String protocol) throws Exception {
		String name = protocol.equals("-tls1_2") ? "TLSv1.2" : "TLSv1.3";
		try (Loopback loopback = Loopback.ofLayeredSockets(this.server.tls().context(), name)) {
			assertThat(openssl(loopback, protocol, "-sess_out", "session")).contains("New, " + name).endsWith(ANSWER);
			assertThat(openssl(loopback, protocol, "-sess_in", "session")).contains("New, " + name).endsWith(ANSWER);
			assertThat(accepted()).isEqualTo(2);
			this.bank.trust(new SvidMint("root").bundle());
			assertThat(openssl(loopback, protocol, "-sess_in", "session")).doesNotEndWith(ANSWER);
			assertThat(accepted()).isEqualTo(2);
		}
	}

	private long accepted() {
		return this.server.tls().counts().count(Direction.INBOUND, HandshakeOutcome.ACCEPTED);
	}

	private static SSLContext kept(SvidTls tls) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(tls.tls().keyManagerFactory().getKeyManagers(), tls.tls().trustManagerFactory().getTrustManagers(),
				null);
		return context;
	}

	/**
	 * Connect as the client that has a certificate, and say one byte.
	 * @return what openssl has to tell, with the answer at its end
	 */
	private String openssl(Loopback loopback, String... arguments) throws Exception {
		Minted minted = ROOT.mint(ORDERS);
		write("chain.pem", "CERTIFICATE", minted.chain().get(0).getEncoded());
		write("key.pem", "PRIVATE KEY", minted.privateKey().getEncoded());
		List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect",
				"127.0.0.1:" + loopback.port(), "-cert", "chain.pem", "-key", "key.pem", "-ign_eof"));
		command.addAll(List.of(arguments));
		Process process = start(command);
		try (OutputStream in = process.getOutputStream(); InputStream out = process.getInputStream()) {
			in.write('x');
			in.flush();
			StringBuilder output = new StringBuilder();
			for (int read = out.read(); read != -1; read = out.read()) {
				output.append((char) read);
				if (read == Loopback.ANSWER) {
					break;
				}
			}
			return output.toString();
		}
		finally {
			process.destroy();
			assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		}
	}

	private Process start(List<String> command) throws InterruptedException {
		try {
			assumeThat(new ProcessBuilder("openssl", "version").start().waitFor()).isZero();
			return new ProcessBuilder(command).directory(this.directory.toFile()).redirectErrorStream(true).start();
		}
		catch (IOException ex) {
			assumeThat(ex).as("There is no openssl").isNull();
			throw new IllegalStateException(ex);
		}
	}

	private void write(String file, String type, byte[] content) throws IOException {
		Files.writeString(this.directory.resolve(file), "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
			.formatted(type, Base64.getMimeEncoder().encodeToString(content)), StandardCharsets.US_ASCII);
	}

}
