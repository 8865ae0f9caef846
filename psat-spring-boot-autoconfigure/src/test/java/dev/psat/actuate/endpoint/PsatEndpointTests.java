package dev.psat.actuate.endpoint;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.psat.PsatAttestor;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PsatEndpoint} and {@link PsatDescriptor}.
 */
class PsatEndpointTests {

	private static final String SECOND = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";

	private static final String MILLISECOND = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

	private final JsonMapper mapper = new JsonMapper();

	private final Logger logger = (Logger) LoggerFactory.getLogger(PsatEndpoint.class);

	private final ListAppender<ILoggingEvent> logs = new ListAppender<>();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder()
		.serviceAccount("shop", "billing", "sa-uid")
		.pod("billing-7", "pod-uid")
		.node("node-1", "node-uid")
		.build();

	@AutoClose
	private final TokenSource source = TokenSource.builder(this.kubelet.tokenPath())
		.audience("spire-server")
		.pollInterval(Duration.ofMillis(200))
		.build();

	private final PsatEndpoint endpoint = endpoint(this.source, "demo-cluster");

	@BeforeEach
	void captureLogs() {
		this.logs.start();
		this.logger.addAppender(this.logs);
	}

	@AfterEach
	void releaseLogs() {
		this.logger.detachAppender(this.logs);
	}

	@Test
	void psatWhenTokenIsInForceShowsWholeDocument() {
		start(this.source);
		ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
		JsonNode document = read();
		assertThat(document.propertyNames()).containsExactly("enabled", "cluster", "token", "source");
		assertThat(document.get("enabled").booleanValue()).isTrue();
		assertThat(document.get("cluster").stringValue()).isEqualTo("demo-cluster");
		JsonNode shown = document.get("token");
		assertThat(shown.propertyNames()).containsExactly("state", "generation", "fingerprint", "issuedAt", "expiresAt",
				"expiresIn", "rotationDueAt", "claims");
		assertThat(shown.get("state").stringValue()).isEqualTo("VALID");
		assertThat(shown.get("generation").intValue()).isOne();
		assertThat(shown.get("fingerprint").stringValue()).isEqualTo(token.fingerprint())
			.matches("sha256:[0-9a-f]{16}");
		Instant issuedAt = Instant.parse(shown.get("issuedAt").stringValue());
		assertThat(shown.get("issuedAt").stringValue()).matches(SECOND);
		assertThat(shown.get("expiresAt").stringValue()).matches(SECOND)
			.isEqualTo(issuedAt.plusSeconds(600).toString());
		assertThat(shown.get("rotationDueAt").stringValue()).matches(SECOND)
			.isEqualTo(issuedAt.plusSeconds(480).toString());
		assertThat(Duration.parse(shown.get("expiresIn").stringValue())).isBetween(Duration.ofSeconds(580),
				Duration.ofSeconds(600));
		assertThat(shown.get("expiresIn").stringValue()).matches("PT(\\d+M)?(\\d+S)?");
		assertThat(this.mapper.writeValueAsString(shown.get("claims"))).isEqualTo("""
				{"issuer":"https://kubernetes.default.svc.cluster.local",\
				"subject":"system:serviceaccount:shop:billing",\
				"audiences":["spire-server"],\
				"id":"%s",\
				"namespace":"shop",\
				"serviceAccount":{"name":"billing","uid":"sa-uid"},\
				"pod":{"name":"billing-7","uid":"pod-uid"},\
				"node":{"name":"node-1","uid":"node-uid"}}""".formatted(token.claims().id()));
	}

	@Test
	void psatWhenSourceIsGoodShowsNoLastRotationAndNoProblem() {
		start(this.source);
		JsonNode source = read().get("source");
		assertThat(source.propertyNames()).containsExactly("path", "state", "watch", "rotations", "lastCheckedAt",
				"rejectedReads", "missedEvents");
		assertThat(source.get("path").stringValue()).isEqualTo(this.kubelet.tokenPath().toString());
		assertThat(source.get("state").stringValue()).isEqualTo("OK");
		assertThat(source.get("watch").stringValue()).isIn("EVENTS", "POLLING");
		assertThat(source.get("rotations").intValue()).isZero();
		assertThat(source.get("lastCheckedAt").stringValue()).matches(MILLISECOND);
		assertThat(source.get("rejectedReads").intValue()).isZero();
		assertThat(source.get("missedEvents").intValue()).isZero();
	}

	@Test
	void psatAfterRotationShowsWhenAndHowOften() {
		start(this.source);
		Instant before = Instant.now().minusMillis(1);
		for (int i = 0; i < 2; i++) {
			String token = this.kubelet.rotate();
			await().untilAsserted(() -> assertThat(this.source.value()).isEqualTo(token));
		}
		JsonNode document = read();
		assertThat(document.get("token").get("generation").intValue()).isEqualTo(3);
		assertThat(document.get("source").get("rotations").intValue()).isEqualTo(2);
		String lastRotatedAt = document.get("source").get("lastRotatedAt").stringValue();
		assertThat(lastRotatedAt).matches(MILLISECOND);
		assertThat(Instant.parse(lastRotatedAt)).isBetween(before, Instant.now());
	}

	@Test
	void psatWhenTokenIsMissingShowsProblemAndNoToken() {
		this.kubelet.removeToken();
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build()) {
			start(source);
			JsonNode document = read(endpoint(source, null));
			assertThat(document.propertyNames()).containsExactly("enabled", "token", "source");
			assertThat(this.mapper.writeValueAsString(document.get("token"))).isEqualTo("{\"state\":\"NONE\"}");
			JsonNode shown = document.get("source");
			assertThat(shown.propertyNames()).containsExactly("path", "state", "watch", "rotations", "lastCheckedAt",
					"rejectedReads", "missedEvents", "message", "advice");
			assertThat(shown.get("state").stringValue()).isEqualTo("MISSING");
			assertThat(shown.get("message").stringValue()).contains(this.kubelet.tokenPath().toString());
			assertThat(shown.get("advice").stringValue()).contains("serviceAccountToken");
		}
	}

	@Test
	void psatWhenTokenVanishesShowsProblemBesideToken() {
		start(this.source);
		this.kubelet.removeToken();
		await().untilAsserted(() -> assertThat(read().get("source").get("state").stringValue()).isEqualTo("MISSING"));
		JsonNode document = read();
		assertThat(document.get("token").get("state").stringValue()).isEqualTo("VALID");
		assertThat(document.get("source").get("message").stringValue()).isNotBlank();
		this.kubelet.rotate();
		await().untilAsserted(() -> assertThat(read().get("source").has("message")).isFalse());
	}

	@Test
	void psatWhenTokenIsExpiredShowsNegativeTime() {
		this.kubelet.rotateExpired();
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build()) {
			start(source);
			JsonNode document = read(endpoint(source, null));
			assertThat(document.get("token").get("state").stringValue()).isEqualTo("EXPIRED");
			assertThat(Duration.parse(document.get("token").get("expiresIn").stringValue()))
				.isBetween(Duration.ofSeconds(-3620), Duration.ofSeconds(-3600));
			assertThat(document.get("source").get("message").stringValue()).isNotBlank();
			assertThat(document.get("source").get("advice").stringValue()).isNotBlank();
		}
	}

	@Test
	void psatWhenClaimsAreFewLeavesOutTheOthers() {
		this.kubelet.write(unsigned("{\"exp\":4102444800,\"aud\":\"spire-server\"}"));
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build()) {
			start(source);
			JsonNode token = read(endpoint(source, null)).get("token");
			assertThat(token.propertyNames()).containsExactly("state", "generation", "fingerprint", "expiresAt",
					"expiresIn", "claims");
			assertThat(this.mapper.writeValueAsString(token.get("claims")))
				.isEqualTo("{\"audiences\":[\"spire-server\"]}");
		}
	}

	@Test
	void psatWhenClaimsHaveNoAudienceAndNoUidLeavesThemOut() {
		this.kubelet.write(unsigned("{\"exp\":4102444800,\"kubernetes.io\":{\"pod\":{\"name\":\"p\"}}}"));
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).build()) {
			start(source);
			JsonNode token = read(endpoint(source, null)).get("token");
			assertThat(this.mapper.writeValueAsString(token.get("claims"))).isEqualTo("{\"pod\":{\"name\":\"p\"}}");
		}
	}

	@Test
	void psatWhenSourceReadsNoFileShowsTokenAlone() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
		JsonNode document = read(endpoint(() -> token, "demo-cluster"));
		assertThat(document.get("token").propertyNames()).containsExactly("state", "fingerprint", "issuedAt",
				"expiresAt", "expiresIn", "rotationDueAt", "claims");
		assertThat(document.has("source")).isFalse();
	}

	@Test
	void psatWhenSourceReadsNoFileAndHasNoTokenShowsWhy() {
		JsonNode document = read(endpoint(() -> {
			throw new TokenUnavailableException("it rains", TokenState.NONE, null, "wait");
		}, "demo-cluster"));
		assertThat(this.mapper.writeValueAsString(document)).isEqualTo("""
				{"enabled":true,"cluster":"demo-cluster","token":{"state":"NONE"},\
				"source":{"message":"it rains","advice":"wait"}}""");
	}

	@Test
	void refreshLooksNow() {
		String token = this.kubelet.rotate();
		this.source.refresh();
		assertThat(this.source.value()).isEqualTo(token);
		String next = this.kubelet.rotate();
		JsonNode document = this.mapper.valueToTree(this.endpoint.refresh());
		assertThat(document.get("token").get("fingerprint").stringValue())
			.isEqualTo(ProjectedToken.parse(next).fingerprint());
		assertThat(document.propertyNames()).containsExactly("enabled", "cluster", "token", "source");
	}

	@Test
	void refreshWhenTokenHasJustVanishedShowsProblem() {
		this.source.refresh();
		this.kubelet.removeToken();
		JsonNode document = this.mapper.valueToTree(this.endpoint.refresh());
		assertThat(document.get("source").get("state").stringValue()).isEqualTo("MISSING");
	}

	@Test
	void psatWhenDisabledSaysOnlyThat() {
		PsatEndpoint endpoint = endpoint(false, Map.of("inventory", this.source));
		for (PsatDescriptor document : List.of(endpoint.psat(), endpoint.refresh())) {
			assertThat(this.mapper.writeValueAsString(document))
				.isEqualTo("{\"enabled\":false,\"cluster\":\"demo-cluster\"}");
		}
	}

	@Test
	void sourceWhenDisabledShowsFurtherSourcesAlone() {
		start(this.source);
		PsatEndpoint endpoint = endpoint(false, Map.of("inventory", this.source));
		assertThat(endpoint.source("psat")).isNull();
		assertThat(this.mapper.<JsonNode>valueToTree(endpoint.source("inventory")).at("/token/state").stringValue())
			.isEqualTo("VALID");
	}

	@Test
	void psatWhenAttestorRefusesShowsWhyBesideToken() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.rotateWithAudience("vault"));
		TokenSource source = () -> token;
		PsatEndpoint endpoint = new PsatEndpoint(source,
				PsatAttestor.of("demo-cluster", source, List.of("spire-server")), true, null, Map.of());
		for (Object shown : Arrays.asList(endpoint.psat(), endpoint.refresh(), endpoint.source("psat"))) {
			JsonNode document = this.mapper.valueToTree(shown);
			assertThat(document.at("/token/state").stringValue()).isEqualTo("VALID");
			JsonNode refusal = document.get("source");
			assertThat(refusal.propertyNames()).containsExactly("state", "message", "advice");
			assertThat(refusal.get("state").stringValue()).isEqualTo("WRONG_AUDIENCE");
			assertThat(refusal.get("message").stringValue())
				.isEqualTo("The token is not meant for any of [spire-server]");
			assertThat(refusal.get("advice").stringValue()).isNotBlank();
		}
	}

	@Test
	void psatWhenSourceIsBrokenTellsTypeAlone() {
		TokenSource broken = new TokenSource() {

			@Override
			public ProjectedToken current() {
				throw new IllegalArgumentException("some secret");
			}

			@Override
			public TokenStatus status() {
				throw new IllegalArgumentException("some secret");
			}

		};
		PsatEndpoint endpoint = new PsatEndpoint(broken, PsatAttestor.of("demo-cluster", broken, List.of()), true, null,
				Map.of("inventory", broken));
		for (Object shown : Arrays.asList(endpoint.psat(), endpoint.refresh(), endpoint.source("psat"),
				endpoint.source("inventory"))) {
			assertThat(this.mapper.writeValueAsString(shown)).contains("\"token\":{\"state\":\"NONE\"}")
				.contains("failed with java.lang.IllegalArgumentException")
				.doesNotContain("secret");
		}
	}

	@Test
	void psatWhenThereAreFurtherSourcesNamesThem() {
		PsatEndpoint endpoint = endpoint(true, Map.of("inventory", this.source));
		assertThat(read(endpoint).propertyNames()).containsExactly("enabled", "cluster", "token", "source", "sources");
		assertThat(this.mapper.writeValueAsString(read(endpoint).get("sources"))).isEqualTo("[\"psat\",\"inventory\"]");
	}

	@Test
	void sourceShowsTokenAndSourceByName() {
		start(this.source);
		ProjectedToken own = ProjectedToken.parse(this.kubelet.issueToken());
		PsatEndpoint endpoint = endpoint(true, Map.of("inventory", () -> own));
		assertThat(this.mapper.<JsonNode>valueToTree(endpoint.source("psat")).propertyNames()).containsExactly("token",
				"source");
		JsonNode inventory = this.mapper.valueToTree(endpoint.source("inventory"));
		assertThat(inventory.propertyNames()).containsExactly("token");
		assertThat(inventory.at("/token/fingerprint").stringValue()).isEqualTo(own.fingerprint());
		assertThat(endpoint.source("other")).isNull();
	}

	/**
	 * Start a source and wait for its first look, however busy the machine is.
	 */
	private static void start(TokenSource source) {
		source.start();
		await().until(() -> source.status().sourceState() != null);
	}

	private PsatEndpoint endpoint(boolean enabled, Map<String, TokenSource> furtherSources) {
		return new PsatEndpoint(this.source, PsatAttestor.of("demo-cluster", this.source, List.of()), enabled,
				"demo-cluster", furtherSources);
	}

	private static PsatEndpoint endpoint(TokenSource source, @Nullable String cluster) {
		return new PsatEndpoint(source, PsatAttestor.of("demo-cluster", source, List.of()), true, cluster, Map.of());
	}

	private JsonNode read() {
		return read(this.endpoint);
	}

	private JsonNode read(PsatEndpoint endpoint) {
		return this.mapper.valueToTree(endpoint.psat());
	}

	private static byte[] unsigned(String claims) {
		return (encode("{\"alg\":\"RS256\"}") + "." + encode(claims) + "." + encode("?".repeat(256)))
			.getBytes(StandardCharsets.US_ASCII);
	}

	private static String encode(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

}
