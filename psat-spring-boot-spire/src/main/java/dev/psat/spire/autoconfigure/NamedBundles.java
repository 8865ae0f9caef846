package dev.psat.spire.autoconfigure;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The properties of any source that name an SSL bundle of the SPIRE identity. Bundles are
 * only asked for where there is such a property, since that creates them.
 */
final class NamedBundles {

	private final BeanFactory beanFactory;

	private final Environment environment;

	NamedBundles(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		this.environment = beanFactory.getBean(Environment.class);
	}

	/**
	 * Find the properties of what Spring Boot gives a bundle to.
	 * @param use what it gives it to
	 * @return the bundles by the names of properties
	 */
	Map<ConfigurationPropertyName, String> of(BundleUse use) {
		return named(Stream.concat(use.names(), written(use::includes)));
	}

	/**
	 * Find the properties of which nothing is known.
	 * @return the bundles by the names of properties
	 */
	Map<ConfigurationPropertyName, String> ofUnknown() {
		return named(written((name) -> Stream.of(BundleUse.values()).noneMatch((use) -> use.includes(name))));
	}

	private Stream<ConfigurationPropertyName> written(Predicate<ConfigurationPropertyName> which) {
		return StreamSupport.stream(ConfigurationPropertySources.get(this.environment).spliterator(), false)
			.flatMap((source) -> (source instanceof IterableConfigurationPropertySource listed) ? listed.stream()
					: Stream.empty())
			.filter(BundleUse::isBundle)
			.filter(which);
	}

	private Map<ConfigurationPropertyName, String> named(Stream<ConfigurationPropertyName> properties) {
		Binder binder = Binder.get(this.environment);
		Map<ConfigurationPropertyName, String> named = new TreeMap<>();
		properties.distinct().forEach((property) -> {
			String name = value(property, binder);
			if (StringUtils.hasText(name) && isOfIdentity(name)) {
				named.put(property, name);
			}
		});
		return named;
	}

	/**
	 * Return what a property is in the end, which may be nothing, since a source of
	 * higher precedence counts.
	 */
	private static @Nullable String value(ConfigurationPropertyName property, Binder binder) {
		try {
			return binder.bind(property, Bindable.of(String.class)).orElse(null);
		}
		catch (BindException ex) {
			// whoever needs it notices
			return null;
		}
	}

	private boolean isOfIdentity(String name) {
		SslBundles bundles = this.beanFactory.getBeanProvider(SslBundles.class).getIfUnique();
		return bundles != null && bundles.getBundleNames().contains(name)
				&& bundles.getBundle(name) instanceof SvidSslBundle;
	}

}
