package dev.psat.spire.autoconfigure.internal;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/**
 * Keeps Spring Boot's auto-configuration of databases, Kafka and RabbitMQ, which is on
 * the class path of these tests alone, out of their applications: without a database they
 * would not start, and without a broker they are not healthy. A test that wants it names
 * it.
 */
class NoDatabases implements AutoConfigurationImportFilter {

	private static final Set<String> DATABASES = Set.of("jdbc", "flyway", "data", "sql", "transaction", "persistence",
			"kafka", "amqp");

	@Override
	public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[classes.length];
		for (int i = 0; i < classes.length; i++) {
			String name = classes[i];
			matches[i] = name != null && DATABASES.stream()
				.noneMatch((module) -> name.startsWith("org.springframework.boot." + module + "."));
		}
		return matches;
	}

}
