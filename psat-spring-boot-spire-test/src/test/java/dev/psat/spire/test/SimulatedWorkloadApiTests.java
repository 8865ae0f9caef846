package dev.psat.spire.test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.WorkloadTestClient.Stream;
import dev.psat.spire.test.proto.WorkloadProto.X509SVID;
import dev.psat.spire.test.proto.WorkloadProto.X509SVIDResponse;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SimulatedWorkloadApi}.
 */
class SimulatedWorkloadApiTests {

	static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	static final String BILLING = "spiffe://example.org/ns/shop/sa/billing";

	@AutoClose
	private final SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().build();

	@AutoClose
	private final WorkloadTestClient client = WorkloadTestClient.of(this.api);

	@Test
	void entryHasSvidWithKeyAndBundle() throws Exception {
		this.api.addEntry(ORDERS, (entry) -> entry.hint("orders").dnsNames("orders.shop"));
		X509SVIDResponse message = this.client.x509Svids().next();
		assertThat(message.getFederatedBundlesMap()).isEmpty();
		X509SVID svid = message.getSvids(0);
		assertThat(svid.getSpiffeId()).isEqualTo(ORDERS);
		assertThat(svid.getHint()).isEqualTo("orders");
		X509Certificate leaf = certificate(svid.getX509Svid());
		assertThat(Certificates.uris(leaf)).containsExactly(ORDERS);
		assertThat(leaf.getSubjectX500Principal().getName()).contains("CN=orders.shop");
		X509Certificate authority = certificate(svid.getBundle());
		leaf.verify(authority.getPublicKey());
		assertFits(svid, leaf, "EC", "SHA256withECDSA");
	}

	@Test
	void keysMayBeRsa() throws Exception {
		try (SimulatedWorkloadApi rsa = SimulatedWorkloadApi.builder().rsaKeys().entry(ORDERS).build();
				WorkloadTestClient other = WorkloadTestClient.of(rsa)) {
			X509SVID svid = other.x509Svids().next().getSvids(0);
			assertFits(svid, certificate(svid.getX509Svid()), "RSA", "SHA256withRSA");
		}
	}

	@Test
	void callWithoutSecurityHeaderIsRefused() {
		this.api.addEntry(ORDERS);
		for (String[] values : List.of(new String[0], new String[] { "false" }, new String[] { "true", "true" })) {
			try (WorkloadTestClient other = WorkloadTestClient.withHeader(this.api, values)) {
				Status status = other.x509Svids().end();
				assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
				assertThat(status.getDescription()).isEqualTo("security header missing from request");
			}
		}
	}

	@Test
	void nobodyWithoutEntryHasIdentity() {
		assertDenied(this.client.x509Svids().end());
		assertDenied(this.client.x509Bundles().end());
		assertDenied(this.client.jwtBundles().end());
	}

	@Test
	void eachMessageHasEverything() {
		String orders = this.api.addEntry(ORDERS);
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		assertThat(ids(stream.next())).containsExactly(ORDERS);
		String billing = this.api.addEntry(BILLING);
		await().until(() -> ids(stream.next()).size() == 2);
		this.api.removeEntry(billing);
		assertThat(ids(stream.next())).containsExactly(ORDERS);
		this.api.removeEntry(orders);
		assertDenied(stream.end());
	}

	@Test
	void lowestEntryComesFirst() {
		String orders = this.api.addEntry(ORDERS);
		String billing = this.api.addEntry(BILLING);
		assertThat(ids(this.client.x509Svids().next())).containsExactlyElementsOf(
				(orders.compareTo(billing) < 0) ? List.of(ORDERS, BILLING) : List.of(BILLING, ORDERS));
	}

	@Test
	void oldestOfEqualHintsIsSeenAlone() {
		this.api.addEntry(ORDERS, (entry) -> entry.hint("same"));
		this.api.addEntry(BILLING, (entry) -> entry.hint("same").createdAt(Instant.now().minus(Duration.ofHours(1))));
		assertThat(ids(this.client.x509Svids().next())).containsExactly(BILLING);
	}

	@Test
	void exchangeEndsStreamAlthoughNewEntryIsThere() {
		String orders = this.api.addEntry(ORDERS);
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		stream.next();
		this.api.exchangeEntry(orders, BILLING);
		assertDenied(stream.end());
		assertThat(ids(this.client.x509Svids().next())).containsExactly(BILLING);
	}

	@Test
	void whoeverAsksWaitsForSlowServer() {
		String orders = this.api.addEntry(ORDERS);
		this.api.faults().holdIssuance(true);
		this.api.exchangeEntry(orders, BILLING);
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		await().until(() -> this.api.journal().openCalls(WorkloadMethod.FETCH_X509_SVID) == 1);
		await().during(Duration.ofMillis(300)).until(stream::isQuiet);
		this.api.faults().holdIssuance(false);
		assertThat(ids(stream.next())).containsExactly(BILLING);
	}

	@Test
	void rotationBringsNewSvidForNewKey() {
		this.api.addEntry(ORDERS);
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		X509SVID first = stream.next().getSvids(0);
		this.api.rotate();
		X509SVID second = stream.next().getSvids(0);
		assertThat(second.getX509Svid()).isNotEqualTo(first.getX509Svid());
		assertThat(second.getX509SvidKey()).isNotEqualTo(first.getX509SvidKey());
		assertThat(second.getBundle()).isEqualTo(first.getBundle());
	}

	@Test
	void entryMadeAtTheServerIsNoticed() {
		this.api.addEntry(ORDERS);
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		stream.next();
		this.api.server().entries().create(this.api.agentId(), BILLING);
		await().until(() -> ids(stream.next()).size() == 2);
	}

	@Test
	void stoppedAgentIsGoneAndComesBack() {
		this.api.addEntry(ORDERS);
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		ByteString first = stream.next().getSvids(0).getX509Svid();
		this.api.stop();
		assertThat(stream.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(this.api.socket()).doesNotExist();
		assertThat(this.api.journal().openConnections()).isZero();
		this.api.start();
		try (WorkloadTestClient other = WorkloadTestClient.of(this.api)) {
			assertThat(other.x509Svids().next().getSvids(0).getX509Svid()).isNotEqualTo(first);
		}
	}

	@Test
	void killedAgentLeavesItsSocket() {
		this.api.addEntry(ORDERS);
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		stream.next();
		this.api.kill();
		assertThat(stream.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(this.api.socket()).exists();
		this.api.start();
		try (WorkloadTestClient other = WorkloadTestClient.of(this.api)) {
			assertThat(ids(other.x509Svids().next())).containsExactly(ORDERS);
		}
	}

	@Test
	void directoryIsMadeAnew() throws IOException {
		this.api.addEntry(ORDERS);
		this.api.stop();
		Files.delete(this.api.socket().getParent());
		this.api.start();
		assertThat(ids(this.client.x509Svids().next())).containsExactly(ORDERS);
	}

	@Test
	void nothingIsLeftWhenClosed() {
		SimulatedWorkloadApi closed = SimulatedWorkloadApi.builder().entry(ORDERS).build();
		Path directory = closed.socket().getParent();
		try (WorkloadTestClient other = WorkloadTestClient.of(closed)) {
			other.x509Svids().next();
			closed.close();
			closed.close();
		}
		assertThat(directory).doesNotExist();
		assertThat(closed.server().isRunning()).isFalse();
	}

	@Test
	void listensOnTcp() {
		try (SimulatedWorkloadApi tcp = SimulatedWorkloadApi.builder().tcp().entry(ORDERS).build();
				WorkloadTestClient other = WorkloadTestClient.of(tcp)) {
			assertThat(tcp.address()).matches("tcp://127\\.0\\.0\\.1:\\d+");
			assertThat(ids(other.x509Svids().next())).containsExactly(ORDERS);
			String before = tcp.address();
			tcp.stop();
			tcp.start();
			assertThat(tcp.address()).isEqualTo(before);
			try (WorkloadTestClient again = WorkloadTestClient.of(tcp)) {
				assertThat(ids(again.x509Svids().next())).containsExactly(ORDERS);
			}
		}
	}

	@Test
	void pathOfSocketIsLimited(@TempDir Path directory) {
		Path socket = directory.resolve("x".repeat(108));
		assertThatIllegalArgumentException().isThrownBy(() -> SimulatedWorkloadApi.builder().socket(socket).build())
			.withMessageContaining("longer than 107 bytes");
	}

	private static void assertDenied(Status status) {
		assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
		assertThat(status.getDescription()).isEqualTo("no identity issued");
	}

	private static void assertFits(X509SVID svid, X509Certificate leaf, String algorithm, String signatureAlgorithm)
			throws Exception {
		PrivateKey key = KeyFactory.getInstance(algorithm)
			.generatePrivate(new PKCS8EncodedKeySpec(svid.getX509SvidKey().toByteArray()));
		Signature signature = Signature.getInstance(signatureAlgorithm);
		signature.initSign(key);
		signature.update((byte) 1);
		byte[] signed = signature.sign();
		signature.initVerify(leaf.getPublicKey());
		signature.update((byte) 1);
		assertThat(signature.verify(signed)).isTrue();
	}

	private static List<String> ids(X509SVIDResponse message) {
		return message.getSvidsList().stream().map(X509SVID::getSpiffeId).toList();
	}

	private static X509Certificate certificate(ByteString encoded) throws Exception {
		return Certificates.parse(new ByteArrayInputStream(encoded.toByteArray()));
	}

}
