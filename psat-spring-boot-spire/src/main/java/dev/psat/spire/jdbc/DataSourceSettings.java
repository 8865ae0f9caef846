package dev.psat.spire.jdbc;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

import javax.sql.CommonDataSource;

import dev.psat.spire.autoconfigure.data.internal.ContainerDetails;
import dev.psat.spire.jdbc.internal.ConnectionSettings;
import dev.psat.spire.jdbc.internal.TlsDemand;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.util.ReflectionUtils;

/**
 * Reads what a {@link CommonDataSource} tells of its connections, by getters that pools
 * and drivers have in common, so that none of them has to be on the class path.
 */
final class DataSourceSettings {

	private static final List<String> URLS = List.of("getJdbcUrl", "getUrl", "getURL");

	private static final String HIKARI = "getDataSourceProperties";

	private static final List<String> PROPERTIES = List.of(HIKARI, "getDbProperties", "getConnectionProperties",
			"getProperties");

	private static final List<String> TARGETS = List.of("getTargetDataSource", "getDataSource",
			"getResolvedDataSources", "getResolvedDefaultDataSource", "getXaDataSource");

	/** A target of Spring's lazy proxy for which there is no getter. */
	private static final String TARGET_FIELD = "readOnlyDataSource";

	private static final ConnectionSettings NONE = ConnectionSettings.of(new Properties());

	private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

	private final List<ConnectionSettings> found = new ArrayList<>();

	private DataSourceSettings() {
	}

	/**
	 * Read the settings of a data source, and of those behind it.
	 * @param dataSource the data source
	 * @return the settings of each
	 */
	static List<ConnectionSettings> of(CommonDataSource dataSource) {
		DataSourceSettings settings = new DataSourceSettings();
		settings.read(dataSource);
		return settings.found;
	}

	/**
	 * Return whether a bean of a type tells the URL of connections that others make.
	 * @param type the type
	 * @return whether it does
	 */
	static boolean haveUrl(Class<?> type) {
		return ConnectionDetails.class.isAssignableFrom(type) && !ContainerDetails.isType(type)
				&& ReflectionUtils.findMethod(type, "getJdbcUrl") != null;
	}

	/**
	 * Read the settings of the URL of a bean that {@link #haveUrl has one}.
	 * @param bean the bean
	 * @return the settings, none if it does not tell it
	 */
	static List<ConnectionSettings> ofUrl(Object bean) {
		return (get(bean, "getJdbcUrl") instanceof String url) ? List.of(ConnectionSettings.ofUrl(url)) : List.of();
	}

	/**
	 * Return the URLs that a bean tells itself.
	 * @param bean the bean
	 * @return the URLs
	 */
	static List<String> urls(Object bean) {
		return URLS.stream()
			.map((getter) -> get(bean, getter))
			.filter(String.class::isInstance)
			.map(String.class::cast)
			.toList();
	}

	/**
	 * Add a property to the connections of a pool, if it passes on what it does not know.
	 * @param dataSource the pool
	 * @param name the name of the property
	 * @param value its value
	 */
	static void add(CommonDataSource dataSource, String name, String value) {
		if (get(dataSource, "getJdbcUrl") != null && get(dataSource, "getDataSourceClassName") == null
				&& get(dataSource, "getDataSource") == null
				&& get(dataSource, HIKARI) instanceof Properties properties) {
			properties.setProperty(name, value);
		}
	}

	private void read(@Nullable Object target) {
		if (target instanceof Map<?, ?> several) {
			several.values().forEach(this::read);
		}
		else if (target instanceof SpringProxy) {
			// any other target may be a bean that does not exist yet
			read(AopProxyUtils.getSingletonTarget(target));
		}
		else if (target instanceof CommonDataSource && this.seen.add(target)) {
			readOwn(target);
			TARGETS.forEach((getter) -> read(get(target, getter)));
			read(field(target));
		}
	}

	private void readOwn(Object target) {
		ConnectionSettings urls = NONE;
		for (String getter : URLS) {
			urls = (get(target, getter) instanceof String url) ? urls.and(ConnectionSettings.ofUrl(url)) : urls;
		}
		ConnectionSettings properties = NONE;
		for (String getter : PROPERTIES) {
			if (get(target, getter) instanceof Properties more) {
				properties = properties.and(ConnectionSettings.of(getter.equals(HIKARI) ? written(more) : more));
			}
		}
		if (get(target, "getDataSourceClassName") == null) {
			this.found.add(urls.and(properties));
		}
		else {
			// the pool does not use its URL
			this.found.add(urls);
			this.found.add(TlsDemand.ofSetters(properties));
		}
	}

	/**
	 * Return properties as HikariCP writes them: those that are no strings as well, which
	 * the driver would ignore.
	 */
	private static Properties written(Properties properties) {
		Properties written = new Properties();
		properties.forEach((name, value) -> written.setProperty(name.toString(), value.toString()));
		return written;
	}

	private static @Nullable Object field(Object target) {
		try {
			Field field = ReflectionUtils.findField(target.getClass(), TARGET_FIELD);
			if (field != null) {
				ReflectionUtils.makeAccessible(field);
				return field.get(target);
			}
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			// what it does not tell is not seen
		}
		return null;
	}

	private static @Nullable Object get(Object target, String getter) {
		try {
			Method method = ReflectionUtils.findMethod(target.getClass(), getter);
			if (method != null) {
				ReflectionUtils.makeAccessible(method);
				return method.invoke(target);
			}
		}
		catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
			// what it does not tell is not seen
		}
		return null;
	}

}
