package dev.psat.spire.autoconfigure.internal;

import java.util.Collection;

import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ClientAuth;
import org.springframework.core.log.LogMessage;
import org.springframework.util.StringUtils;

/**
 * {@link BeanPostProcessor} that makes a web server use the context of a
 * {@link SpiffeSslBundle}. It is not a {@code WebServerFactoryCustomizer}, since one of
 * the application could come later and replace the customization, and Spring Boot would
 * then silently use the bundle's stores or managers.
 * <p>
 * A management server of its own is the same server in another context: each customizer
 * has a nested {@code ManagementConfiguration} for it. In the auto-configuration, whose
 * nested configurations belong to it, that would be in both contexts.
 */
public abstract class WebServerBundleCustomizer<F extends AbstractConfigurableWebServerFactory>
		implements BundleServers.PostProcessor {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private final Class<F> type;

	private final String server;

	private final ObjectProvider<SpireWiring> wiring;

	protected WebServerBundleCustomizer(Class<F> type, String server, ObjectProvider<SpireWiring> wiring) {
		this.type = type;
		this.server = server;
		this.wiring = wiring;
	}

	@Override
	public final Object postProcessAfterInitialization(Object bean, String beanName) {
		if (this.type.isInstance(bean)) {
			customize(this.type.cast(bean));
		}
		return bean;
	}

	/** Its SSL must not be read before the factory creates the server. */
	protected abstract void customize(F factory);

	protected final String server() {
		return this.server;
	}

	protected final String capitalizedServer() {
		return StringUtils.capitalize(this.server);
	}

	protected final void afterUpdate(Runnable check) {
		this.wiring.ifAvailable((wiring) -> wiring.servers().afterUpdate(check));
	}

	/** Called when the factory creates its server. */
	protected final @Nullable Ssl ssl(AbstractConfigurableWebServerFactory factory) {
		Ssl ssl = factory.getSsl();
		ServedBundles.check(ssl, factory.getSslBundles(), this.server);
		return (ssl != null && Ssl.isEnabled(ssl)) ? ssl : null;
	}

	/**
	 * Take note of what is served, and warn of properties that do not fit. Returns
	 * whether clients need a certificate.
	 */
	protected final ClientAuth serve(F factory, Ssl ssl, Collection<SpiffeSslBundle> bundles) {
		// which Spring Boot ignores because there is a bundle
		if (StringUtils.hasText(ssl.getBundle())) {
			warnOfOption("enabled-protocols", ssl.getEnabledProtocols());
			warnOfOption("ciphers", ssl.getCiphers());
		}
		this.wiring.ifAvailable((wiring) -> {
			wiring.servers().secured(factory);
			if (factory.getPort() >= 0) {
				bundles.forEach((bundle) -> wiring.servers().add(this.server, bundle));
			}
		});
		return ClientAuthRule.of(ssl.getClientAuth(), this.server);
	}

	private void warnOfOption(String option, String @Nullable [] values) {
		if (values != null) {
			logger.warn(LogMessage.format("'ssl.%1$s' of %2$s has no effect, since 'ssl.bundle' is set. Set "
					+ "'spire.bundle.options.%1$s' instead", option, this.server));
		}
	}

	protected static @Nullable SslBundle bundle(AbstractConfigurableWebServerFactory factory, @Nullable String name) {
		SslBundles bundles = factory.getSslBundles();
		return (StringUtils.hasText(name) && bundles != null) ? bundles.getBundle(name) : null;
	}

}
