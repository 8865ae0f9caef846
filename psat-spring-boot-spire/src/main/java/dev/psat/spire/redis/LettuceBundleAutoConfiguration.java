package dev.psat.spire.redis;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import io.lettuce.core.RedisClient;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
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

}
