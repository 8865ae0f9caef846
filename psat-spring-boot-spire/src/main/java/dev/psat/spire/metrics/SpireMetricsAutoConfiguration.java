package dev.psat.spire.metrics;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.psat.concurrent.internal.Time;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.SpireProperties;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the meters of the SPIRE identity
 * and its SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnSingleCandidate(SpireIdentity.class)
public final class SpireMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "spireMeters")
	SpireMeters spireMeters(SpireIdentity identity) {
		return new SpireMeters(identity, Time.ofSystem().clock());
	}

	@Bean
	@ConditionalOnSingleCandidate(SpiffeSslBundle.class)
	@ConditionalOnMissingBean(name = "spireBundleMeters")
	BundleMeters spireBundleMeters(SpireIdentity identity, SpiffeSslBundle bundle,
			ObjectProvider<SpireProperties> properties, ObjectProvider<SpireWiring> wiring) {
		return new BundleMeters(identity, bundle, () -> byName(bundle, properties, wiring));
	}

	private static Map<String, SvidSslBundle> byName(SpiffeSslBundle bundle, ObjectProvider<SpireProperties> properties,
			ObjectProvider<SpireWiring> wiring) {
		Map<String, SvidSslBundle> bundles = new LinkedHashMap<>();
		wiring.ifAvailable((present) -> bundles.putAll(present.identityBundles()));
		bundles.put(properties.stream().map((present) -> present.getBundle().getName()).findFirst().orElse("spire"),
				bundle);
		return bundles;
	}

	/**
	 * Of the meters that others make of our certificates and observations, which count
	 * the same.
	 */
	@Bean
	@ConditionalOnMissingBean(name = "spireMeterFilter")
	static MeterFilter spireMeterFilter(ObjectProvider<SslBundles> bundles,
			ObjectProvider<SpireProperties> properties) {
		return MeterFilter.deny(
				(meter) -> meter.getName().startsWith(SpireObservations.PREFIX) || isChain(meter, bundles, properties));
	}

	/**
	 * Spring Boot's for a chain of ours has the serial number as a tag: without a
	 * property that asks for it, each X.509-SVID would start a new time series.
	 */
	private static boolean isChain(Meter.Id meter, ObjectProvider<SslBundles> bundles,
			ObjectProvider<SpireProperties> properties) {
		String name = meter.getName().startsWith("ssl.chain") ? meter.getTag("bundle") : null;
		return name != null && bundles.stream().anyMatch((present) -> isOurs(present, name))
				&& properties.stream().noneMatch((present) -> present.getBundle().isSslInfo());
	}

	private static boolean isOurs(SslBundles bundles, String name) {
		return bundles.getBundleNames().contains(name) && bundles.getBundle(name) instanceof SvidSslBundle;
	}

}
