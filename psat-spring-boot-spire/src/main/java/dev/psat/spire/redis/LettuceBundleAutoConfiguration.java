package dev.psat.spire.redis;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.internal.ClientCheck;
import dev.psat.spire.ssl.SvidSslBundle;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslVerifyMode;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for connections to Redis by Lettuce
 * that use the SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass({ LettuceConnectionFactory.class, RedisClient.class, DataRedisConnectionDetails.class })
public final class LettuceBundleAutoConfiguration {

	@Bean
	static LettuceCheck spireLettuceCheck(ConfigurableListableBeanFactory beanFactory) {
		return new LettuceCheck(beanFactory);
	}

	/**
	 * Lettuce can be told to accept anybody, or to do without TLS. It does not tell which
	 * bundle it has: that of Spring Boot's has the one of the connection details.
	 */
	static final class LettuceCheck extends ClientCheck {

		private final ObjectProvider<DataRedisConnectionDetails> details;

		LettuceCheck(ConfigurableListableBeanFactory beanFactory) {
			super(beanFactory);
			this.details = beanFactory.getBeanProvider(DataRedisConnectionDetails.class);
		}

		@Override
		protected void check(Object bean, String name) {
			if (bean instanceof LettuceConnectionFactory factory && isOfSpringBoot(name)) {
				String problem = problem(factory.getClientConfiguration());
				if (problem != null && hasBundle()) {
					throw new PsatStartupException(
							"The configuration 'spring.data.redis', with what customizes it, has an SSL bundle of the SPIRE identity, but its connections would not be safe: "
									+ problem,
							"Let the builder of its LettuceClientConfiguration use SSL with the verification of peers that is the default. Or give it another SSL bundle.");
				}
			}
		}

		private boolean hasBundle() {
			DataRedisConnectionDetails details = this.details.getIfUnique();
			return details != null && details.getSslBundle() instanceof SvidSslBundle;
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

}
