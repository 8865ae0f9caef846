package dev.psat.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The machine that the figures were measured on.
 */
final class Machine {

	private Machine() {
	}

	static String description() {
		return "%d processors (%s), %s %s, %s %s".formatted(Runtime.getRuntime().availableProcessors(), processor(),
				System.getProperty("os.name"), System.getProperty("os.version").replaceFirst("-.*", ""),
				System.getProperty("java.vm.name"), Runtime.version());
	}

	private static String processor() {
		try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElseGet(Machine::architecture);
		}
		catch (IOException ex) {
			return architecture();
		}
	}

	private static String architecture() {
		return System.getProperty("os.arch");
	}

}
