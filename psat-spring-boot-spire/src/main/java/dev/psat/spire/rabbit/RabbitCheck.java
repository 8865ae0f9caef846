package dev.psat.spire.rabbit;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.autoconfigure.data.internal.ClientCheck;
import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.RabbitProperties;
import org.springframework.boot.ssl.SslBundles;

/**
 * {@link ClientCheck} for RabbitMQ, whose client does without TLS, and so without its SSL
 * bundle, if the scheme of its first address says so. Spring Boot binds those properties
 * before it makes a client of them.
 */
final class RabbitCheck extends ClientCheck {

	/** What the name of a bean ends with that Spring Boot has bound to a prefix. */
	private static final String BOUND = "-" + RabbitProperties.class.getName();

	private final ObjectProvider<SslBundles> bundles;

	RabbitCheck(ObjectProvider<SslBundles> bundles) {
		this.bundles = bundles;
	}

	@Override
	protected void check(Object bean, String name) {
		// what is behind the proxy of a scope is checked itself, and need not be there
		// yet
		if (bean instanceof RabbitProperties properties && !(bean instanceof ScopedObject)
				&& !properties.getSsl().determineEnabled() && isOfIdentity(properties.getSsl().getBundle())) {
			throw new PsatStartupException(
					"The %s has an SSL bundle of the SPIRE identity, but its connections would not be safe: The first of %s begins with 'amqp://', so that none of them uses TLS."
						.formatted(configuration(name), addresses(name)),
					"Let the first of 'spring.rabbitmq.addresses' begin with 'amqps://', or with its host name. Or give it no SSL bundle of the SPIRE identity, in 'spring.rabbitmq.ssl.bundle'.");
		}
	}

	private static String configuration(String name) {
		return name.endsWith(BOUND) ? "configuration '%s'".formatted(prefix(name)) : "bean '%s'".formatted(name);
	}

	private static String addresses(String name) {
		return name.endsWith(BOUND) ? "'%s.addresses'".formatted(prefix(name)) : "its addresses";
	}

	private static String prefix(String name) {
		return name.substring(0, name.length() - BOUND.length());
	}

	private boolean isOfIdentity(@Nullable String name) {
		SslBundles bundles = this.bundles.getIfUnique();
		return bundles != null && name != null && bundles.getBundleNames().contains(name)
				&& bundles.getBundle(name) instanceof SvidSslBundle;
	}

}
