package dev.psat.products.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.lettuce.core.SslVerifyMode;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * An application with a client, which verifies as much as a property says, and connects
 * while it starts if another says so.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Cache {

	/** Why those that connect while they start did not succeed. */
	static final Queue<Exception> FAILURES = new ConcurrentLinkedQueue<>();

	@Bean
	LettuceClientConfigurationBuilderCustomizer verification(Environment environment) {
		SslVerifyMode mode = environment.getProperty("verify", SslVerifyMode.class, SslVerifyMode.FULL);
		return (builder) -> builder.useSsl().verifyPeer(mode);
	}

	@Bean
	InitializingBean atTheStart(Environment environment, RedisConnectionFactory connections) {
		return () -> {
			if (environment.getProperty("at-the-start", boolean.class, false)) {
				try (RedisConnection connection = connections.getConnection()) {
					connection.ping();
				}
				catch (RuntimeException ex) {
					FAILURES.add(ex);
				}
			}
		};
	}

}
