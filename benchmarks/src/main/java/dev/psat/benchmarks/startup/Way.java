package dev.psat.benchmarks.startup;

import java.util.ArrayList;
import java.util.List;

/**
 * A way to start the application.
 *
 * @param name its name
 * @param launches how to start both variants
 */
record Way(String name, Variants<Launch> launches) {

	/**
	 * Prepare all ways that the installed JDKs allow.
	 * @param applications what prepares them
	 * @return the ways, the plain one first
	 * @throws Exception if one cannot be prepared
	 */
	static List<Way> all(WebApplications applications) throws Exception {
		Jars without = Jars.ofApplication();
		Jars with = without.and(Jars.of("web-application-with-psat"));
		Jdk current = Jdk.current();
		Variants<Launch> plain = new Variants<>(without.on(current), with.on(current));
		List<Way> ways = new ArrayList<>();
		ways.add(of("plain", plain));
		ways.add(of("Spring AOT", plain.inTurn(0, applications::springAot)));
		Jdk cached = Jdk.withAotCache().orElse(null);
		if (cached != null) {
			Variants<Launch> there = new Variants<>(without.on(cached), with.on(cached));
			if (!cached.equals(current)) {
				ways.add(of("plain", there));
			}
			ways.add(of("AOT cache", there.inTurn(0, applications::aotCache)));
		}
		return ways;
	}

	private static Way of(String name, Variants<Launch> launches) {
		return new Way("%s, JDK %s".formatted(name, launches.with().jdk().version()), launches);
	}

}
