package dev.psat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenClaims;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenSourceBuilder;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import dev.psat.token.WatchMode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for the arguments of public methods that must not be {@code null}.
 */
@SuppressWarnings("NullAway") // tests null
class NullArgumentTests {

	private static final TokenSource SOURCE = () -> {
		throw new IllegalStateException("Not to be asked");
	};

	private static final PsatAttestor ATTESTOR = PsatAttestor.of("demo-cluster", SOURCE, List.of());

	@ParameterizedTest(name = "{0} of {1}")
	@MethodSource({ "attestor", "token", "events", "builder" })
	void nullThrowsException(String argument, String method, ThrowingCallable call) {
		assertThatNullPointerException().isThrownBy(call).withMessage("'%s' must not be null", argument);
	}

	@ParameterizedTest
	@MethodSource
	void nullGivenToFileSourceThrowsException(String argument, Call call) {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().build();
				TokenSource source = TokenSource.builder(kubelet.tokenPath()).build()) {
			assertThatNullPointerException().isThrownBy(() -> call.on(source))
				.withMessage("'%s' must not be null", argument);
		}
	}

	static Stream<Arguments> attestor() {
		return Stream.of(call("cluster", "PsatAttestor.of", () -> PsatAttestor.of(null, SOURCE, List.of())),
				call("source", "PsatAttestor.of", () -> PsatAttestor.of("demo-cluster", null, List.of())),
				call("audiences", "PsatAttestor.of", () -> PsatAttestor.of("demo-cluster", SOURCE, null)),
				call("cluster", "AttestationPayload.of", () -> AttestationPayload.of(null, null)),
				call("token", "AttestationPayload.of", () -> AttestationPayload.of("demo-cluster", null)));
	}

	static Stream<Arguments> token() {
		return Stream.of(call("token", "ProjectedToken.parse", () -> ProjectedToken.parse(null)),
				call("audiences", "TokenClaims", () -> TokenClaims.builder().audiences(null).build()),
				call("expected", "TokenClaims.isMeantFor", () -> TokenClaims.NONE.isMeantFor(null)),
				call("tokenState", "TokenUnavailableException",
						() -> new TokenUnavailableException("message", null, null, "advice")),
				call("advice", "TokenUnavailableException",
						() -> new TokenUnavailableException("message", TokenState.NONE, null, null)),
				call("tokenState", "TokenStatus", () -> TokenStatus.builder(null).build()),
				call("fingerprint", "TokenStatus.Token",
						() -> TokenStatus.Token.builder(null, Instant.EPOCH, Duration.ZERO).generation(1).build()),
				call("expiresAt", "TokenStatus.Token",
						() -> TokenStatus.Token.builder("sha256:1", null, Duration.ZERO).generation(1).build()),
				call("expiresIn", "TokenStatus.Token",
						() -> TokenStatus.Token.builder("sha256:1", Instant.EPOCH, null).generation(1).build()),
				call("claims", "TokenStatus.Token",
						() -> TokenStatus.Token.builder("sha256:1", Instant.EPOCH, Duration.ZERO)
							.generation(1)
							.claims(null)
							.build()),
				call("path", "TokenStatus.Watch", () -> TokenStatus.Watch.builder(null, WatchMode.EVENTS).build()),
				call("mode", "TokenStatus.Watch", () -> TokenStatus.Watch.builder(Path.of("token"), null).build()));
	}

	static Stream<Arguments> events() {
		return Stream.of(
				call("previousFingerprint", "TokenRotatedEvent",
						() -> TokenRotatedEvent.builder(null, "sha256:2", Instant.EPOCH).generation(2).build()),
				call("fingerprint", "TokenRotatedEvent",
						() -> TokenRotatedEvent.builder("sha256:1", null, Instant.EPOCH).generation(2).build()),
				call("expiresAt", "TokenRotatedEvent",
						() -> TokenRotatedEvent.builder("sha256:1", "sha256:2", null).generation(2).build()),
				call("previousTokenState", "TokenStateChangedEvent",
						() -> TokenStateChangedEvent.builder(null, TokenState.NONE).build()),
				call("tokenState", "TokenStateChangedEvent",
						() -> TokenStateChangedEvent.builder(TokenState.NONE, null).build()));
	}

	static Stream<Arguments> builder() {
		TokenSourceBuilder builder = TokenSource.builder(Path.of("token"));
		return Stream.of(call("path", "TokenSource.builder", () -> TokenSource.builder(null)),
				call("audiences", "audience", () -> builder.audience((String[]) null)),
				call("clockSkew", "clockSkew", () -> builder.clockSkew(null)),
				call("pollInterval", "pollInterval", () -> builder.pollInterval(null)),
				call("clock", "clock", () -> builder.clock(null)),
				call("observer", "observer", () -> builder.observer(null)));
	}

	static Stream<Arguments> nullGivenToFileSourceThrowsException() {
		return Stream.of(Arguments.of("listener", (Call) (source) -> source.addListener(null)),
				Arguments.of("listener", (Call) (source) -> source.removeListener(null)),
				Arguments.of("observer", (Call) (source) -> source.addObserver(null)));
	}

	private static Arguments call(String argument, String method, ThrowingCallable call) {
		return Arguments.of(argument, method, call);
	}

	private interface Call {

		void on(TokenSource source);

	}

}
