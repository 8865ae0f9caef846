package dev.psat.support;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The threads that run now.
 */
public final class RunningThreads {

	private RunningThreads() {
	}

	public static List<Thread> named(String name) {
		return list(name::equals);
	}

	public static List<Thread> beginningWith(String... prefixes) {
		return list((name) -> Stream.of(prefixes).anyMatch(name::startsWith));
	}

	private static List<Thread> list(Predicate<String> name) {
		return Thread.getAllStackTraces().keySet().stream().filter((thread) -> name.test(thread.getName())).toList();
	}

}
