package dev.psat.benchmarks.jvm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.benchmarks.Turns;

/**
 * A way to start programs.
 *
 * @param name its name
 * @param jdk on what
 * @param preparation what is done before
 */
public record Way(String name, Jdk jdk, Preparation preparation) {

	/** What programs without Spring cannot have. */
	private static final String SPRING_AOT = "Spring AOT";

	/**
	 * Return the ways to start an application that the installed JDKs allow.
	 * @return the ways, the plain one first
	 * @throws IOException if the JDKs cannot be listed
	 */
	public static List<Way> all() throws IOException {
		Jdk current = Jdk.current();
		List<Way> ways = new ArrayList<>();
		ways.add(of("plain", current, (launch) -> launch));
		ways.add(of(SPRING_AOT, current, Launch::springAot));
		Jdk cached = Jdk.withAotCache().orElse(null);
		if (cached != null) {
			if (!cached.equals(current)) {
				ways.add(of("plain", cached, (launch) -> launch));
			}
			ways.add(of("AOT cache", cached, Launch::aotCache));
		}
		return ways;
	}

	/**
	 * Return the same for a program that does without Spring.
	 * @return the ways, the plain one first
	 * @throws IOException if the JDKs cannot be listed
	 */
	public static List<Way> withoutSpring() throws IOException {
		return all().stream().filter((way) -> !way.name.startsWith(SPRING_AOT)).toList();
	}

	/**
	 * Create a way.
	 * @param name its name, without the JDK
	 * @param jdk on what
	 * @param preparation what is done before
	 * @return the way
	 */
	public static Way of(String name, Jdk jdk, Preparation preparation) {
		return new Way("%s, JDK %s".formatted(name, jdk.version()), jdk, preparation);
	}

	/**
	 * Prepare programs that are started in turns.
	 * @param programs the programs by name
	 * @return how to start each
	 * @throws Exception if one cannot be prepared
	 */
	public Turns<String, Launch> turns(Map<String, Program> programs) throws Exception {
		Map<String, Launch> launches = new LinkedHashMap<>();
		for (Map.Entry<String, Program> program : programs.entrySet()) {
			launches.put(program.getKey(), this.preparation.prepare(program.getValue().on(this.jdk)));
		}
		return new Turns<>(this.name, launches);
	}

	/**
	 * Prepares what is started.
	 */
	@FunctionalInterface
	public interface Preparation {

		/**
		 * Prepare a program.
		 * @param launch how to start it so far
		 * @return how to start it with what was prepared
		 * @throws Exception if it cannot be prepared
		 */
		Launch prepare(Launch launch) throws Exception;

	}

}
