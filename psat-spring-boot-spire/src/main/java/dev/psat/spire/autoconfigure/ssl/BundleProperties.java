package dev.psat.spire.autoconfigure.ssl;

import java.util.Set;
import java.util.TreeSet;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.autoconfigure.internal.SvidBundles;
import dev.psat.spire.ssl.SvidSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.context.reactive.ConfigurableReactiveWebEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.log.LogMessage;
import org.springframework.util.StringUtils;

/**
 * Checks the properties that give an SSL bundle of the identity to something, before
 * anything can connect.
 */
final class BundleProperties {

	private static final Log logger = LogFactory.getLog(SvidSslBundle.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	BundleProperties(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	/** Asks for bundles only if something is to be said, since that creates them. */
	void check() {
		Binder binder = Binder.get(this.environment);
		for (ConfigurationPropertyName property : written()) {
			BundleUse use = BundleUse.of(property);
			if ((use != null) ? isRefused(use) : isFirstToTell()) {
				String bundle = value(property, binder);
				SslBundles bundles = StringUtils.hasText(bundle)
						? this.beanFactory.getBeanProvider(SslBundles.class).getIfUnique() : null;
				if (SvidBundles.find(bundles, bundle) != null) {
					tell(property, bundle, use);
				}
			}
		}
	}

	private boolean isRefused(BundleUse use) {
		return use.isUnknown(this.beanFactory.getBeanClassLoader())
				&& (use != BundleUse.WEB_SERVERS || isChild() || isOfTheWeb());
	}

	/** A child repeats what its parent has told, unless the identity is its own. */
	private boolean isFirstToTell() {
		return !isChild() || this.beanFactory.getBeanNamesForType(SpireWiring.class, true, false).length > 0;
	}

	private static void tell(ConfigurationPropertyName property, @Nullable String bundle, @Nullable BundleUse use) {
		if (use != null) {
			throw refusal("'%s' names the SSL bundle '%s' of the SPIRE identity".formatted(property, bundle),
					use.toString());
		}
		logger.warn(LogMessage.format(
				"'%s' names the SSL bundle '%s' of the SPIRE identity, but this version knows nothing of that property. "
						+ "Make sure that connections with it use TLS, and that the context of the bundle decides on each",
				property, bundle));
	}

	private Set<ConfigurationPropertyName> written() {
		Set<ConfigurationPropertyName> written = new TreeSet<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source instanceof IterableConfigurationPropertySource listed) {
				listed.stream().filter(BundleUse::isBundle).forEach(written::add);
			}
			else {
				for (BundleUse use : BundleUse.values()) {
					use.names().filter((name) -> source.getConfigurationProperty(name) != null).forEach(written::add);
				}
			}
		}
		return written;
	}

	/** It may be nothing in the end, since a source of higher precedence counts. */
	private static @Nullable String value(ConfigurationPropertyName property, Binder binder) {
		try {
			return binder.bind(property, Bindable.of(String.class)).orElse(null);
		}
		catch (BindException ex) {
			// what needs it notices
			return null;
		}
	}

	private boolean isChild() {
		return this.beanFactory.getParentBeanFactory() != null;
	}

	/** If nothing serves, properties of servers mean nothing. */
	private boolean isOfTheWeb() {
		return this.environment instanceof ConfigurableReactiveWebEnvironment
				|| Set.of(this.beanFactory.getRegisteredScopeNames()).contains("session");
	}

	static PsatStartupException refusal(String problem, String use) {
		return new PsatStartupException(
				"%s, but Spring Boot %s is not known to this version of psat-spring-boot: nothing would look after %s."
					.formatted(problem, SpringBootVersion.getVersion(), use),
				"Use a version of psat-spring-boot that supports this Spring Boot, or a Spring Boot that this version supports. If only Spring Boot's module for %s is missing, add it. Or use another SSL bundle there."
					.formatted(use));
	}

}
