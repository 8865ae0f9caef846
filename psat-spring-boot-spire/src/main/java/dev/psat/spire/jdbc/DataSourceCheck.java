package dev.psat.spire.jdbc;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import javax.sql.CommonDataSource;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.autoconfigure.internal.ClientCheck;
import dev.psat.spire.autoconfigure.internal.ClientCheck.Refusal;
import dev.psat.spire.autoconfigure.internal.SvidBundles;
import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Connections by the {@link SpiffeSocketFactory} have to demand TLS, since the driver
 * asks the socket factory only once TLS is agreed.
 */
final class DataSourceCheck extends ClientCheck {

	private static final String FACTORY = SpiffeSocketFactory.class.getSimpleName();

	private static final Set<String> OF_THE_JVM = Set.of("java", "jdk", "sun");

	private final ObjectProvider<LiveBundles> live;

	private final ObjectProvider<SslBundles> bundles;

	private final Environment environment;

	DataSourceCheck(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		super(beanFactory, ConnectionDetails.class);
		this.live = beanFactory.getBeanProvider(LiveBundles.class);
		this.bundles = beanFactory.getBeanProvider(SslBundles.class);
		this.environment = environment;
	}

	@Override
	protected boolean tells(Class<?> type) {
		return ClassUtils.hasMethod(type, DataSourceSettings.URL);
	}

	@Override
	protected void check(Object bean, String name) {
		if (bean instanceof CommonDataSource dataSource) {
			if (check(settings(dataSource, name), dataSource, name)) {
				DataSourceSettings.add(dataSource, LiveBundles.CONTEXT, this.live.getObject().key());
			}
		}
		else if (bean instanceof ConnectionDetails && tells(bean.getClass())) {
			check(List.of(ConnectionSettings.ofUrls(DataSourceSettings.urls(bean))), bean, name);
		}
	}

	/** Commons DBCP has no public getter for what Spring Boot binds it to. */
	private List<ConnectionSettings> settings(CommonDataSource dataSource, String name) {
		String dbcp = isOfSpringBoot(name) && dataSource.getClass().getName().startsWith("org.apache.commons.dbcp2.")
				? this.environment.getProperty("spring.datasource.dbcp2.connection-properties") : null;
		return (dbcp != null)
				? List.of(ConnectionSettings.ofUrls(DataSourceSettings.urls(dataSource))
					.and(ConnectionSettings.ofUrls(List.of("?" + dbcp.replace(';', '&')))))
				: DataSourceSettings.of(dataSource);
	}

	/** Returns whether any of them concern the socket factory. */
	private boolean check(List<ConnectionSettings> settings, Object bean, String name) {
		List<ConnectionSettings> ours = settings.stream().filter(TlsDemand::concerns).toList();
		for (ConnectionSettings each : ours) {
			Refusal names = TlsDemand.checkNames(each);
			Refusal refusal = (names != null) ? names : check(each);
			if (refusal != null) {
				throw failure(refusal, written(bean, name));
			}
		}
		return !ours.isEmpty();
	}

	private @Nullable Refusal check(ConnectionSettings settings) {
		String bundle = String.valueOf(TlsDemand.bundleName(settings));
		SvidSslBundle found = SvidBundles.find(this.bundles.getIfUnique(), bundle);
		return (found != null) ? TlsDemand.checkMode(settings, found) : new Refusal(
				"'sslfactoryarg' is '%s', which is no SSL bundle of the SPIRE identity."
					.formatted(Refusal.quotable(bundle)),
				"Set 'sslfactoryarg' to the name in 'spire.bundle.name', which is 'spire' by default, or to one of 'spire.identity-bundles'.");
	}

	private String written(Object bean, String name) {
		String property = property(DataSourceSettings.urls(bean));
		return (property != null) ? "property '%s'".formatted(property) : "bean '%s'".formatted(name);
	}

	private static PsatStartupException failure(Refusal refusal, String written) {
		return new PsatStartupException("The %s names the %s, but its connections would not be safe: %s"
			.formatted(written, FACTORY, refusal.problem()), refusal.action());
	}

	/**
	 * {@code null} if it could be one of several.
	 */
	private @Nullable String property(List<String> urls) {
		boolean byUrl = urls.stream().anyMatch((url) -> url.contains(FACTORY));
		Set<String> found = new LinkedHashSet<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream()
					.filter(DataSourceCheck::isWritten)
					.map(source::getConfigurationProperty)
					.forEach((property) -> {
						String value = value(property);
						if (property != null && value.contains(FACTORY) && (!byUrl || urls.contains(value))) {
							found.add(property.getName().toString());
						}
					});
			}
		}
		return (found.size() == 1) ? found.iterator().next() : null;
	}

	/** The JVM repeats the whole command line in {@code sun.java.command}. */
	private static boolean isWritten(ConfigurationPropertyName name) {
		return name.isEmpty() || !OF_THE_JVM.contains(name.getElement(0, Form.UNIFORM));
	}

	private String value(@Nullable ConfigurationProperty property) {
		return (property != null && property.getValue() instanceof CharSequence value)
				? this.environment.resolvePlaceholders(value.toString()) : "";
	}

}
