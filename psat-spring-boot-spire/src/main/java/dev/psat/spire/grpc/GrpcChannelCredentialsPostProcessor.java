package dev.psat.spire.grpc;

import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.grpc.client.ChannelCredentialsProvider;
import org.springframework.util.ClassUtils;

/**
 * {@link BeanPostProcessor} that wraps the provider of credentials for gRPC channels, no
 * matter whether it is Spring Boot's or the application's.
 */
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
		return (bean instanceof ChannelCredentialsProvider provider) ? new GrpcBundleCredentialsProvider(provider,
				this.bundles, this.properties, this.environment, isNetty()) : bean;
	}

	/**
	 * Return whether channels use Netty. Spring Boot prefers the Netty that is shaded
	 * with gRPC, if available.
	 */
	private boolean isNetty() {
		return ClassUtils.isPresent(NETTY, this.classLoader) && !ClassUtils.isPresent(SHADED_NETTY, this.classLoader);
	}

}
