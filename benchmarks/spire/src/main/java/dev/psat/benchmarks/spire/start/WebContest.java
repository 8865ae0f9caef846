package dev.psat.benchmarks.spire.start;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.psat.benchmarks.spire.start.Contestant.Preparation;
import dev.psat.benchmarks.startup.Jdk;
import dev.psat.benchmarks.startup.WebApplications;

/**
 * The web application that serves its SVID beside the same one with certificates from
 * files, and without TLS.
 */
final class WebContest {

	static final String HTTP = "HTTP";

	static final String PEM = "PEM files";

	static final String SPIRE = "SVID";

	private static final String APPLICATION = "web-application";

	private final List<Contestant> contestants;

	private WebContest(List<Contestant> contestants) {
		this.contestants = contestants;
	}

	static WebContest create(Path directory, World world) throws Exception {
		Jars bare = applicationJars();
		List<String> pem = world.pemProperties();
		return new WebContest(List.of(new Contestant(HTTP, new WebApplications(directory, List.of(), List.of()), bare),
				new Contestant(PEM, new WebApplications(directory, pem, pem), bare),
				spire(directory, world, world.token())));
	}

	static Contestant spire(Path directory, World world, Path token) throws Exception {
		return new Contestant(SPIRE,
				new WebApplications(directory, world.spireProperties(token), world.trainingProperties()),
				applicationJars().and(Jars.of("web-application-with-spire")));
	}

	static Jars applicationJars() throws Exception {
		return Jars.built(APPLICATION).and(Jars.of(APPLICATION));
	}

	/**
	 * Return those that differ in who brings the certificates, and in nothing else.
	 */
	List<Contestant> overTls() {
		return this.contestants.subList(1, this.contestants.size());
	}

	/**
	 * Prepare all ways that the installed JDKs allow. What TLS costs is not ours, so that
	 * the first way is enough for the application without it.
	 * @return the heats, the plain one first
	 * @throws Exception if one cannot be prepared
	 */
	List<Heat> heats() throws Exception {
		Jdk current = Jdk.current();
		List<Heat> heats = new ArrayList<>();
		heats.add(heat("plain", current, this.contestants, (applications, launch) -> launch));
		heats.add(heat("Spring AOT", current, overTls(), WebApplications::springAot));
		Jdk cached = Jdk.withAotCache().orElse(null);
		if (cached != null) {
			if (!cached.equals(current)) {
				heats.add(heat("plain", cached, overTls(), (applications, launch) -> launch));
			}
			heats.add(heat("AOT cache", cached, overTls(), WebApplications::aotCache));
			heats.add(heat("AOT cache of a whole run", cached, overTls(), WebApplications::aotCacheOfWholeRun));
		}
		return heats;
	}

	private static Heat heat(String way, Jdk jdk, List<Contestant> contestants, Preparation preparation)
			throws Exception {
		List<Racer> racers = new ArrayList<>();
		for (Contestant contestant : contestants) {
			racers.add(contestant.racer(jdk, preparation));
		}
		return new Heat("%s, JDK %s".formatted(way, jdk.version()), racers);
	}

}
