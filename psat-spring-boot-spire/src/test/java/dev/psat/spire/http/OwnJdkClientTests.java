package dev.psat.spire.http;

import java.net.http.HttpClient;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ssl.SslOptions;

import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for a client of the JDK that the application builds itself.
 */
class OwnJdkClientTests {

	private final KeyedIdentity identity = new KeyedIdentity();

	private final AtomicBoolean authorized = new AtomicBoolean(true);

	private final SpiffeSslBundle bundle = SpiffeSslBundle.of(() -> this.identity, (peer) -> null,
			(peer) -> this.authorized.get() ? null : "is no longer on the test's list", SslOptions.NONE);

	@AutoClose
	private final SecureServer server = new SecureServer(this.bundle.createSslContext());

	OwnJdkClientTests() {
		this.identity.rotate();
	}

	@Test
	void connectionEndsWithItsCause() throws Exception {
		HttpClient client = SpiffeHttpClients.prepare(HttpClient.newBuilder(), this.bundle).build();
		ClientRenewalTests.call(client, this.server.uri());
		this.authorized.set(false);
		this.bundle.reauthorize();
		await().until(() -> this.bundle.connections().ended(Direction.OUTBOUND, EndCause.UNAUTHORIZED) == 1);
		assertThatException().isThrownBy(() -> ClientRenewalTests.call(client, this.server.uri()))
			.withStackTraceContaining("is no longer on the test's list");
	}

}
