package dev.psat.spire.autoconfigure.ssl;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.SpireProperties;
import dev.psat.spire.ssl.SvidSslBundle;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.info.SslInfo;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for an {@link SslInfo} that leaves
 * out each {@link SvidSslBundle}. Spring Boot's health indicator expects certificates
 * that live for months, and would list every X.509-SVID as expiring.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class,
		beforeName = { "org.springframework.boot.actuate.autoconfigure.info.InfoContributorAutoConfiguration",
				"org.springframework.boot.health.autoconfigure.application.SslHealthContributorAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.ssl.SslMetricsAutoConfiguration" })
@ConditionalOnClass(name = "org.springframework.boot.health.application.SslHealthIndicator")
@ConditionalOnBean({ SslBundles.class, SpireProperties.class })
public final class SslInfoBundleAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	SslInfo spireSslInfo(SslBundles bundles, SpireProperties properties) {
		return new SslInfo(properties.getBundle().isSslInfo() ? bundles : new OtherSslBundles(bundles));
	}

}
