package dev.psat.sample;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.psat.sample.RotationHistory.Rotation;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.token.SourceState;
import dev.psat.token.TokenClaims;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import dev.psat.token.WatchMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the JSON of {@link Identity}, which is what the page reads.
 */
class IdentityJsonTests {

	private static final Instant NOW = Instant.parse("2026-11-25T20:00:00.123456789Z");

	private static final SpireStatus.LastError ERROR = SpireStatus.LastError
		.builder("TIMED_OUT", NOW, "No answer", "Wait")
		.build();

	@Test
	void everythingIsWritten() {
		TokenClaims claims = TokenClaims.builder()
			.issuer("https://issuer")
			.subject("system:serviceaccount:shop:orders")
			.audiences(List.of("spire-server"))
			.id("8ee36394")
			.namespace("shop")
			.serviceAccount(new TokenClaims.Reference("orders", "sa-uid"))
			.pod(new TokenClaims.Reference("orders-0", "pod-uid"))
			.node(new TokenClaims.Reference("node-1", "node-uid"))
			.build();
		TokenStatus token = TokenStatus.builder(TokenState.VALID)
			.sourceState(SourceState.OK)
			.token(TokenStatus.Token.builder("sha256:1", NOW.plusSeconds(600), Duration.ofSeconds(597))
				.generation(3)
				.issuedAt(NOW)
				.rotationDueAt(NOW.plusSeconds(480))
				.claims(claims)
				.build())
			.watch(TokenStatus.Watch.builder(Path.of("/var/run/spire-agent"), WatchMode.EVENTS)
				.rotations(2)
				.lastRotatedAt(NOW)
				.lastCheckedAt(NOW)
				.rejectedReads(1)
				.missedEvents(4)
				.build())
			.message("message")
			.advice("advice")
			.build();
		SpireStatus spire = SpireStatus.builder(SpireState.READY)
			.server("[::1]:8081")
			.workloadApi("unix:///run/agent.sock")
			.trustDomain(TrustDomain.of("example.org"))
			.agentId(SpiffeId.parse("spiffe://example.org/spire/agent/1"))
			.agentExpiresAt(NOW)
			.candidates(2)
			.svid(SpireStatus.Svid
				.builder(SpiffeId.parse("spiffe://example.org/orders"),
						new BigInteger("9526895889567063756648699420491069866"), 3, NOW, NOW.plusSeconds(60))
				.renewalDueAt(NOW.plusSeconds(30))
				.build())
			.trustBundle(SpireStatus.Bundle.builder(1, 4).sequenceNumber(7L).refreshedAt(NOW).build())
			.federation(
					List.of(SpireStatus.Federation.builder(TrustDomain.of("partner.org"), FederationState.TRUSTED, 5)
						.x509AuthorityCount(1)
						.jwtAuthorityCount(2)
						.refreshedAt(NOW)
						.lastError(ERROR)
						.build()))
			.clockSkew(Duration.ofMillis(31_500))
			.lastError(ERROR)
			.build();
		assertWritten(token, spire, """
				"status":{"tokenState":"VALID","sourceState":"OK","token":{"generation":3,"fingerprint":"sha256:1",\
				"issuedAt":"2026-11-25T20:00:00.123456789Z","expiresAt":"2026-11-25T20:10:00.123456789Z",\
				"expiresIn":"PT9M57S","rotationDueAt":"2026-11-25T20:08:00.123456789Z",\
				"claims":{"issuer":"https://issuer","subject":"system:serviceaccount:shop:orders",\
				"audiences":["spire-server"],"id":"8ee36394","namespace":"shop",\
				"serviceAccount":{"name":"orders","uid":"sa-uid"},"pod":{"name":"orders-0","uid":"pod-uid"},\
				"node":{"name":"node-1","uid":"node-uid"}}},\
				"watch":{"path":"/var/run/spire-agent","mode":"EVENTS","rotations":2,\
				"lastRotatedAt":"2026-11-25T20:00:00.123456789Z","lastCheckedAt":"2026-11-25T20:00:00.123456789Z",\
				"rejectedReads":1,"missedEvents":4},"message":"message","advice":"advice"},""", """
				{"state":"READY","server":"[::1]:8081","workloadApi":"unix:///run/agent.sock",\
				"trustDomain":"example.org","agentId":"spiffe://example.org/spire/agent/1",\
				"agentExpiresAt":"2026-11-25T20:00:00.123456789Z","candidates":2,\
				"svid":{"id":"spiffe://example.org/orders","serialNumber":"9526895889567063756648699420491069866",\
				"generation":3,"issuedAt":"2026-11-25T20:00:00.123456789Z",\
				"expiresAt":"2026-11-25T20:01:00.123456789Z","renewalDueAt":"2026-11-25T20:00:30.123456789Z"},\
				"trustBundle":{"authorities":1,"sequenceNumber":7,"refreshedAt":"2026-11-25T20:00:00.123456789Z",\
				"generation":4},\
				"federation":[{"trustDomain":"partner.org","state":"TRUSTED","x509AuthorityCount":1,\
				"jwtAuthorityCount":2,"refreshedAt":"2026-11-25T20:00:00.123456789Z","generation":5,\
				"lastError":{"reason":"TIMED_OUT","at":"2026-11-25T20:00:00.123456789Z","message":"No answer",\
				"advice":"Wait"}}],\
				"clockSkew":"PT31.5S",\
				"lastError":{"reason":"TIMED_OUT","at":"2026-11-25T20:00:00.123456789Z","message":"No answer",\
				"advice":"Wait"}}""");
	}

	@Test
	void whatIsAbsentIsOmitted() {
		assertWritten(TokenStatus.builder(TokenState.NONE).build(), SpireStatus.builder(SpireState.STARTING).build(),
				"\"status\":{\"tokenState\":\"NONE\"},", "{\"state\":\"STARTING\",\"federation\":[]}");
		assertWritten(
				TokenStatus.builder(TokenState.VALID)
					.token(TokenStatus.Token.builder("sha256:1", NOW, Duration.ZERO).build())
					.watch(TokenStatus.Watch.builder(Path.of("token"), WatchMode.STOPPED).build())
					.build(),
				SpireStatus.builder(SpireState.READY)
					.svid(SpireStatus.Svid
						.builder(SpiffeId.parse("spiffe://example.org/orders"), BigInteger.ONE, 1, NOW, NOW)
						.build())
					.trustBundle(SpireStatus.Bundle.builder(0, 0).build())
					.federation(List
						.of(SpireStatus.Federation.builder(TrustDomain.of("partner.org"), FederationState.UNKNOWN, 0)
							.build()))
					.build(),
				"""
						"status":{"tokenState":"VALID","token":{"generation":0,"fingerprint":"sha256:1",\
						"expiresAt":"2026-11-25T20:00:00.123456789Z","expiresIn":"PT0S",\
						"claims":{"issuer":null,"subject":null,"audiences":[],"id":null,"namespace":null,\
						"serviceAccount":null,"pod":null,"node":null}},\
						"watch":{"path":"token","mode":"STOPPED","rotations":0,"rejectedReads":0,"missedEvents":0}},""",
				"""
						{"state":"READY","svid":{"id":"spiffe://example.org/orders","serialNumber":"1","generation":1,\
						"issuedAt":"2026-11-25T20:00:00.123456789Z","expiresAt":"2026-11-25T20:00:00.123456789Z"},\
						"trustBundle":{"authorities":0,"generation":0},\
						"federation":[{"trustDomain":"partner.org","state":"UNKNOWN","x509AuthorityCount":0,\
						"jwtAuthorityCount":0,"generation":0}]}""");
	}

	@Test
	void withoutATokenThereIsNoStatus() {
		assertWritten(null, SpireStatus.builder(SpireState.CONNECTING).workloadApi("unix:///run/agent.sock").build(),
				"", "{\"state\":\"CONNECTING\",\"workloadApi\":\"unix:///run/agent.sock\",\"federation\":[]}");
	}

	private static void assertWritten(@Nullable TokenStatus status, SpireStatus spire, String statusJson,
			String spireJson) {
		Identity identity = new Identity("sample-app", NOW, (status != null) ? TokenView.of(status) : null, null,
				List.of(new Rotation(NOW, 3, "sha256:1", NOW)), SpireView.of(spire), new CallOutcome(NOW, null, "none"),
				null, Map.of(), new Handshakes(new Handshakes.Peers(1, 2), new Handshakes.Peers(3, 4)));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
			.run((context) -> assertThat(context.getBean(JsonMapper.class).writeValueAsString(identity)).isEqualTo("""
					{"application":"sample-app","now":"2026-11-25T20:00:00.123456789Z",%s\
					"rotations":[{"at":"2026-11-25T20:00:00.123456789Z","generation":3,"fingerprint":"sha256:1",\
					"expiresAt":"2026-11-25T20:00:00.123456789Z"}],"spire":%s,\
					"selfCall":{"at":"2026-11-25T20:00:00.123456789Z","failure":"none"},"federatedCalls":{},\
					"handshakes":{"clients":{"accepted":1,"refused":2},"servers":{"accepted":3,"refused":4}}}"""
				.formatted(statusJson, spireJson)));
	}

}
