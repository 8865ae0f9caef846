package dev.psat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.psat.actuate.endpoint.PsatEndpoint;
import dev.psat.health.PsatHealthIndicator;
import dev.psat.token.TokenSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
	@MethodSource("actuator")
	void nullThrowsException(String argument, String method, ThrowingCallable call) {
		assertThatIllegalArgumentException().isThrownBy(call).withMessage("'%s' must not be null", argument);
	}

	static Stream<Arguments> actuator() {
		return Stream.of(call("source", "PsatHealthIndicator", () -> new PsatHealthIndicator(null)),
				call("source", "PsatEndpoint", () -> new PsatEndpoint(null, ATTESTOR, true, null, Map.of())),
				call("attestor", "PsatEndpoint", () -> new PsatEndpoint(SOURCE, null, true, null, Map.of())),
				call("furtherSources", "PsatEndpoint", () -> new PsatEndpoint(SOURCE, ATTESTOR, true, null, null)));
	}

	private static Arguments call(String argument, String method, ThrowingCallable call) {
		return Arguments.of(argument, method, call);
	}

}
