package dev.psat.spire.autoconfigure.ssl;

import com.rabbitmq.stream.EnvironmentBuilder;
import dev.psat.spire.SvidSslBundle;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.EnvironmentBuilderCustomizer;
import org.springframework.boot.amqp.autoconfigure.RabbitStreamConnectionDetails;
import org.springframework.boot.ssl.SslOptions;

/**
 * {@link EnvironmentBuilderCustomizer} that secures each connection with the context of
 * the bundle. Spring Boot makes one context of its managers for all of them, which
 * resumes sessions, and so outlives the SVID and the decision on the broker.
 */
final class RabbitStreamBundleCustomizer implements EnvironmentBuilderCustomizer {

	private final ObjectProvider<RabbitStreamConnectionDetails> connectionDetails;

	RabbitStreamBundleCustomizer(ObjectProvider<RabbitStreamConnectionDetails> connectionDetails) {
		this.connectionDetails = connectionDetails;
	}

	@Override
	public void customize(EnvironmentBuilder builder) {
		RabbitStreamConnectionDetails details = this.connectionDetails.getIfAvailable();
		if (details != null && details.getSslBundle() instanceof SvidSslBundle bundle) {
			builder.tls().sslContext(context(bundle));
		}
	}

	private static SslContext context(SvidSslBundle bundle) {
		SslOptions options = bundle.tlsOptions();
		return new JdkSslContext(bundle.createSslContext(), true, SslOptions.asSet(options.getCiphers()),
				IdentityCipherSuiteFilter.INSTANCE, ApplicationProtocolConfig.DISABLED, ClientAuth.NONE,
				options.getEnabledProtocols(), false);
	}

}
