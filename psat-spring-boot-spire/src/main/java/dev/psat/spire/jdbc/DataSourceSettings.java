package dev.psat.spire.jdbc;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

import javax.sql.CommonDataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Reads what a data source tells of its connections, by public getters that pools and
 * drivers have in common, so that none of them has to be on the class path.
 */
final class DataSourceSettings {

	/** That of connection details, and of HikariCP. */
	static final String URL = "getJdbcUrl";

	private static final List<String> URLS = List.of(URL, "getUrl", "getURL");

	private static final String HIKARI = "getDataSourceProperties";

	private static final List<String> PROPERTIES = List.of(HIKARI, "getDbProperties", "getConnectionProperties",
			"getProperties");

	private static final List<String> TARGETS = List.of("getTargetDataSource", "getDataSource",
			"getResolvedDataSources", "getResolvedDefaultDataSource", "getXaDataSource");

	private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

	private final List<ConnectionSettings> found = new ArrayList<>();

	private DataSourceSettings() {
	}

	static List<ConnectionSettings> of(CommonDataSource dataSource) {
		DataSourceSettings settings = new DataSourceSettings();
		settings.read(dataSource);
		return settings.found;
	}

	static List<String> urls(Object bean) {
		return URLS.stream()
			.map((getter) -> get(bean, getter))
			.filter(String.class::isInstance)
			.map(String.class::cast)
			.toList();
	}

	/** For what passes on the properties that it does not know. */
	static void add(CommonDataSource dataSource, String name, String value) {
		if (get(dataSource, URL) != null && get(dataSource, "getDataSourceClassName") == null
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
		}
	}

	private void readOwn(Object target) {
		ConnectionSettings urls = ConnectionSettings.ofUrls(urls(target));
		ConnectionSettings properties = ConnectionSettings.NONE;
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
	 * HikariCP passes on those that are no strings as well, which the driver would
	 * ignore.
	 */
	private static Properties written(Properties properties) {
		Properties written = new Properties();
		properties.forEach((name, value) -> written.setProperty(name.toString(), value.toString()));
		return written;
	}

	private static @Nullable Object get(Object target, String getter) {
		Method method = ClassUtils.getMethodIfAvailable(target.getClass(), getter);
		try {
			if (method != null) {
				// public, but perhaps of a class that is not
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
