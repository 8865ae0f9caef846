package dev.psat.benchmarks.spire.start;

import java.io.IOException;
import java.util.Locale;

import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.jvm.Jars;

/**
 * What is added to the class path of the web application.
 */
final class SizeTable {

	private SizeTable() {
	}

	static Jars application() throws IOException {
		return Jars.of("web-application");
	}

	static Table of() throws IOException {
		Jars application = Jars.ofApplication();
		Jars starter = Jars.of("web-application-with-spire").without(application);
		Jars javaSpiffe = Jars.of("web-application-with-java-spiffe").without(application);
		Table table = new Table("", "jars", "of third parties", "MB", "of third parties, MB");
		row(table, "the SPIRE starter", starter);
		row(table, "java-spiffe 0.8.17, which needs an agent", javaSpiffe);
		return table;
	}

	private static void row(Table table, String name, Jars jars) {
		table.row(name, jars.count(), jars.ofThirdParties().count(), megabytes(jars), megabytes(jars.ofThirdParties()));
	}

	static String megabytes(Jars jars) {
		return String.format(Locale.ROOT, "%.1f MB", jars.bytes() / 1e6);
	}

}
