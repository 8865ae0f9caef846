package dev.psat.spire.reactor;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.internal.ServedBundles;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for an application with an RSocket
 * server, which must not serve the SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass(name = "io.rsocket.core.RSocketServer", value = Ssl.class)
public final class RSocketBundleAutoConfiguration {

	@Bean
	RSocketBundleRule spireRSocketBundleRule(Environment environment, ObjectProvider<SslBundles> bundles) {
		return new RSocketBundleRule(environment, bundles.getIfUnique());
	}

	/**
	 * Fails the start, also a lazy one, if the RSocket server would serve an SSL bundle
	 * of ours.
	 */
	static final class RSocketBundleRule implements SmartInitializingSingleton {

		private static final String PREFIX = "spring.rsocket.server";

		private final Environment environment;

		private final @Nullable SslBundles bundles;

		RSocketBundleRule(Environment environment, @Nullable SslBundles bundles) {
			this.environment = environment;
			this.bundles = bundles;
		}

		@Override
		public void afterSingletonsInstantiated() {
			Binder binder = Binder.get(this.environment);
			Ssl ssl = binder.bind(PREFIX + ".ssl", Ssl.class).orElse(null);
			if (binder.bind(PREFIX + ".port", String.class).isBound()
					&& ServedBundles.check(ssl, this.bundles, "the RSocket server")) {
				throw new PsatStartupException(
						"The properties '%s.ssl' name an SSL bundle of the SPIRE identity. The RSocket server can only use the managers of a bundle, so the bundle could not decide on each connection."
							.formatted(PREFIX),
						"Name another SSL bundle. Or remove '%s.port' and serve RSocket over WebSocket on the web server, which may serve the bundle, by '%s.transport=websocket' and '%s.mapping-path'."
							.formatted(PREFIX, PREFIX, PREFIX));
			}
		}

	}

}
