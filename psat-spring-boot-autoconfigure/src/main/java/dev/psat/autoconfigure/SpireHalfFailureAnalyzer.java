package dev.psat.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.core.env.Environment;

/** The SSL bundle of the SPIRE half is asked for where that is not there. */
class SpireHalfFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchSslBundleException> {

	private final Environment environment;

	SpireHalfFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchSslBundleException cause) {
		String missing = cause.getBundleName();
		if (SpireHalfCheck.isPresent(getClass().getClassLoader())
				|| !missing.equals(this.environment.getProperty("spire.bundle.name", "spire"))) {
			return null;
		}
		return new FailureAnalysis(
				"The SSL bundle '%s' cannot be found: it is that of the SPIRE half of psat-spring-boot, which is not part of this application."
					.formatted(missing),
				SpireHalfCheck.ACTION + " Or configure the SSL bundle with 'spring.ssl.bundle'.", cause);
	}

}
