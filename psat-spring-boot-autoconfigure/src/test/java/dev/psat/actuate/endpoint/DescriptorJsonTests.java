package dev.psat.actuate.endpoint;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.token.ProjectedToken;
import dev.psat.token.SourceState;
import dev.psat.token.TokenClaims;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import dev.psat.token.WatchMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the JSON of {@link PsatDescriptor} and {@link PsatSourceDescriptor}, which is
 * a contract, whatever an application has configured of its mapper.
 */
class DescriptorJsonTests {

	private static final Instant NOW = Instant.parse("2026-11-25T02:49:53.639482Z");

	private static final Instant ISSUED_AT = Instant.parse("2026-11-25T02:49:53Z");

	private static final TokenClaims CLAIMS = TokenClaims.builder()
		.issuer("https://issuer")
		.subject("system:serviceaccount:shop:orders")
		.audiences(List.of("spire-server", "other"))
		.id("8ee36394")
		.namespace("shop")
		.serviceAccount(new TokenClaims.Reference("orders", "sa-uid"))
		.pod(new TokenClaims.Reference("orders-0", "pod-uid"))
		.node(new TokenClaims.Reference("node-1", "node-uid"))
		.build();

	private static final TokenStatus IN_FORCE = TokenStatus.builder(TokenState.VALID)
		.sourceState(SourceState.OK)
		.token(TokenStatus.Token.builder("sha256:5786bb8c9c31f133", ISSUED_AT.plusSeconds(600), Duration.ofSeconds(597))
			.generation(3)
			.issuedAt(ISSUED_AT)
			.rotationDueAt(ISSUED_AT.plusSeconds(480))
			.claims(CLAIMS)
			.build())
		.watch(TokenStatus.Watch.builder(Path.of("/var/run/spire-agent"), WatchMode.EVENTS)
			.rotations(2)
			.lastRotatedAt(NOW)
			.lastCheckedAt(NOW)
			.rejectedReads(1)
			.missedEvents(4)
			.build())
		.build();

	private static final TokenStatus MISSING = TokenStatus.builder(TokenState.NONE)
		.sourceState(SourceState.MISSING)
		.watch(TokenStatus.Watch.builder(Path.of("/var/run/spire-agent"), WatchMode.POLLING).build())
		.message("There is no file")
		.advice("Mount it")
		.build();

	private static final TokenStatus UNCOUNTED = TokenStatus.builder(TokenState.EXPIRED)
		.token(TokenStatus.Token.builder("sha256:5786bb8c9c31f133", ISSUED_AT, Duration.ofSeconds(-3)).build())
		.build();

	private static final TokenStatus NAMELESS = TokenStatus.builder(TokenState.VALID)
		.sourceState(SourceState.PINNED)
		.token(TokenStatus.Token.builder("sha256:5786bb8c9c31f133", ISSUED_AT, Duration.ZERO)
			.generation(1)
			.claims(TokenClaims.builder()
				.serviceAccount(new TokenClaims.Reference(null, "sa-uid"))
				.pod(new TokenClaims.Reference("orders-0", null))
				.node(new TokenClaims.Reference(null, null))
				.build())
			.build())
		.message("It can never be replaced")
		.build();

	private static final String IN_FORCE_JSON = """
			"token":{"state":"VALID","generation":3,"fingerprint":"sha256:5786bb8c9c31f133",\
			"issuedAt":"2026-11-25T02:49:53Z","expiresAt":"2026-11-25T02:59:53Z","expiresIn":"PT9M57S",\
			"rotationDueAt":"2026-11-25T02:57:53Z",\
			"claims":{"issuer":"https://issuer","subject":"system:serviceaccount:shop:orders",\
			"audiences":["spire-server","other"],"id":"8ee36394","namespace":"shop",\
			"serviceAccount":{"name":"orders","uid":"sa-uid"},"pod":{"name":"orders-0","uid":"pod-uid"},\
			"node":{"name":"node-1","uid":"node-uid"}}},\
			"source":{"path":"/var/run/spire-agent","state":"OK","watch":"EVENTS","rotations":2,\
			"lastRotatedAt":"2026-11-25T02:49:53.639Z","lastCheckedAt":"2026-11-25T02:49:53.639Z",\
			"rejectedReads":1,"missedEvents":4}""";

	private static final String MISSING_JSON = """
			"token":{"state":"NONE"},\
			"source":{"path":"/var/run/spire-agent","state":"MISSING","watch":"POLLING","rotations":0,\
			"rejectedReads":0,"missedEvents":0,"message":"There is no file","advice":"Mount it"}""";

	private static final String UNCOUNTED_JSON = """
			"token":{"state":"EXPIRED","fingerprint":"sha256:5786bb8c9c31f133","expiresAt":"2026-11-25T02:49:53Z",\
			"expiresIn":"PT-3S"}""";

	private static final String NAMELESS_JSON = """
			"token":{"state":"VALID","generation":1,"fingerprint":"sha256:5786bb8c9c31f133",\
			"expiresAt":"2026-11-25T02:49:53Z","expiresIn":"PT0S",\
			"claims":{"serviceAccount":{"uid":"sa-uid"},"pod":{"name":"orders-0"},"node":{}}},\
			"source":{"state":"PINNED","message":"It can never be replaced"}""";

	@ParameterizedTest
	@MethodSource("mappers")
	void everythingIsShown(JsonMapper mapper) {
		PsatEndpoint endpoint = endpoint(IN_FORCE, true, "demo-cluster", Map.of("inventory", source(MISSING)));
		String shown = """
				{"enabled":true,"cluster":"demo-cluster",%s,"sources":["psat","inventory"]}""".formatted(IN_FORCE_JSON);
		assertThat(mapper.writeValueAsString(endpoint.psat())).isEqualTo(shown);
		assertThat(mapper.writeValueAsString(endpoint.refresh())).isEqualTo(shown);
	}

	@ParameterizedTest
	@MethodSource("mappers")
	void whatIsAbsentIsOmitted(JsonMapper mapper) {
		assertThat(mapper.writeValueAsString(endpoint(MISSING, true, null, Map.of()).psat()))
			.isEqualTo("{\"enabled\":true,%s}".formatted(MISSING_JSON));
		assertThat(mapper.writeValueAsString(endpoint(UNCOUNTED, true, "", Map.of()).psat()))
			.isEqualTo("{\"enabled\":true,%s}".formatted(UNCOUNTED_JSON));
		assertThat(mapper.writeValueAsString(endpoint(NAMELESS, true, "demo-cluster", Map.of()).psat()))
			.isEqualTo("{\"enabled\":true,\"cluster\":\"demo-cluster\",%s}".formatted(NAMELESS_JSON));
	}

	@ParameterizedTest
	@MethodSource("mappers")
	void disabledSaysOnlyThat(JsonMapper mapper) {
		assertThat(mapper.writeValueAsString(endpoint(IN_FORCE, false, "demo-cluster", Map.of()).psat()))
			.isEqualTo("{\"enabled\":false,\"cluster\":\"demo-cluster\"}");
		assertThat(mapper.writeValueAsString(endpoint(IN_FORCE, false, null, Map.of()).psat()))
			.isEqualTo("{\"enabled\":false}");
	}

	@ParameterizedTest
	@MethodSource("mappers")
	void withoutATokenFurtherSourcesAreLeft(JsonMapper mapper) {
		PsatEndpoint endpoint = PsatEndpoint.withoutToken(Map.of("inventory", source(MISSING)));
		assertThat(mapper.writeValueAsString(endpoint.psat()))
			.isEqualTo("{\"enabled\":true,\"sources\":[\"inventory\"]}");
	}

	@ParameterizedTest
	@MethodSource("mappers")
	void sourceIsShownAlone(JsonMapper mapper) {
		PsatEndpoint endpoint = endpoint(IN_FORCE, true, "demo-cluster",
				Map.of("missing", source(MISSING), "uncounted", source(UNCOUNTED), "nameless", source(NAMELESS)));
		assertThat(mapper.writeValueAsString(endpoint.source("psat"))).isEqualTo("{%s}".formatted(IN_FORCE_JSON));
		assertThat(mapper.writeValueAsString(endpoint.source("missing"))).isEqualTo("{%s}".formatted(MISSING_JSON));
		assertThat(mapper.writeValueAsString(endpoint.source("uncounted"))).isEqualTo("{%s}".formatted(UNCOUNTED_JSON));
		assertThat(mapper.writeValueAsString(endpoint.source("nameless"))).isEqualTo("{%s}".formatted(NAMELESS_JSON));
	}

	static Stream<Named<JsonMapper>> mappers() {
		return Stream.of(Named.of("plain", JsonMapper.builder().build()), Named
			.of("all and sorted", JsonMapper.builder()
				.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(JsonInclude.Include.ALWAYS))
				.enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
				.build()),
				Named.of("fields", JsonMapper.builder()
					.changeDefaultVisibility((checker) -> checker.withVisibility(PropertyAccessor.FIELD, Visibility.ANY)
						.withVisibility(PropertyAccessor.GETTER, Visibility.NONE)
						.withVisibility(PropertyAccessor.IS_GETTER, Visibility.NONE))
					.build()));
	}

	private static PsatEndpoint endpoint(TokenStatus status, boolean enabled, @Nullable String cluster,
			Map<String, TokenSource> furtherSources) {
		return new PsatEndpoint(source(status), new Content(), enabled, cluster, furtherSources);
	}

	private static TokenSource source(TokenStatus status) {
		return new TokenSource() {

			@Override
			public ProjectedToken current() {
				throw new IllegalStateException("Not to be asked");
			}

			@Override
			public TokenStatus status() {
				return status;
			}

			@Override
			public TokenStatus refresh() {
				return status;
			}

		};
	}

	/**
	 * An attestor that refuses nothing.
	 */
	private static final class Content implements PsatAttestor {

		@Override
		public AttestationPayload payload() {
			throw new IllegalStateException("Not to be asked");
		}

		@Override
		public @Nullable TokenUnavailableException refusal() {
			return null;
		}

	}

}
