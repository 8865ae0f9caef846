package dev.psat.spire.autoconfigure;

import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.core.env.Environment;

/**
 * For an SSL bundle of ours, which is always there unless the auto-configuration is not,
 * as in the slices of tests. For any other name it tells ours, one of which may be meant.
 */
class MissingBundleFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchSslBundleException> {

	private static final String DEFAULT_NAME = "spire";

	private static final String IN_A_SLICE = """
			A slice of a test leaves it out. Add dev.psat:psat-spring-boot-spire-test and, to the test class,

			    @Import(SimulatedSpireServerConfiguration.class)
			    @ImportAutoConfiguration({ SslAutoConfiguration.class, SpireAutoConfiguration.class })

			or do without the SSL bundle there. Anywhere else, do not exclude SpireAutoConfiguration.""";

	private static final String OTHER_BUNDLES = "Let that bean have the SSL bundle, too: inject the SpiffeSslBundle. Or use Spring Boot's, with an SslBundleRegistrar for those of the application.";

	private final Environment environment;

	private final BeanFactory beanFactory;

	MissingBundleFailureAnalyzer(Environment environment, BeanFactory beanFactory) {
		this.environment = environment;
		this.beanFactory = beanFactory;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchSslBundleException cause) {
		String missing = cause.getBundleName();
		Binder binder = Binder.get(this.environment);
		String own = binder.bind("spire.bundle.name", String.class).orElse(DEFAULT_NAME);
		Set<String> identityBundles = identityBundles(binder);
		if (missing.equals(own) || identityBundles.contains(missing)) {
			if (this.beanFactory.containsBean("spireWiring")) {
				return analysis(missing, "an SslBundles bean of the application was asked, which does not have it",
						OTHER_BUNDLES, cause);
			}
			return analysis(missing, "SpireAutoConfiguration, which registers it, is not part of this application",
					IN_A_SLICE, cause);
		}
		if (missing.equals(DEFAULT_NAME)) {
			return analysis(missing, "that of the SPIRE identity is named '%s', by 'spire.bundle.name'".formatted(own),
					"Use the name '%s', or remove 'spire.bundle.name'.".formatted(own), cause);
		}
		return this.beanFactory.containsBean("spireWiring")
				? analysis(missing, "there is none of that name", advice(own, identityBundles), cause) : null;
	}

	private static String advice(String own, Set<String> identityBundles) {
		return "Correct the name, or configure the SSL bundle with 'spring.ssl.bundle'. That of the SPIRE identity is '%s'%s."
			.formatted(own, identityBundles.isEmpty() ? ""
					: ", and its identity bundles are '%s'".formatted(String.join("', '", identityBundles)));
	}

	private static Set<String> identityBundles(Binder binder) {
		return binder.bind("spire.identity-bundles", Bindable.mapOf(String.class, Object.class))
			.<Set<String>>map((bundles) -> new TreeSet<>(bundles.keySet()))
			.orElse(Set.of());
	}

	private static FailureAnalysis analysis(String missing, String reason, String action, Throwable cause) {
		return new FailureAnalysis("The SSL bundle '%s' cannot be found: %s.".formatted(missing, reason), action,
				cause);
	}

}
