package dev.psat.spire.test;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.psat.spire.test.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.Entry;
import dev.psat.spire.test.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.GetAuthorizedEntriesResponse;
import dev.psat.spire.test.proto.GetFederatedBundleRequest;
import dev.psat.spire.test.proto.JWTKey;
import dev.psat.spire.test.proto.NewJWTSVIDRequest;
import dev.psat.spire.test.proto.NewJWTSVIDResponse;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Replays what was recorded from two real servers to two simulated ones, and compares the
 * answers. What is set by hand is what was set there, so that the answers are the same to
 * the last byte but for the order of JWT authorities.
 */
class FederationTranscriptTests {

	private static final String PARTNER = "partner.org";

	private final JsonMapper json = new JsonMapper();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();

	@AutoClose
	private final SimulatedSpireServer server = server((builder) -> {
	});

	@AutoClose
	private final SimulatedSpireServer eventsBased = server(SimulatedSpireServerBuilder::eventsBasedCache);

	@AutoClose
	private final SimulatedSpireServer partner = SimulatedSpireServer.builder().trustDomain(PARTNER).build();

	private final TestSvid agent = TestClient.attest(this.server, this.kubelet.token());

	@AutoClose
	private final TestClient client = TestClient.of(this.server, this.agent);

	/** What was set by hand on the real server that was asked. */
	private Bundle partnerBundle = Bundle.getDefaultInstance();

	private SimulatedSpireServer server(Consumer<SimulatedSpireServerBuilder> more) {
		SimulatedSpireServerBuilder builder = SimulatedSpireServer.builder()
			.workload(this.kubelet)
			.entryCacheReload(Duration.ofHours(1))
			.limitAttestations(false);
		more.accept(builder);
		return builder.build();
	}

	@BeforeEach
	void readPartnerBundle() throws IOException {
		this.partnerBundle = recordedBundle("partner-bundle");
		this.server.entries().reload();
	}

	@Test
	void ownBundles() throws IOException {
		for (SimulatedSpireServer each : List.of(this.server, this.partner)) {
			try (TestClient anonymous = TestClient.anonymous(each)) {
				assertSameForm(anonymous.bundle(), recordedBundle((each == this.server) ? "bundle" : "partner-bundle"));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "unknown", "denied-own", "denied-empty", "denied-upper-case", "denied-upper-case-id" })
	void nameIsRefused(String name) {
		transcript(name).assertSame(TestClient.failure(() -> ask(this.client, name)));
	}

	@Test
	void nobodyAndAgentsThatAreNoMoreAreDenied() {
		this.server.federation().set(FederatedBundle.empty(PARTNER));
		ask(this.client, "agent-in-force");
		try (TestClient anonymous = TestClient.anonymous(this.server)) {
			transcript("denied-no-agent").assertSame(TestClient.failure(() -> ask(anonymous, "denied-no-agent")));
		}
		this.server.agents().ban(this.agent.id());
		transcript("denied-banned").assertSame(TestClient.failure(() -> ask(this.client, "denied-banned")));
		this.server.agents().evict(this.agent.id());
		transcript("denied-evicted").assertSame(TestClient.failure(() -> ask(this.client, "denied-evicted")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "set-pem", "set-pem-by-id", "set-pem-by-path" })
	void bundleSetAsPem(String name) throws IOException {
		StringBuilder pem = new StringBuilder();
		this.partnerBundle.getX509AuthoritiesList()
			.forEach((authority) -> pem.append("-----BEGIN CERTIFICATE-----\n")
				.append(Base64.getMimeEncoder().encodeToString(authority.getAsn1().toByteArray()))
				.append("\n-----END CERTIFICATE-----\n"));
		this.server.federation().set(FederatedBundle.ofPem(PARTNER, pem.toString()));
		assertAnswered(name);
	}

	@Test
	void bundleSetAsDocument() throws Exception {
		Bundle withHint = this.partnerBundle.toBuilder().setRefreshHint(300).build();
		assertSet("set-spiffe-sequence-7", document(withHint, "7"));
		assertSet("set-spiffe-sequence-3", document(withHint, "3"));
		assertSet("set-spiffe-sequence-highest", document(this.partnerBundle, "18446744073709551615"));
		assertSet("set-spiffe-x509-alone", document(this.partnerBundle.toBuilder().clearJwtAuthorities().build(), "4"));
		assertSet("set-spiffe-jwt-alone", document(this.partnerBundle.toBuilder().clearX509Authorities().build(), "5"));
		assertSet("set-empty", "{\"keys\":[]}");
	}

	@Test
	void bundleSetWithOddKeys() throws Exception {
		ObjectNode document = (ObjectNode) this.json.readTree(document(this.partnerBundle, "6"));
		ArrayNode keys = (ArrayNode) document.get("keys");
		byte[] ed25519 = recordedBundle("set-spiffe-odd-keys").getJwtAuthoritiesList()
			.stream()
			.filter((key) -> key.getKeyId().equals("ed25519"))
			.findFirst()
			.orElseThrow()
			.getPublicKey()
			.substring(12)
			.toByteArray();
		keys.addObject()
			.put("use", "jwt-svid")
			.put("kid", "ed25519")
			.put("kty", "OKP")
			.put("crv", "Ed25519")
			.put("x", Base64.getUrlEncoder().withoutPadding().encodeToString(ed25519));
		keys.add(keys.get(1).deepCopy());
		keys.add(((ObjectNode) keys.get(1).deepCopy()).put("use", "new-use").put("kid", "new"));
		keys.add(((ObjectNode) keys.get(1).deepCopy()).put("kid", "none").without("use"));
		this.json.readTree(document(recordedBundle("bundle"), "6")).get("keys").forEach(keys::add);
		assertSet("set-spiffe-odd-keys", this.json.writeValueAsString(document));
	}

	@Test
	void bundleThatNoEntryFederatesWith() throws Exception {
		this.server.federation().set(FederatedBundle.ofJwks("other.test", document(this.partnerBundle, "8")));
		assertAnswered("set-without-an-entry");
	}

	private void assertSet(String name, String document) throws IOException {
		this.server.federation().set(FederatedBundle.ofJwks(PARTNER, document));
		assertAnswered(name);
	}

	private void assertAnswered(String name) throws IOException {
		assertThat(sorted(ask(this.client, name))).isEqualTo(sorted(recordedBundle(name)));
	}

	private static Bundle sorted(Bundle bundle) {
		return bundle.toBuilder()
			.clearJwtAuthorities()
			.addAllJwtAuthorities(
					bundle.getJwtAuthoritiesList().stream().sorted(Comparator.comparing(JWTKey::getKeyId)).toList())
			.build();
	}

	private String document(Bundle bundle, String sequenceNumber) throws GeneralSecurityException {
		ObjectNode document = this.json.createObjectNode();
		ArrayNode keys = document.putArray("keys");
		bundle.getX509AuthoritiesList()
			.forEach((authority) -> keys.addObject()
				.put("use", "x509-svid")
				.putArray("x5c")
				.add(Base64.getEncoder().encodeToString(authority.getAsn1().toByteArray())));
		for (JWTKey key : bundle.getJwtAuthoritiesList()) {
			JwtAuthority.EcJwk.addTo(keys.addObject().put("use", "jwt-svid").put("kid", key.getKeyId()),
					(ECPublicKey) KeyFactory.getInstance("EC")
						.generatePublic(new X509EncodedKeySpec(key.getPublicKey().toByteArray())));
		}
		return document.put("spiffe_sequence", new BigInteger(sequenceNumber))
			.put("spiffe_refresh_hint", bundle.getRefreshHint())
			.toString();
	}

	@Test
	void bundleFromAnEndpoint() throws IOException {
		this.partner.trustBundle().refreshHint(Duration.ofMinutes(1));
		this.partner.jwtAuthority().prepare();
		this.server.federation().follow(this.partner);
		Bundle first = assertFollowed("endpoint");
		Bundle second = assertFollowed("endpoint-other-order");
		assertThat(first.getJwtAuthoritiesList()).isNotEqualTo(second.getJwtAuthoritiesList());
		assertThat(recordedBundle("endpoint").getJwtAuthoritiesList())
			.isNotEqualTo(recordedBundle("endpoint-other-order").getJwtAuthoritiesList());
		assertPartner("partner-bundle-prepared");
		this.partner.jwtAuthority().activate();
		this.partner.authority().prepare();
		this.partner.authority().activate();
		assertFollowed("endpoint-partner-activated");
		this.partner.authority().taint();
		this.partner.jwtAuthority().taint();
		assertPartner("partner-bundle-tainted");
		assertFollowed("endpoint-partner-tainted");
		this.partner.authority().revoke();
		this.partner.jwtAuthority().revoke();
		assertPartner("partner-bundle-revoked");
		assertFollowed("endpoint-partner-revoked");
		this.server.federation().unfollow(PARTNER);
		assertFollowed("federation-deleted");
	}

	private Bundle assertFollowed(String name) throws IOException {
		Bundle actual = ask(this.client, name);
		assertSameForm(actual, recordedBundle(name));
		return actual;
	}

	private void assertPartner(String name) throws IOException {
		try (TestClient anonymous = TestClient.anonymous(this.partner)) {
			// A real server tells the hint of its bundle endpoint there alone
			assertSameForm(anonymous.bundle().toBuilder().clearRefreshHint().build(), recordedBundle(name));
		}
	}

	private static void assertSameForm(Bundle actual, Bundle recorded) {
		assertThat(form(actual)).isEqualTo(form(recorded));
		for (int i = 0; i < recorded.getX509AuthoritiesCount(); i++) {
			X509Certificate actualAuthority = TestSvid.certificate(actual.getX509Authorities(i).getAsn1());
			X509Certificate recordedAuthority = TestSvid.certificate(recorded.getX509Authorities(i).getAsn1());
			TranscriptTests.assertSameForm(actualAuthority, recordedAuthority);
		}
	}

	private static Bundle form(Bundle bundle) {
		Bundle.Builder form = bundle.toBuilder();
		form.getX509AuthoritiesBuilderList().forEach((authority) -> authority.setAsn1(ByteString.EMPTY));
		form.getJwtAuthoritiesBuilderList().forEach((authority) -> {
			assertThat(authority.getPublicKey().size()).isEqualTo(91);
			assertThat(authority.getKeyId()).hasSize(32);
			authority.clearPublicKey().clearKeyId();
			authority.setExpiresAt(Long.signum(authority.getExpiresAt()));
		});
		return form.build();
	}

	@Test
	void entryThatFederates() throws IOException {
		assertEntries(this.client, "entries-not-federated");
		String id = this.server.register(this.kubelet, "simulated");
		assertThatIllegalStateException().isThrownBy(() -> federate(this.server, id))
			.withMessage("unable to find federated bundle \"spiffe://partner.org\"");
		this.server.federation().set(FederatedBundle.empty(PARTNER));
		federate(this.server, id);
		for (String name : List.of("entries-federated", "entries-federated-without-mask",
				"entries-federated-masked-out")) {
			assertEntries(this.client, name);
		}
		this.server.federation().follow(this.partner);
		this.server.federation().unfollow(PARTNER);
		assertEntries(this.client, "federation-deleted-entries");
		this.server.federation().delete(PARTNER, BundleDeletion.DISSOCIATE);
		assertNotFound(this.client, "dissociated");
		assertEntries(this.client, "dissociated-entries-at-once");
		this.server.entries().reload();
		assertEntries(this.client, "dissociated-entries");
		this.server.federation().set(FederatedBundle.empty(PARTNER));
		federate(this.server, id);
		assertEntries(this.client, "federated-again-entries");
		this.server.federation().delete(PARTNER, BundleDeletion.DELETE);
		assertNotFound(this.client, "deleted");
		assertEntries(this.client, "deleted-entries-at-once");
		this.server.entries().reload();
		assertEntries(this.client, "deleted-entries");
	}

	@Test
	void entryThatFederatesInAnEventsBasedCache() throws IOException {
		SimulatedFederation federation = this.eventsBased.federation();
		TestSvid other = TestClient.attest(this.eventsBased, this.kubelet.token());
		String id = this.eventsBased.register(this.kubelet, "simulated");
		federation.set(FederatedBundle.empty(PARTNER));
		this.eventsBased.entries().change(id, (entry) -> entry.federatesWith(PARTNER).revisionNumber(0));
		this.eventsBased.entries().reload();
		try (TestClient caller = TestClient.of(this.eventsBased, other)) {
			assertEntries(caller, "events-federated-entries");
			federation.delete(PARTNER, BundleDeletion.DISSOCIATE);
			assertNotFound(caller, "events-dissociated");
			assertEntries(caller, "events-dissociated-entries-at-once");
			this.eventsBased.entries().reload();
			assertEntries(caller, "events-dissociated-entries-after-a-minute");
			assertNotFound(caller, "events-dissociated-after-a-minute");
			federation.set(FederatedBundle.empty(PARTNER));
			federate(this.eventsBased, id);
			assertEntries(caller, "events-federated-again-entries");
			federation.delete(PARTNER, BundleDeletion.DELETE);
			assertNotFound(caller, "events-deleted");
			assertEntries(caller, "events-deleted-entries-at-once");
			this.eventsBased.entries().reload();
			assertEntries(caller, "events-deleted-entries-after-a-minute");
			assertSvids(caller, id);
		}
	}

	/**
	 * Of an entry that has been deleted unnoticed, SVIDs are issued as before.
	 */
	private static void assertSvids(TestClient caller, String id) throws IOException {
		BatchNewX509SVIDResponse recorded = BatchNewX509SVIDResponse
			.parseFrom(transcript("events-deleted-x509svid").reply());
		BatchNewX509SVIDResponse.Result actual = caller.x509Svid(id, TestCsr.of(Certificates.newKeyPair()));
		assertThat(actual.getStatus()).isEqualTo(recorded.getResults(0).getStatus());
		assertThat(actual.getSvid().getId()).isEqualTo(recorded.getResults(0).getSvid().getId());
		Transcript transcript = transcript("events-deleted-jwtsvid");
		NewJWTSVIDRequest request = NewJWTSVIDRequest.parseFrom(transcript.request());
		assertThat(caller.call(SpireMethods.NEW_JWT_SVID, request.toBuilder().setEntryId(id).build()).getSvid().getId())
			.isEqualTo(NewJWTSVIDResponse.parseFrom(transcript.reply()).getSvid().getId());
	}

	private static void federate(SimulatedSpireServer server, String id) {
		server.entries().change(id, (entry) -> entry.federatesWith("spiffe://partner.org"));
		server.entries().reload();
	}

	private static void assertNotFound(TestClient client, String name) {
		transcript(name).assertSame(TestClient.failure(() -> ask(client, name)));
	}

	private static void assertEntries(TestClient client, String name) throws IOException {
		GetAuthorizedEntriesRequest request = GetAuthorizedEntriesRequest.parseFrom(transcript(name).request());
		GetAuthorizedEntriesResponse actual = client.call(SpireMethods.GET_AUTHORIZED_ENTRIES, request);
		GetAuthorizedEntriesResponse recorded = GetAuthorizedEntriesResponse.parseFrom(transcript(name).reply());
		assertThat(comparable(actual)).as(name).isEqualTo(comparable(recorded));
	}

	/**
	 * Leave out what the messages do not have, and what must differ.
	 */
	private static List<Entry> comparable(GetAuthorizedEntriesResponse response) {
		return response.getEntriesList()
			.stream()
			.map((entry) -> entry.toBuilder()
				.clearId()
				.clearCreatedAt()
				.setUnknownFields(UnknownFieldSet.getDefaultInstance())
				.build())
			.toList();
	}

	private static Transcript transcript(String name) {
		return Transcript.of("federation/" + name);
	}

	private static Bundle recordedBundle(String name) throws IOException {
		return Bundle.parseFrom(transcript(name).reply());
	}

	private static Bundle ask(TestClient client, String name) {
		try {
			return client.call(SpireMethods.GET_FEDERATED_BUNDLE,
					GetFederatedBundleRequest.parseFrom(transcript(name).request()));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
