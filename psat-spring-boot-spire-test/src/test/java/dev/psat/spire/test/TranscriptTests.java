package dev.psat.spire.test;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.GetAuthorizedEntriesResponse;
import dev.psat.spire.test.proto.JWTSVID;
import dev.psat.spire.test.proto.NewJWTSVIDRequest;
import dev.psat.spire.test.proto.NewJWTSVIDResponse;
import dev.psat.spire.test.proto.PostStatusRequest;
import dev.psat.spire.test.proto.X509SVID;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Replays what was recorded from a real server to {@link SimulatedSpireServer}, and
 * compares the answers: all but what must differ, such as keys, times and signatures.
 */
class TranscriptTests {

	private static final String POD_UID = "39129bae-636e-4f82-8540-9e697ef00970";

	private static final String NODE_UID = "2216caf3-3506-42c9-81f6-082a6051414c";

	private static final String ENTRY_ID = "spiffe://example.org/ns/shop/sa/orders";

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder()
		.serviceAccount("shop", "orders")
		.pod("orders-0", POD_UID)
		.node("node-1", NODE_UID)
		.build();

	@AutoClose
	private final SimulatedKubelet stranger = SimulatedKubelet.builder().serviceAccount("shop", "stranger").build();

	private final SimulatedCluster demo = SimulatedCluster.named("demo")
		.usePodIds()
		.allow("shop", "orders")
		.allow("shop", "billing")
		.trust(this.kubelet)
		.trust(this.stranger);

	private final SimulatedCluster nodes = SimulatedCluster.named("nodes").allow("shop", "orders").trust(this.kubelet);

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.cluster(this.demo)
		.cluster(this.nodes)
		.x509SvidTtl(Duration.ofMinutes(10))
		.entryCacheReload(Duration.ZERO)
		.limitAttestations(false)
		.build();

	@AutoClose
	private final TestClient anonymous = TestClient.anonymous(this.server);

	private String entryId = "";

	@BeforeEach
	void register() {
		this.server.entries()
			.createAlias("spiffe://example.org/k8s/shop/orders", "k8s_psat:cluster:demo", "k8s_psat:agent_ns:shop",
					"k8s_psat:agent_sa:orders");
		this.entryId = this.server.entries()
			.create("spiffe://example.org/k8s/shop/orders", ENTRY_ID,
					(entry) -> entry.selectors("k8s:ns:shop", "k8s:sa:orders")
						.hint("orders")
						.dnsNames("orders.shop.svc"));
	}

	@Test
	void attestation() throws IOException {
		AttestAgentResponse recorded = AttestAgentResponse.parseFrom(Transcript.of("attest").reply());
		assertSame(attest(Transcript.of("attest")), recorded);
	}

	@Test
	void attestationInNodeMode() throws IOException {
		AttestAgentResponse recorded = AttestAgentResponse.parseFrom(Transcript.of("node-mode-attest").reply());
		assertSame(attest(Transcript.of("node-mode-attest")), recorded);
	}

	private void assertSame(AttestAgentResponse actual, AttestAgentResponse recorded) {
		assertThat(actual.getResult().getReattestable()).isEqualTo(recorded.getResult().getReattestable());
		assertSame(actual.getResult().getSvid(), recorded.getResult().getSvid());
	}

	private static void assertSame(X509SVID actual, X509SVID recorded) {
		assertThat(actual.getId()).isEqualTo(recorded.getId());
		assertThat(actual.getHint()).isEqualTo(recorded.getHint());
		assertThat(actual.getCertChainCount()).isEqualTo(recorded.getCertChainCount());
		X509Certificate actualLeaf = TestSvid.certificate(actual.getCertChain(0));
		X509Certificate recordedLeaf = TestSvid.certificate(recorded.getCertChain(0));
		assertSameForm(actualLeaf, recordedLeaf);
		assertThat(actual.getExpiresAt()).isEqualTo(actualLeaf.getNotAfter().toInstant().getEpochSecond());
		assertThat(actualLeaf.getNotAfter().getTime() - actualLeaf.getNotBefore().getTime())
			.isEqualTo(recordedLeaf.getNotAfter().getTime() - recordedLeaf.getNotBefore().getTime());
	}

	static void assertSameForm(X509Certificate actual, X509Certificate recorded) {
		assertThat(actual.getVersion()).isEqualTo(recorded.getVersion());
		assertThat(actual.getSigAlgName()).isEqualTo(recorded.getSigAlgName());
		assertThat(actual.getSubjectX500Principal().getName().replaceAll("2.5.4.5=#\\p{Alnum}+", ""))
			.isEqualTo(recorded.getSubjectX500Principal().getName().replaceAll("2.5.4.5=#\\p{Alnum}+", ""));
		assertThat(actual.getKeyUsage()).isEqualTo(recorded.getKeyUsage());
		assertThat(actual.getBasicConstraints()).isEqualTo(recorded.getBasicConstraints());
		assertThat(new TreeSet<>(actual.getCriticalExtensionOIDs())).isEqualTo(recorded.getCriticalExtensionOIDs());
		assertThat(new TreeSet<>(actual.getNonCriticalExtensionOIDs()))
			.isEqualTo(recorded.getNonCriticalExtensionOIDs());
		assertThat(actual.getExtensionValue("2.5.29.37")).isEqualTo(recorded.getExtensionValue("2.5.29.37"));
		assertThat(actual.getExtensionValue("2.5.29.17")).isEqualTo(recorded.getExtensionValue("2.5.29.17"));
	}

	@Test
	void bundle() throws IOException {
		for (String name : List.of("bundle-unauthenticated", "bundle")) {
			assertSameForm(this.anonymous.bundle(), Bundle.parseFrom(Transcript.of(name).reply()));
		}
		TestSvid agent = TestClient.attest(this.server, this.kubelet.token(), "demo");
		try (TestClient client = TestClient.of(this.server, agent)) {
			this.server.agents().ban(agent.id());
			assertSameForm(client.bundle(), Bundle.parseFrom(Transcript.of("banned-bundle-after").reply()));
			this.server.agents().evict(agent.id());
			assertSameForm(client.bundle(), Bundle.parseFrom(Transcript.of("deleted-bundle-after").reply()));
		}
	}

	private static void assertSameForm(Bundle actual, Bundle recorded) {
		assertThat(normalized(actual)).isEqualTo(normalized(recorded));
		for (int i = 0; i < recorded.getX509AuthoritiesCount(); i++) {
			assertSameForm(TestSvid.certificate(actual.getX509Authorities(i).getAsn1()),
					TestSvid.certificate(recorded.getX509Authorities(i).getAsn1()));
		}
	}

	private static Bundle normalized(Bundle bundle) {
		Bundle.Builder normalized = bundle.toBuilder();
		normalized.getX509AuthoritiesBuilderList().forEach((authority) -> authority.setAsn1(ByteString.EMPTY));
		normalized.getJwtAuthoritiesBuilderList().forEach((authority) -> {
			assertThat(authority.getPublicKey().size()).isEqualTo(91);
			assertThat(authority.getKeyId()).hasSize(32);
			assertThat(authority.getExpiresAt()).isPositive();
			authority.clear();
		});
		return normalized.build();
	}

	@Test
	void rotationOfAuthority() throws IOException {
		this.server.authority().prepare();
		assertRotation("prepared");
		this.server.authority().activate();
		assertRotation("activated");
		this.server.authority().taint();
		assertRotation("tainted");
		this.server.authority().revoke();
		assertRotation("revoked");
	}

	/**
	 * Which authority has signed what is seen from the position of the authority in the
	 * trust bundle.
	 */
	private void assertRotation(String step) throws IOException {
		Transcript bundle = Transcript.of("rotation-" + step + "-bundle");
		Bundle recordedBundle = Bundle.parseFrom(bundle.reply());
		try (TestClient client = TestClient.anonymous(this.server)) {
			Bundle actualBundle = client.bundle();
			assertSameForm(actualBundle, recordedBundle);
			AttestAgentResponse recorded = AttestAgentResponse
				.parseFrom(Transcript.of("rotation-" + step + "-attest").reply());
			assertThat(signer(actualBundle, leaf(attest(Transcript.of("rotation-" + step + "-attest")))))
				.isEqualTo(signer(recordedBundle, leaf(recorded)));
			X509Certificate recordedServer = TestSvid
				.certificate(ByteString.copyFrom(Transcript.bytes("rotation-" + step + "-server-leaf.der")));
			assertSameForm(client.serverLeaf(), recordedServer);
			assertThat(signer(actualBundle, client.serverLeaf())).isEqualTo(signer(recordedBundle, recordedServer));
		}
	}

	private static X509Certificate leaf(AttestAgentResponse response) {
		return TestSvid.certificate(response.getResult().getSvid().getCertChain(0));
	}

	private static int signer(Bundle bundle, X509Certificate leaf) {
		List<X509Certificate> authorities = bundle.getX509AuthoritiesList()
			.stream()
			.map((authority) -> TestSvid.certificate(authority.getAsn1()))
			.toList();
		return authorities.stream()
			.map(X509Certificate::getSubjectX500Principal)
			.toList()
			.indexOf(leaf.getIssuerX500Principal());
	}

	@Test
	void entries() throws IOException {
		GetAuthorizedEntriesResponse recorded = GetAuthorizedEntriesResponse
			.parseFrom(Transcript.of("entries").reply());
		try (TestClient client = attested("demo")) {
			// What the messages do not have, and what must differ, left out
			assertThat(client.entries().get(0).toBuilder().clearId().clearCreatedAt().build())
				.isEqualTo(withoutUnknownFields(recorded.getEntries(0).toBuilder().clearId().clearCreatedAt().build()));
			assertThat(client.entries()).hasSameSizeAs(recorded.getEntriesList());
			assertThat(client.entries().get(0).getCreatedAt()).isPositive();
		}
		assertThat(Transcript.of("node-mode-entries").step().has("reply")).isFalse();
		try (TestClient client = attested("nodes")) {
			assertThat(client.entries()).isEmpty();
		}
	}

	@SuppressWarnings("unchecked")
	private static <M extends Message> M withoutUnknownFields(M message) {
		return (M) message.toBuilder()
			.setUnknownFields(com.google.protobuf.UnknownFieldSet.getDefaultInstance())
			.build();
	}

	@Test
	void x509Svid() throws IOException {
		BatchNewX509SVIDResponse recorded = BatchNewX509SVIDResponse.parseFrom(Transcript.of("x509svid").reply());
		try (TestClient client = attested("demo")) {
			BatchNewX509SVIDResponse.Result actual = client.x509Svid(this.entryId,
					TestCsr.of(Certificates.newKeyPair()));
			assertThat(actual.getStatus()).isEqualTo(recorded.getResults(0).getStatus());
			assertSame(actual.getSvid(), recorded.getResults(0).getSvid());
		}
	}

	@Test
	void x509SvidOfUnknownEntry() throws IOException {
		BatchNewX509SVIDResponse recorded = BatchNewX509SVIDResponse
			.parseFrom(Transcript.of("x509svid-unknown-entry").reply());
		try (TestClient client = attested("demo")) {
			assertThat(client.x509Svid("unknown", TestCsr.of(Certificates.newKeyPair())))
				.isEqualTo(recorded.getResults(0));
		}
	}

	@Test
	void jwtSvid() throws IOException {
		NewJWTSVIDRequest request = NewJWTSVIDRequest.parseFrom(Transcript.of("jwtsvid").request());
		JWTSVID recorded = NewJWTSVIDResponse.parseFrom(Transcript.of("jwtsvid").reply()).getSvid();
		try (TestClient client = attested("demo")) {
			JWTSVID actual = client
				.call(SpireMethods.NEW_JWT_SVID, request.toBuilder().setEntryId(this.entryId).build())
				.getSvid();
			assertThat(actual.getId()).isEqualTo(recorded.getId());
			assertThat(actual.getHint()).isEqualTo(recorded.getHint());
			assertThat(actual.getExpiresAt() - actual.getIssuedAt())
				.isEqualTo(recorded.getExpiresAt() - recorded.getIssuedAt());
			assertThat(part(actual, 0)).isEqualTo(part(recorded, 0));
			assertThat(part(actual, 1)).isEqualTo(part(recorded, 1));
		}
	}

	private static String part(JWTSVID svid, int index) {
		return PsatClaims.decode(svid.getToken().split("\\.")[index])
			.toString()
			.replaceAll("\"(kid|exp|iat)\":(\"\\w+\"|\\d+)", "$1");
	}

	@Test
	void renewalIsRefused() {
		try (TestClient client = attested("demo")) {
			Transcript.of("renew-refused")
				.assertSame(
						TestClient.failure(() -> client.call(SpireMethods.RENEW_AGENT, Empty.getDefaultInstance())));
		}
	}

	@Test
	void postStatus() throws IOException {
		PostStatusRequest request = PostStatusRequest.parseFrom(Transcript.of("post-status").request());
		try (TestClient client = attested("demo")) {
			assertThat(client.call(SpireMethods.POST_STATUS, request).getSerializedSize()).isZero();
		}
		assertThat(this.server.journal().lastAgentVersion()).isEqualTo("psat-spring-boot/test");
	}

	@Test
	void earlierSvidOfSameAgentIsNotActive() {
		try (TestClient client = attested("demo")) {
			TestClient.attest(this.server, this.kubelet.token(), "demo");
			Transcript.of("entries-evicted").assertSame(TestClient.failure(client::entries));
		}
	}

	@Test
	void bannedAgent() {
		try (TestClient client = attested("demo")) {
			this.server.agents().ban(this.server.agents().ids().iterator().next());
			Transcript.of("banned-entries-after").assertSame(TestClient.failure(client::entries));
		}
		Transcript transcript = Transcript.of("denied-banned-attest");
		transcript.assertSame(TestClient.failure(() -> attest(transcript)));
	}

	@Test
	void evictedAgent() {
		try (TestClient client = attested("demo")) {
			this.server.agents().evict(this.server.agents().ids().iterator().next());
			Transcript.of("deleted-entries-after").assertSame(TestClient.failure(client::entries));
		}
	}

	@Test
	void strangerIsRefused() {
		Transcript transcript = Transcript.of("denied-service-account-attest");
		transcript.assertSame(TestClient.failure(() -> attest(transcript, this.stranger.token())));
	}

	@Test
	void wrongAudienceIsRefused() {
		Transcript transcript = Transcript.of("denied-wrong-audience-attest");
		transcript.assertSame(TestClient.failure(() -> attest(transcript, this.kubelet.rotateWithAudience("vault"))));
	}

	@Test
	void badSignatureIsRefused() {
		String token = this.kubelet.token();
		String other = this.kubelet.rotate();
		String mixed = token.substring(0, token.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
		Transcript transcript = Transcript.of("denied-bad-signature-attest");
		transcript.assertSame(TestClient.failure(() -> attest(transcript, mixed)));
	}

	@Test
	void tokenOfDeletedPodIsRefused() {
		try (TestClient client = attested("demo")) {
			this.demo.deletePod(this.kubelet);
			Transcript transcript = Transcript.of("denied-pod-deleted-attest");
			transcript.assertSame(TestClient.failure(() -> attest(transcript)));
			assertThat(client.entries()).hasSize(1);
		}
	}

	@Test
	void unknownClusterIsRefused() {
		Transcript transcript = Transcript.of("denied-unknown-cluster-attest");
		transcript.assertSame(TestClient.failure(() -> attest(transcript)));
	}

	/**
	 * Those without a token that counts: sent just as they were recorded.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "garbage-token", "empty-token", "empty-cluster", "broken-payload", "no-such-attestor" })
	void recordedRequestIsRefused(String name) {
		Transcript transcript = Transcript.of("denied-" + name + "-attest");
		transcript.assertSame(TestClient.failure(() -> this.anonymous.attest(transcript.attestation())));
	}

	private TestClient attested(String cluster) {
		return TestClient.of(this.server, TestClient.attest(this.server, this.kubelet.token(), cluster));
	}

	private AttestAgentResponse attest(Transcript transcript) {
		return attest(transcript, this.kubelet.token());
	}

	/**
	 * Send the recorded request with another token: the key that signed its own is gone.
	 */
	private AttestAgentResponse attest(Transcript transcript, String token) {
		AttestAgentRequest.Builder request = transcript.attestation().toBuilder();
		request.getParamsBuilder()
			.getDataBuilder()
			.setPayload(ByteString.copyFrom(TestClient.payload(transcript.cluster(), token)));
		return this.anonymous.attest(request.build());
	}

}
