package dev.psat.spire.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.WorkloadTestClient.Stream;
import dev.psat.spire.test.proto.WorkloadProto.JWTBundlesResponse;
import dev.psat.spire.test.proto.WorkloadProto.JWTSVID;
import dev.psat.spire.test.proto.WorkloadProto.ValidateJWTSVIDResponse;
import dev.psat.support.MutableClock;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for the JWT profile of {@link SimulatedWorkloadApi}.
 */
class WorkloadJwtTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	private static final String BILLING = "spiffe://example.org/ns/shop/sa/billing";

	private static final String LEDGER = "spiffe://partner.org/ns/pay/sa/ledger";

	private final MutableClock clock = new MutableClock();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.clock(this.clock)
		.entryCacheReload(Duration.ZERO)
		.build();

	@AutoClose
	private final SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().server(this.server).build();

	@AutoClose
	private final WorkloadTestClient client = WorkloadTestClient.of(this.api);

	@Test
	void everyEntryHasJwtSvid() {
		this.api.addEntry(ORDERS, (entry) -> entry.hint("orders"));
		this.api.addEntry(BILLING, (entry) -> entry.hint("billing"));
		assertThat(this.client.jwtSvids("", "one", "two").getSvidsList()).hasSize(2)
			.extracting(JWTSVID::getSpiffeId)
			.containsExactlyInAnyOrder(ORDERS, BILLING);
		JWTSVID svid = this.client.jwtSvids(BILLING, "one", "two").getSvids(0);
		assertThat(svid.getHint()).isEqualTo("billing");
		JsonNode claims = claims(svid.getSvid());
		assertThat(claims.get("sub").asString()).isEqualTo(BILLING);
		assertThat(claims.get("aud").toString()).isEqualTo("[\"one\",\"two\"]");
		assertThat(claims.has("jti")).isFalse();
	}

	@Test
	void tokenIsHandedOutUntilHalfOfItsLifeIsGone() {
		this.api.addEntry(ORDERS);
		String first = token("inventory");
		assertThat(token("inventory")).isEqualTo(first);
		assertThat(token("billing")).isNotEqualTo(first);
		this.clock.advance(Duration.ofSeconds(151));
		assertThat(token("inventory")).isNotEqualTo(first);
	}

	@Test
	void tokenWithJtiIsNeverHandedOutAgain() {
		this.api.addEntry(ORDERS, (entry) -> entry.jwtSvidIncludeJti(true));
		String first = token("inventory");
		assertThat(claims(first).get("jti").asString()).isNotEmpty();
		assertThat(token("inventory")).isNotEqualTo(first);
	}

	@Test
	void tokenOfTaintedAuthorityIsReplaced() {
		this.api.addEntry(ORDERS);
		String first = token("inventory");
		this.server.jwtAuthority().rotate();
		assertThat(token("inventory")).isEqualTo(first);
		this.server.jwtAuthority().taint();
		assertThat(token("inventory")).isNotEqualTo(first);
	}

	@Test
	void agentThatHasLostItsServerHandsOutWhatItHas() {
		this.api.addEntry(ORDERS);
		String first = token("inventory");
		this.server.stop();
		this.clock.advance(Duration.ofMinutes(4));
		assertThat(token("inventory")).isEqualTo(first);
		assertStatus(() -> token("billing"), Status.Code.UNAVAILABLE, "could not fetch JWT-SVID: ");
		this.clock.advance(Duration.ofMinutes(2));
		assertStatus(() -> token("inventory"), Status.Code.UNAVAILABLE, "could not fetch JWT-SVID: ");
	}

	@Test
	void callsAreRefused() {
		assertStatus(() -> token("inventory"), Status.Code.PERMISSION_DENIED, "no identity issued");
		this.api.addEntry(ORDERS);
		assertStatus(() -> this.client.jwtSvids(""), Status.Code.INVALID_ARGUMENT, "audience must be specified");
		assertStatus(() -> this.client.jwtSvids("nobody", "inventory"), Status.Code.INVALID_ARGUMENT,
				"invalid requested SPIFFE ID: ");
		assertStatus(() -> this.client.jwtSvids(BILLING, "inventory"), Status.Code.PERMISSION_DENIED,
				"no identity issued");
	}

	@Test
	void serverMayHaveNoJwtAuthority() {
		try (SimulatedSpireServer without = SimulatedSpireServer.builder().disableJwtSvids().build();
				SimulatedWorkloadApi other = SimulatedWorkloadApi.builder().server(without).entry(ORDERS).build();
				WorkloadTestClient otherClient = WorkloadTestClient.of(other)) {
			assertStatus(() -> otherClient.jwtSvids("", "inventory"), Status.Code.UNAVAILABLE,
					"could not fetch JWT-SVID: failed to fetch JWT SVID: rpc error: code = Unimplemented "
							+ "desc = JWT functionality is disabled");
			assertThat(keys(otherClient.jwtBundles().next(), "example.org")).isEmpty();
		}
	}

	@Test
	void jwtProfileMayBeMissing() {
		this.api.addEntry(ORDERS);
		this.api.faults().jwtProfile(false);
		assertStatus(() -> token("inventory"), Status.Code.UNIMPLEMENTED, "unknown method ");
		assertStatus(() -> this.client.validate("token", "inventory"), Status.Code.UNIMPLEMENTED, "unknown method ");
		assertThat(this.client.jwtBundles().end().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
		assertThat(this.client.x509Svids().next().getSvidsCount()).isOne();
		assertThat(this.client.x509Bundles().next().getBundlesMap()).isNotEmpty();
	}

	@Test
	void bundleHasKeysWithoutUse() {
		this.api.addEntry(ORDERS);
		Stream<JWTBundlesResponse> stream = this.client.jwtBundles();
		JsonNode keys = keys(stream.next(), "example.org");
		assertThat(keys).hasSize(1);
		assertThat(keys.get(0).propertyNames()).containsExactlyInAnyOrder("kid", "kty", "crv", "x", "y");
		JsonNode published = new JsonMapper().readTree(this.server.trustBundle().toJwks()).get("keys").get(1);
		assertThat(keys.get(0).get("x")).isEqualTo(published.get("x"));
		assertThat(keys.get(0).get("y")).isEqualTo(published.get("y"));
		this.api.rotate();
		this.server.jwtAuthority().prepare();
		assertThat(keys(stream.next(), "example.org")).hasSize(2);
	}

	@Test
	void unreadableKeyOfPartnerIsPassedOn() {
		this.server.federation()
			.set(FederatedBundle.empty("partner.org").withJwtAuthority("junk", new byte[] { 1, 2, 3 }));
		this.api.addEntry(ORDERS, (entry) -> entry.federatesWith("partner.org"));
		JsonNode key = keys(this.client.jwtBundles().next(), "partner.org").get(0);
		assertThat(key.get("kid").asString()).isEqualTo("junk");
		assertThat(key.has("y")).isFalse();
	}

	@Test
	void tokensAreVerified() {
		this.api.addEntry(ORDERS);
		String token = token("inventory");
		ValidateJWTSVIDResponse answer = this.client.validate(token, "inventory");
		assertThat(answer.getSpiffeId()).isEqualTo(ORDERS);
		assertThat(answer.getClaims().getFieldsMap()).containsOnlyKeys("aud", "exp", "iat", "sub");
		assertStatus(() -> this.client.validate(token, ""), Status.Code.INVALID_ARGUMENT, "audience must be");
		assertStatus(() -> this.client.validate("", "inventory"), Status.Code.INVALID_ARGUMENT, "svid must be");
		assertStatus(() -> this.client.validate("a.b", "inventory"), Status.Code.INVALID_ARGUMENT, "unable to parse");
		assertStatus(() -> this.client.validate(token, "billing"), Status.Code.INVALID_ARGUMENT,
				"expected audience in");
		String forged = this.server.mint().keyId("unknown").jwtSvid(ORDERS, "inventory");
		assertStatus(() -> this.client.validate(forged, "inventory"), Status.Code.INVALID_ARGUMENT,
				"public key \"unknown\" not found in trust domain \"example.org\"");
		String tampered = token.substring(0, token.length() - 4) + "AAAA";
		assertStatus(() -> this.client.validate(tampered, "inventory"), Status.Code.INVALID_ARGUMENT,
				"go-jose/go-jose: error in cryptographic primitive");
		this.clock.advance(Duration.ofMinutes(7));
		assertStatus(() -> this.client.validate(token, "inventory"), Status.Code.INVALID_ARGUMENT, "token has expired");
	}

	@Test
	void tokensOfPartnersAreVerifiedWhileEntriesFederate() {
		try (SimulatedSpireServer partner = SimulatedSpireServer.builder()
			.trustDomain("partner.org")
			.clock(this.clock)
			.build()) {
			String token = partner.mint().jwtSvid(LEDGER, "orders");
			String id = this.api.addEntry(ORDERS);
			this.server.federateWith(partner);
			this.api.sync();
			ValidateJWTSVIDResponse answer = this.client.validate(token, "orders");
			assertThat(answer.getSpiffeId()).isEqualTo(LEDGER);
			assertThat(answer.getClaims().getFieldsMap()).containsOnlyKeys("aud", "exp", "sub");
			this.api.changeEntry(id, (entry) -> entry.federatesWith(new String[0]));
			assertStatus(() -> this.client.validate(token, "orders"), Status.Code.INVALID_ARGUMENT,
					"no keys found for trust domain \"partner.org\"");
		}
	}

	private String token(String audience) {
		return this.client.jwtSvids("", audience).getSvids(0).getSvid();
	}

	private static JsonNode keys(JWTBundlesResponse message, String trustDomain) {
		ByteString jwks = message.getBundlesOrThrow("spiffe://" + trustDomain);
		return new JsonMapper().readTree(jwks.toStringUtf8()).get("keys");
	}

	private static JsonNode claims(String token) {
		return new JsonMapper()
			.readTree(new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8));
	}

	private static void assertStatus(ThrowingCallable call, Status.Code code, String message) {
		StatusRuntimeException ex = catchThrowableOfType(StatusRuntimeException.class, call);
		assertThat(ex.getStatus().getCode()).isEqualTo(code);
		assertThat(ex.getStatus().getDescription()).startsWith(message);
	}

}
