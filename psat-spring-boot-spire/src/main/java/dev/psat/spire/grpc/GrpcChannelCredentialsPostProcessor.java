package dev.psat.spire.grpc;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.ssl.SvidSslBundle;
import io.grpc.ChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.TlsChannelCredentials;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.grpc.client.ChannelCredentialsProvider;
import org.springframework.util.ClassUtils;

/** Wraps the provider of credentials, be it Spring Boot's or the application's. */
final class GrpcChannelCredentialsPostProcessor implements BeanPostProcessor, BeanClassLoaderAware {

	private static final String NETTY = "io.grpc.netty.NettyChannelBuilder";

	private static final String SHADED_NETTY = "io.grpc.netty.shaded." + NETTY;

	private final ObjectProvider<SslBundles> bundles;

	private final ObjectProvider<GrpcClientProperties> properties;

	private final Environment environment;

	private ClassLoader classLoader = GrpcChannelCredentialsPostProcessor.class.getClassLoader();

	GrpcChannelCredentialsPostProcessor(ObjectProvider<SslBundles> bundles,
			ObjectProvider<GrpcClientProperties> properties, Environment environment) {
		this.environment = environment;
		this.bundles = bundles;
		this.properties = properties;
	}

	@Override
	public void setBeanClassLoader(ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return (bean instanceof ChannelCredentialsProvider provider) ? new BundleCredentials(provider) : bean;
	}

	/** The only transport that accepts a context. Spring Boot prefers the shaded one. */
	private boolean isNetty() {
		return ClassUtils.isPresent(NETTY, this.classLoader) && !ClassUtils.isPresent(SHADED_NETTY, this.classLoader);
	}

	/**
	 * Uses the context of a {@link SvidSslBundle} in place of its managers: of these,
	 * gRPC makes one context for the lifetime of a channel, which resumes sessions with
	 * the SVID of the first connection, and without a new decision on the server.
	 */
	private final class BundleCredentials implements ChannelCredentialsProvider {

		private final ChannelCredentialsProvider delegate;

		BundleCredentials(ChannelCredentialsProvider delegate) {
			this.delegate = delegate;
		}

		@Override
		public ChannelCredentials getChannelCredentials(String target) {
			return secured(target, this.delegate.getChannelCredentials(target));
		}

		private ChannelCredentials secured(String target, ChannelCredentials credentials) {
			if (credentials instanceof CompositeChannelCredentials composite) {
				return CompositeChannelCredentials.create(secured(target, composite.getChannelCredentials()),
						composite.getCallCredentials());
			}
			if (credentials instanceof TlsChannelCredentials tls) {
				SvidSslBundle bundle = bundle(tls);
				if (bundle != null) {
					check(target, tls, bundle);
					return GrpcNettyCredentials.of(bundle);
				}
			}
			return credentials;
		}

		private @Nullable SvidSslBundle bundle(TlsChannelCredentials credentials) {
			SslBundles bundles = GrpcChannelCredentialsPostProcessor.this.bundles.getIfAvailable();
			return (bundles != null) ? bundles.getBundleNames()
				.stream()
				.map(bundles::getBundle)
				.flatMap((bundle) -> (bundle instanceof SvidSslBundle ours) ? Stream.of(ours) : Stream.empty())
				.filter((bundle) -> holds(credentials.getKeyManagers(), bundle.getManagers().getKeyManagers())
						|| holds(credentials.getTrustManagers(), bundle.getManagers().getTrustManagers()))
				.findFirst()
				.orElse(null) : null;
		}

		private void check(String target, TlsChannelCredentials credentials, SvidSslBundle bundle) {
			if (!holds(credentials.getTrustManagers(), bundle.getManagers().getTrustManagers())) {
				throw refusal(target, "trusts any server",
						"Remove 'bypass-certificate-validation' from its properties.");
			}
			if (!isNetty()) {
				throw refusal(target,
						"is not a 'grpc-netty' channel, and might resume sessions with a replaced X.509-SVID, "
								+ "or with servers that are no longer authorized",
						"Replace 'grpc-netty-shaded' with 'grpc-netty'.");
			}
			if (isDomainSocket(target)) {
				throw refusal(target, "connects to a domain socket, where Spring Boot does not use TLS",
						"Let it connect to a port, or remove 'ssl.bundle' from its properties.");
			}
		}

		private boolean isDomainSocket(String target) {
			GrpcClientProperties properties = GrpcChannelCredentialsPostProcessor.this.properties.getIfAvailable();
			GrpcClientProperties.Channel channel = (properties != null) ? properties.getChannel().get(target) : null;
			return GrpcChannelCredentialsPostProcessor.this.environment
				.resolvePlaceholders((channel != null) ? channel.getTarget() : target)
				.startsWith("unix:");
		}

		private static PsatStartupException refusal(String target, String problem, String action) {
			return new PsatStartupException(
					"The gRPC channel '%s' uses an SSL bundle of the SPIRE identity and %s.".formatted(target, problem),
					action + " Or use another SSL bundle for the channel.");
		}

		/** The managers of a bundle never change. */
		private static <M> boolean holds(@Nullable List<M> managers, M[] ours) {
			return Objects.requireNonNullElse(managers, List.of()).containsAll(Arrays.asList(ours));
		}

	}

}
