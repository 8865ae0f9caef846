package dev.psat.spire.rabbit;

import com.rabbitmq.stream.EnvironmentBuilder;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.netty.internal.NettyClientConnections;
import dev.psat.spire.netty.internal.NettyClientContext;
import dev.psat.spire.ssl.SvidSslBundle;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.JdkSslContext;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.EnvironmentBuilderCustomizer;
import org.springframework.boot.amqp.autoconfigure.RabbitStreamConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the streams of RabbitMQ with an
 * SSL bundle of the SPIRE identity.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass({ EnvironmentBuilder.class, JdkSslContext.class, EnvironmentBuilderCustomizer.class,
		RabbitStreamConnectionDetails.class })
public final class RabbitStreamBundleAutoConfiguration {

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	RabbitStreamBundleCustomizer spireRabbitStreamBundleCustomizer(
			ObjectProvider<RabbitStreamConnectionDetails> connectionDetails) {
		return new RabbitStreamBundleCustomizer(connectionDetails);
	}

	/**
	 * Secures each connection with the context of the bundle. Spring Boot makes one of
	 * its managers for all, which resumes sessions, and so outlives the SVID and the
	 * decision on the broker.
	 */
	static final class RabbitStreamBundleCustomizer implements EnvironmentBuilderCustomizer {

		/** Only its end has a connection replaced. */
		private static final NettyClientConnections.Use KEPT = (channel) -> {
		};

		private final ObjectProvider<RabbitStreamConnectionDetails> connectionDetails;

		RabbitStreamBundleCustomizer(ObjectProvider<RabbitStreamConnectionDetails> connectionDetails) {
			this.connectionDetails = connectionDetails;
		}

		@Override
		public void customize(EnvironmentBuilder builder) {
			RabbitStreamConnectionDetails details = this.connectionDetails.getIfAvailable();
			if (details != null && details.getSslBundle() instanceof SvidSslBundle bundle) {
				builder.tls().sslContext(NettyClientContext.of(bundle, ApplicationProtocolConfig.DISABLED, KEPT));
			}
		}

	}

}
