package dev.psat.spire.autoconfigure;

import java.util.Map;

import dev.psat.autoconfigure.UnsupportedSpringBootException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Takes the place of what looks after an SSL bundle of the SPIRE identity where Spring
 * Boot's classes are not the ones that it needs: fails the start if a property gives such
 * a bundle to it. Public only for the auto-configuration of servers and clients.
 *
 * @since 0.1.0
 */
public final class UnknownSpringBoot implements BeanFactoryInitializer<ListableBeanFactory> {

	private final BundleUse use;

	private final @Nullable ListableBeanFactory spared;

	/**
	 * Create the rule.
	 * @param use what nothing looks after
	 */
	public UnknownSpringBoot(BundleUse use) {
		this(use, null);
	}

	private UnknownSpringBoot(BundleUse use, @Nullable ListableBeanFactory spared) {
		this.use = use;
		this.spared = spared;
	}

	/**
	 * Create the rule for child contexts alone.
	 * @param parent the bean factory to which it does not apply
	 * @param use what nothing looks after
	 * @return the rule
	 */
	public static UnknownSpringBoot below(ListableBeanFactory parent, BundleUse use) {
		return new UnknownSpringBoot(use, parent);
	}

	/**
	 * Check the properties before anything can connect.
	 * @param beanFactory the bean factory of any context
	 * @throws UnsupportedSpringBootException if one of them names a bundle
	 */
	@Override
	public void initialize(ListableBeanFactory beanFactory) {
		if (beanFactory == this.spared) {
			return;
		}
		for (Map.Entry<ConfigurationPropertyName, String> named : new NamedBundles(beanFactory).of(this.use)
			.entrySet()) {
			throw refusal(
					"'%s' names the SSL bundle '%s' of the SPIRE identity".formatted(named.getKey(), named.getValue()),
					this.use.toString());
		}
	}

	/**
	 * Create the exception for what an unknown version of Spring Boot gives a bundle to.
	 * @param problem who has the bundle
	 * @param use what Spring Boot makes of it
	 * @return the exception
	 */
	public static UnsupportedSpringBootException refusal(String problem, String use) {
		return new UnsupportedSpringBootException(
				"%s, but Spring Boot %s is not known to this version of psat-spring-boot: nothing would look after %s."
					.formatted(problem, SpringBootVersion.getVersion(), use),
				"Use a version of psat-spring-boot that supports this Spring Boot, or a Spring Boot that this version supports. If only Spring Boot's module for %s is missing, add it. Or use another SSL bundle there."
					.formatted(use));
	}

}
