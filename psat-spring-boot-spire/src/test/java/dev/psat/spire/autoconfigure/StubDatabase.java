package dev.psat.spire.autoconfigure;

import java.lang.reflect.Proxy;

import javax.sql.DataSource;

/**
 * A {@code DataSource} that is nothing but its name.
 */
final class StubDatabase {

	private StubDatabase() {
	}

	static DataSource named(String name) {
		return (DataSource) Proxy.newProxyInstance(StubDatabase.class.getClassLoader(),
				new Class<?>[] { DataSource.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "hashCode" -> System.identityHashCode(proxy);
					case "toString" -> name;
					default -> null;
				});
	}

}
