package dev.psat.spire.test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.psat.spire.test.WorkloadTestClient.Stream;
import dev.psat.spire.test.proto.WorkloadProto.JWTBundlesResponse;
import dev.psat.spire.test.proto.WorkloadProto.JWTSVID;
import dev.psat.spire.test.proto.WorkloadProto.JWTSVIDRequest;
import dev.psat.spire.test.proto.WorkloadProto.JWTSVIDResponse;
import dev.psat.spire.test.proto.WorkloadProto.ValidateJWTSVIDRequest;
import dev.psat.spire.test.proto.WorkloadProto.ValidateJWTSVIDResponse;
import dev.psat.spire.test.proto.WorkloadProto.X509BundlesResponse;
import dev.psat.spire.test.proto.WorkloadProto.X509SVID;
import dev.psat.spire.test.proto.WorkloadProto.X509SVIDResponse;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lets happen at a simulated Workload API what was recorded from a real agent, and
 * compares the answers.
 */
class WorkloadTranscriptTests {

	private static final String ORDERS = "spiffe://example.org/orders";

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.x509SvidTtl(Duration.ofSeconds(60))
		.entryCacheReload(Duration.ZERO)
		.build();

	@AutoClose
	private final SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().server(this.server).build();

	@AutoClose
	private final WorkloadTestClient client = WorkloadTestClient.of(this.api);

	@Test
	void nobodyIsDenied() {
		assertSame("denied", this.client.x509Svids().end());
		assertSame("denied-x509-bundles", this.client.x509Bundles().end());
		assertSame("denied-jwt-bundles", this.client.jwtBundles().end());
		transcript("denied-jwtsvid").assertSame(TestClient.failure(() -> this.client.jwtSvids("", "orders")));
	}

	@Test
	void callWithoutHeader() {
		try (WorkloadTestClient other = WorkloadTestClient.withHeader(this.api)) {
			assertSame("no-header", other.x509Svids().end());
		}
	}

	@Test
	void svidAndTheOneAfterIt() throws Exception {
		String id = this.api.addEntry(ORDERS, (entry) -> entry.dnsNames("orders.shop.svc"));
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		X509SVIDResponse first = stream.next();
		assertSameForm(first, recorded("x509"));
		this.api.rotate();
		assertSameForm(stream.next(), recorded("x509-rotated"));
		this.api.exchangeEntry(id, recorded("x509-after-exchange").getSvids(0).getSpiffeId(),
				(entry) -> entry.hint("v2"));
		assertSame("x509-exchanged", stream.end());
		assertSameForm(this.client.x509Svids().next(), recorded("x509-after-exchange"));
	}

	@Test
	void keysOfRsa() throws Exception {
		try (SimulatedWorkloadApi rsa = SimulatedWorkloadApi.builder().server(this.server).rsaKeys().build();
				WorkloadTestClient other = WorkloadTestClient.of(rsa)) {
			rsa.addEntry(ORDERS);
			assertSameForm(other.x509Svids().next(), recorded("rsa-x509"));
		}
	}

	@Test
	void oneOfTwoEntriesIsDeleted() throws Exception {
		X509SVIDResponse recorded = recorded("two");
		String[] ids = new String[2];
		for (X509SVID svid : recorded.getSvidsList()) {
			String id = this.api.addEntry(svid.getSpiffeId(), (entry) -> entry.hint(svid.getHint()));
			ids[svid.getHint().equals("internal") ? 0 : 1] = id;
		}
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		assertThat(hints(stream.next())).containsExactlyInAnyOrderElementsOf(hints(recorded));
		this.api.removeEntry(ids[1]);
		assertThat(hints(stream.next())).isEqualTo(hints(recorded("two-one-deleted")));
		this.api.removeEntry(ids[0]);
		assertSame("two-both-deleted", stream.end());
	}

	@Test
	void equalHints() throws Exception {
		this.api.addEntry("spiffe://example.org/orders-one", (entry) -> entry.hint("same"));
		this.api.addEntry("spiffe://example.org/orders-two", (entry) -> entry.hint("same"));
		assertThat(hints(this.client.x509Svids().next())).isEqualTo(hints(recorded("two-equal-hints")));
	}

	@Test
	void federation() throws Exception {
		try (SimulatedSpireServer partner = SimulatedSpireServer.builder().trustDomain("partner.org").build()) {
			this.server.federation().follow(partner);
			this.api.addEntry(ORDERS, (entry) -> entry.federatesWith("partner.org"));
			Stream<X509SVIDResponse> stream = this.client.x509Svids();
			assertSameForm(stream.next(), recorded("federated-x509"));
			assertThat(form(this.client.x509Bundles().next().getBundlesMap()))
				.isEqualTo(form(X509BundlesResponse.parseFrom(reply("federated-x509-bundles")).getBundlesMap()));
			assertThat(keys(this.client.jwtBundles().next()))
				.isEqualTo(keys(JWTBundlesResponse.parseFrom(reply("federated-jwt-bundles"))));
			this.server.federation().delete("partner.org", BundleDeletion.DISSOCIATE);
			assertSameForm(stream.next(), recorded("federated-x509-ended"));
		}
	}

	@Test
	void rotationOfAuthority() throws Exception {
		this.api.addEntry(ORDERS);
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		assertSameForm(stream.next(), recorded("rotation-before"));
		this.server.authority().prepare();
		X509SVIDResponse prepared = stream.next();
		assertSameForm(prepared, recorded("rotation-prepared"));
		this.server.authority().activate();
		this.server.authority().taint();
		assertThat(stream.next()).isEqualTo(prepared);
		X509SVIDResponse tainted = stream.next();
		assertSameForm(tainted, recorded("rotation-tainted"));
		assertThat(tainted.getSvids(0).getX509Svid()).isNotEqualTo(prepared.getSvids(0).getX509Svid());
		this.server.authority().revoke();
		assertSameForm(stream.next(), recorded("rotation-revoked"));
	}

	@Test
	void rotationOfJwtAuthority() throws Exception {
		this.api.addEntry(ORDERS);
		Stream<JWTBundlesResponse> stream = this.client.jwtBundles();
		assertThat(keys(stream.next())).isEqualTo(keys(JWTBundlesResponse.parseFrom(reply("rotation-jwt-before"))));
		this.server.jwtAuthority().prepare();
		assertThat(keys(stream.next())).isEqualTo(keys(JWTBundlesResponse.parseFrom(reply("rotation-jwt-prepared"))));
		this.server.jwtAuthority().activate();
		this.server.jwtAuthority().taint();
		this.server.jwtAuthority().revoke();
		assertThat(keys(stream.next())).isEqualTo(keys(JWTBundlesResponse.parseFrom(reply("rotation-jwt-revoked"))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "jwtsvid", "jwtsvid-two-audiences" })
	void jwtSvid(String step) throws Exception {
		this.api.addEntry(ORDERS);
		JWTSVIDRequest request = JWTSVIDRequest.parseFrom(transcript(step).request());
		JWTSVIDResponse actual = this.client.jwtSvids("", request.getAudienceList().toArray(String[]::new));
		JWTSVIDResponse recorded = JWTSVIDResponse.parseFrom(reply(step));
		assertThat(actual.getSvidsCount()).isEqualTo(recorded.getSvidsCount());
		assertThat(part(actual.getSvids(0), 0)).isEqualTo(part(recorded.getSvids(0), 0));
		assertThat(part(actual.getSvids(0), 1)).isEqualTo(part(recorded.getSvids(0), 1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "jwtsvid-no-audience", "jwtsvid-malformed-id", "jwtsvid-other-id" })
	void jwtSvidIsRefused(String step) throws Exception {
		this.api.addEntry(ORDERS);
		JWTSVIDRequest request = JWTSVIDRequest.parseFrom(transcript(step).request());
		transcript(step).assertSame(TestClient.failure(
				() -> this.client.jwtSvids(request.getSpiffeId(), request.getAudienceList().toArray(String[]::new))));
	}

	@Test
	void tokenIsValidated() throws Exception {
		this.api.addEntry(ORDERS);
		ValidateJWTSVIDResponse actual = this.client.validate(this.client.jwtSvids("", "orders").getSvids(0).getSvid(),
				"orders");
		ValidateJWTSVIDResponse recorded = ValidateJWTSVIDResponse.parseFrom(reply("validate"));
		assertThat(actual.getSpiffeId()).isEqualTo(recorded.getSpiffeId());
		assertThat(actual.getClaims().getFieldsMap().keySet())
			.containsExactlyInAnyOrderElementsOf(recorded.getClaims().getFieldsMap().keySet());
		assertThat(actual.getClaims().getFieldsOrThrow("aud")).isEqualTo(recorded.getClaims().getFieldsOrThrow("aud"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "validate-wrong-audience", "validate-garbage", "validate-no-audience",
			"validate-bad-signature" })
	void tokenIsRefused(String step) throws Exception {
		this.api.addEntry(ORDERS);
		String token = this.client.jwtSvids("", "orders").getSvids(0).getSvid();
		ValidateJWTSVIDRequest request = ValidateJWTSVIDRequest.parseFrom(transcript(step).request());
		String replayed = switch (step) {
			case "validate-garbage" -> request.getSvid();
			case "validate-bad-signature" -> token.substring(0, token.length() - 4) + "AAAA";
			default -> token;
		};
		transcript(step).assertSame(TestClient.failure(() -> this.client.validate(replayed, request.getAudience())));
	}

	@Test
	void serverWithoutJwtSvids() throws Exception {
		try (SimulatedSpireServer off = SimulatedSpireServer.builder().disableJwtSvids().build();
				SimulatedWorkloadApi other = SimulatedWorkloadApi.builder().server(off).entry(ORDERS).build();
				WorkloadTestClient otherClient = WorkloadTestClient.of(other)) {
			transcript("jwt-off-jwtsvid").assertSame(TestClient.failure(() -> otherClient.jwtSvids("", "orders")));
			assertThat(keys(otherClient.jwtBundles().next()))
				.isEqualTo(keys(JWTBundlesResponse.parseFrom(reply("jwt-off-jwt-bundles"))));
		}
	}

	@Test
	void verifiersWithoutEntry() throws Exception {
		try (SimulatedWorkloadApi open = SimulatedWorkloadApi.builder()
			.server(this.server)
			.allowUnauthenticatedVerifiers()
			.build(); WorkloadTestClient other = WorkloadTestClient.of(open)) {
			assertSame("verifier-denied-x509", other.x509Svids().end());
			assertThat(form(other.x509Bundles().next().getBundlesMap()))
				.isEqualTo(form(X509BundlesResponse.parseFrom(reply("verifier-x509-bundles")).getBundlesMap()));
			assertThat(keys(other.jwtBundles().next()))
				.isEqualTo(keys(JWTBundlesResponse.parseFrom(reply("verifier-jwt-bundles"))));
		}
	}

	private static void assertSame(String step, Status status) {
		transcript(step).assertSame(status.asRuntimeException());
	}

	private static void assertSameForm(X509SVIDResponse actual, X509SVIDResponse recorded) throws Exception {
		assertThat(recorded.getUnknownFields()).isEqualTo(UnknownFieldSet.getDefaultInstance());
		assertThat(actual.getSvidsCount()).isEqualTo(recorded.getSvidsCount());
		for (int i = 0; i < actual.getSvidsCount(); i++) {
			assertSameForm(actual.getSvids(i), recorded.getSvids(i));
		}
		assertThat(form(actual.getFederatedBundlesMap())).isEqualTo(form(recorded.getFederatedBundlesMap()));
	}

	private static void assertSameForm(X509SVID actual, X509SVID recorded) throws Exception {
		assertThat(actual.getHint()).isEqualTo(recorded.getHint());
		assertThat(certificates(actual.getBundle())).hasSameSizeAs(certificates(recorded.getBundle()));
		List<X509Certificate> chain = certificates(actual.getX509Svid());
		List<X509Certificate> recordedChain = certificates(recorded.getX509Svid());
		assertThat(chain).hasSameSizeAs(recordedChain);
		X509Certificate leaf = chain.get(0);
		X509Certificate recordedLeaf = recordedChain.get(0);
		assertThat(leaf.getSubjectX500Principal()).isEqualTo(recordedLeaf.getSubjectX500Principal());
		assertThat(leaf.getPublicKey().getAlgorithm()).isEqualTo(recordedLeaf.getPublicKey().getAlgorithm());
		assertThat(leaf.getKeyUsage()).isEqualTo(recordedLeaf.getKeyUsage());
		assertThat(leaf.getExtendedKeyUsage()).isEqualTo(recordedLeaf.getExtendedKeyUsage());
		assertThat(leaf.getNonCriticalExtensionOIDs()).isEqualTo(recordedLeaf.getNonCriticalExtensionOIDs());
		assertThat(leaf.getCriticalExtensionOIDs()).isEqualTo(recordedLeaf.getCriticalExtensionOIDs());
		assertThat(Certificates.uris(leaf)).containsExactly(actual.getSpiffeId());
		assertThat(Certificates.uris(recordedLeaf)).containsExactly(recorded.getSpiffeId());
	}

	private static Map<String, Integer> form(Map<String, ByteString> bundles) throws CertificateException {
		Map<String, Integer> sizes = new TreeMap<>();
		for (Map.Entry<String, ByteString> bundle : bundles.entrySet()) {
			sizes.put(bundle.getKey(), certificates(bundle.getValue()).size());
		}
		return sizes;
	}

	private static Map<String, String> keys(JWTBundlesResponse message) {
		Map<String, String> keys = new TreeMap<>();
		message.getBundlesMap()
			.forEach((id, jwks) -> keys.put(id,
					jwks.toStringUtf8().replaceAll("\\s", "").replaceAll("\"(kid|x|y)\":\"[\\w-]+\"", "$1")));
		return keys;
	}

	private static String part(JWTSVID svid, int index) {
		return PsatClaims.decode(svid.getSvid().split("\\.")[index])
			.toString()
			.replaceAll("\"(kid|exp|iat)\":(\"\\w+\"|\\d+)", "$1");
	}

	private static List<String> hints(X509SVIDResponse message) {
		return message.getSvidsList().stream().map(X509SVID::getHint).toList();
	}

	private static List<X509Certificate> certificates(ByteString concatenated) throws CertificateException {
		Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
			.generateCertificates(new ByteArrayInputStream(concatenated.toByteArray()));
		return certificates.stream().map(X509Certificate.class::cast).toList();
	}

	private static X509SVIDResponse recorded(String step) throws IOException {
		return X509SVIDResponse.parseFrom(reply(step));
	}

	private static byte[] reply(String step) {
		return transcript(step).reply();
	}

	private static Transcript transcript(String step) {
		return Transcript.of("workload/" + step);
	}

}
