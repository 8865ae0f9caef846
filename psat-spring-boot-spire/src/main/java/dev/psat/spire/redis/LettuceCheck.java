package dev.psat.spire.redis;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.autoconfigure.data.internal.ClientCheck;
import io.lettuce.core.SslVerifyMode;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * {@link ClientCheck} for Redis by Lettuce, which can be told to put a trust manager that
 * accepts anybody in the place of the bundle's, or to do without TLS.
 */
final class LettuceCheck extends ClientCheck {

	@Override
	protected void check(Object bean, String name) {
		if (bean instanceof LettuceConnectionFactory factory) {
			check(factory.getClientConfiguration(), name);
		}
	}

	private void check(LettuceClientConfiguration configuration, String name) {
		String problem = problem(configuration);
		if (problem != null && configuration.getClientOptions().filter(LettuceOptions::haveBundle).isPresent()) {
			throw new PsatStartupException(
					"The %s has an SSL bundle of the SPIRE identity, but its connections would not be safe: %s"
						.formatted(written(name, "spring.data.redis"), problem),
					"Let the builder of its LettuceClientConfiguration use SSL with the verification of peers that is the default. Or give it another SSL bundle.");
		}
	}

	private static @Nullable String problem(LettuceClientConfiguration configuration) {
		if (!configuration.isUseSsl()) {
			return "It does not use TLS.";
		}
		if (configuration.getVerifyMode() == SslVerifyMode.NONE) {
			return "It does not verify peers, so it connects to anybody.";
		}
		return configuration.isStartTls() ? "With StartTLS, it sends the first command without TLS." : null;
	}

}
