package dev.psat.spire.autoconfigure.ssl;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.util.StringUtils;

import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.autoconfigure.BundleServers;

/**
 * Has a web server serve the SSL bundle, or one with a policy of its own, by its context.
 * No {@code WebServerFactoryCustomizer}: one of the application could come later and
 * replace what this has added, and Spring Boot would serve the bundle by its stores or
 * managers without a word.
 *
 * @param <F> the type of the factory
 */
abstract class WebServerBundleCustomizer<F extends AbstractConfigurableWebServerFactory> implements BeanPostProcessor {

	private final Class<F> type;

	private final String server;

	private final ObjectProvider<BundleServers> servers;

	/**
	 * Create a customizer.
	 * @param type the type of the factory
	 * @param server what to call the server
	 * @param servers is told of the server if it serves a bundle of ours
	 */
	WebServerBundleCustomizer(Class<F> type, String server, ObjectProvider<BundleServers> servers) {
		this.type = type;
		this.server = server;
		this.servers = servers;
	}

	@Override
	public final Object postProcessAfterInitialization(Object bean, String beanName) {
		if (this.type.isInstance(bean)) {
			customize(this.type.cast(bean));
		}
		return bean;
	}

	/**
	 * Customize a factory, and ask for its SSL only when it makes the server.
	 * @param factory the factory
	 */
	abstract void customize(F factory);

	final String server() {
		return this.server;
	}

	/**
	 * Return what to call the server where a sentence begins.
	 */
	final String capitalizedServer() {
		return StringUtils.capitalize(this.server);
	}

	/**
	 * Have something checked after each update of the bundle.
	 * @param check the check
	 */
	final void afterUpdate(Runnable check) {
		this.servers.ifAvailable((servers) -> servers.afterUpdate(check));
	}

	/**
	 * Return the SSL of a factory.
	 * @param factory the factory
	 * @return its SSL, {@code null} if it does without
	 */
	static @Nullable Ssl ssl(AbstractConfigurableWebServerFactory factory) {
		Ssl ssl = factory.getSsl();
		return Ssl.isEnabled(ssl) ? ssl : null;
	}

	/**
	 * Return an SSL bundle of a factory.
	 * @param factory the factory
	 * @param name name of the bundle, {@code null} if there is none
	 * @return the bundle, {@code null} if there is none
	 */
	static @Nullable SslBundle bundle(AbstractConfigurableWebServerFactory factory, @Nullable String name) {
		SslBundles bundles = factory.getSslBundles();
		return (StringUtils.hasText(name) && bundles != null) ? bundles.getBundle(name) : null;
	}

	/**
	 * Record that the server of a factory serves a bundle of ours.
	 * @param factory the factory
	 */
	final void serves(F factory) {
		if (factory.getPort() >= 0) {
			this.servers.ifAvailable((servers) -> servers.add(this.server));
		}
	}

}
