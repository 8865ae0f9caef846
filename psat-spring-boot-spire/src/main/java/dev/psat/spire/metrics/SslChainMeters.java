package dev.psat.spire.metrics;

import dev.psat.spire.autoconfigure.SpireProperties;
import dev.psat.spire.ssl.SvidSslBundle;
import io.micrometer.core.instrument.Meter;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;

/**
 * Recognizes Spring Boot's meters of the chains of a {@link SvidSslBundle}, which have
 * the serial number as a tag, so that each X.509-SVID would start a new time series.
 */
final class SslChainMeters {

	private final ObjectProvider<SslBundles> bundles;

	private final ObjectProvider<SpireProperties> properties;

	SslChainMeters(ObjectProvider<SslBundles> bundles, ObjectProvider<SpireProperties> properties) {
		this.bundles = bundles;
		this.properties = properties;
	}

	/**
	 * Return whether a meter is unwanted.
	 * @param id the meter
	 * @return whether it describes our chain, and no property asks for that
	 */
	boolean isUnwanted(Meter.Id id) {
		return id.getName().startsWith("ssl.chain") && isOurs(id.getTag("bundle"))
				&& this.properties.stream().noneMatch((properties) -> properties.getBundle().isSslInfo());
	}

	private boolean isOurs(@Nullable String name) {
		return name != null && this.bundles.stream()
			.anyMatch((bundles) -> bundles.getBundleNames().contains(name)
					&& bundles.getBundle(name) instanceof SvidSslBundle);
	}

}
