package dev.psat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.psat.support.ValueAssertions;
import dev.psat.token.SourceState;
import dev.psat.token.TokenClaims;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import dev.psat.token.WatchMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for public types that may get further values.
 */
class ValueTests {

	private static final Instant NOW = Instant.parse("2026-11-25T20:00:00Z");

	@ParameterizedTest
	@MethodSource({ "events", "statuses" })
	void valuesAreHiddenRecords(Supplier<?> value, Object other) {
		ValueAssertions.assertIsHiddenRecord(value, other);
	}

	static Stream<Arguments> events() {
		TokenStateChangedEvent.Builder change = TokenStateChangedEvent.builder(TokenState.NONE, TokenState.VALID)
			.previousSourceState(SourceState.MISSING)
			.sourceState(SourceState.OK)
			.advice("Wait")
			.fingerprint("sha256:2")
			.generation(2);
		return Stream.of(
				value(() -> TokenRotatedEvent.builder("sha256:1", "sha256:2", NOW).generation(2).build(),
						TokenRotatedEvent.builder("sha256:1", "sha256:2", NOW).build()),
				value(() -> change.expiresAt(NOW).build(), change.expiresAt(NOW.plusSeconds(1)).build()));
	}

	static Stream<Arguments> statuses() {
		TokenClaims claims = TokenClaims.builder()
			.issuer("issuer")
			.subject("subject")
			.audiences(List.of("audience"))
			.id("id")
			.namespace("namespace")
			.serviceAccount(new TokenClaims.Reference("account", "1"))
			.pod(new TokenClaims.Reference("pod", "2"))
			.node(new TokenClaims.Reference("node", "3"))
			.build();
		TokenStatus.Token.Builder token = TokenStatus.Token.builder("sha256:1", NOW, Duration.ofSeconds(5))
			.generation(4)
			.issuedAt(NOW.minusSeconds(6))
			.rotationDueAt(NOW.minusSeconds(7));
		TokenStatus.Watch.Builder watch = TokenStatus.Watch.builder(Path.of("token"), WatchMode.EVENTS)
			.rotations(8)
			.lastRotatedAt(NOW)
			.lastCheckedAt(NOW.plusSeconds(9))
			.rejectedReads(10);
		TokenStatus.Builder status = TokenStatus.builder(TokenState.VALID)
			.sourceState(SourceState.OK)
			.token(token.build())
			.watch(watch.build())
			.message("It rains");
		return Stream.of(value(() -> claims, TokenClaims.NONE),
				value(() -> token.claims(claims).build(), token.claims(TokenClaims.NONE).build()),
				value(() -> watch.missedEvents(11).build(), watch.missedEvents(12).build()),
				value(() -> status.advice("Wait").build(), status.advice(null).build()));
	}

	@Test
	void statusCanBeChangedInOneValue() {
		TokenStatus status = TokenStatus.builder(TokenState.VALID)
			.sourceState(SourceState.OK)
			.token(TokenStatus.Token.builder("sha256:1", NOW, Duration.ofSeconds(5)).build())
			.watch(TokenStatus.Watch.builder(Path.of("token"), WatchMode.EVENTS).build())
			.message("It rains")
			.advice("Wait")
			.build();
		assertThat(status.mutate().build()).isEqualTo(status);
		assertThat(status.mutate().message(null).build()).isNotEqualTo(status)
			.returns(null, TokenStatus::message)
			.returns("Wait", TokenStatus::advice);
	}

	private static Arguments value(Supplier<?> value, Object other) {
		return Arguments.of(value, other);
	}

}
