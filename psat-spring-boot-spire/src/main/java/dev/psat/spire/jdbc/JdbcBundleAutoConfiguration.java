package dev.psat.spire.jdbc;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the connections of the
 * PostgreSQL driver that use the SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass(name = "org.postgresql.Driver")
public final class JdbcBundleAutoConfiguration {

	@Bean
	static DataSourceCheck spireDataSourceCheck(ObjectProvider<JdbcBundles> bundles) {
		return new DataSourceCheck(bundles);
	}

	@Bean
	JdbcBundles spireJdbcBundles(ApplicationContext context, ObjectProvider<SslBundles> bundles) {
		return new JdbcBundles(String.valueOf(context.getId()), context, bundles.getIfUnique());
	}

}
