package dev.psat.spire.grpc;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.ssl.SvidSslBundle;
import io.grpc.ChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.TlsChannelCredentials;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.grpc.client.ChannelCredentialsProvider;

/**
 * Replaces credentials that use the managers of a {@link SvidSslBundle} with ones that
 * use its context. From managers, gRPC creates a single context for the lifetime of a
 * channel, which resumes sessions with the SVID of the first connection, and without a
 * new decision on the server.
 */
final class GrpcBundleCredentialsProvider implements ChannelCredentialsProvider {

	private final ChannelCredentialsProvider delegate;

	private final ObjectProvider<SslBundles> bundles;

	private final ObjectProvider<GrpcClientProperties> properties;

	private final Environment environment;

	private final boolean netty;

	/**
	 * Create a provider.
	 * @param delegate provides the credentials
	 * @param bundles all SSL bundles
	 * @param properties the targets of the channels
	 * @param environment resolves placeholders in targets
	 * @param netty whether channels use Netty, the only transport that accepts a context
	 */
	GrpcBundleCredentialsProvider(ChannelCredentialsProvider delegate, ObjectProvider<SslBundles> bundles,
			ObjectProvider<GrpcClientProperties> properties, Environment environment, boolean netty) {
		this.environment = environment;
		this.delegate = delegate;
		this.bundles = bundles;
		this.properties = properties;
		this.netty = netty;
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
		SslBundles bundles = this.bundles.getIfAvailable();
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
			throw refusal(target, "trusts any server", "Remove 'bypass-certificate-validation' from its properties.");
		}
		if (!this.netty) {
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
		GrpcClientProperties properties = this.properties.getIfAvailable();
		GrpcClientProperties.Channel channel = (properties != null) ? properties.getChannel().get(target) : null;
		return this.environment.resolvePlaceholders((channel != null) ? channel.getTarget() : target)
			.startsWith("unix:");
	}

	private static PsatStartupException refusal(String target, String problem, String action) {
		return new PsatStartupException(
				"The gRPC channel '%s' uses an SSL bundle of the SPIRE identity and %s.".formatted(target, problem),
				action + " Or use another SSL bundle for the channel.");
	}

	/**
	 * Return whether managers are those of the bundle, which never change.
	 */
	private static <M> boolean holds(@Nullable List<M> managers, M[] ours) {
		return Objects.requireNonNullElse(managers, List.of()).containsAll(Arrays.asList(ours));
	}

}
