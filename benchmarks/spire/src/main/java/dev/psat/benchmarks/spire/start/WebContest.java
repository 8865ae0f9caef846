package dev.psat.benchmarks.spire.start;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.psat.benchmarks.spire.start.Contestant.Preparation;
import dev.psat.benchmarks.startup.Jars;
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

	private final List<Contestant> contestants;

	private WebContest(List<Contestant> contestants) {
		this.contestants = contestants;
	}

	static WebContest create(Path directory, World world) throws Exception {
		Jars bare = Jars.ofApplication();
		List<String> pem = world.pemProperties();
		return new WebContest(List.of(new Contestant(HTTP, new WebApplications(directory, List.of(), List.of()), bare),
				new Contestant(PEM, new WebApplications(directory, pem, pem), bare),
				spire(directory, world, world.token())));
	}

	static Contestant spire(Path directory, World world, Path token) throws Exception {
		return new Contestant(SPIRE,
				new WebApplications(directory, world.spireProperties(token), world.trainingProperties()),
				Jars.ofApplication().and(Jars.of("web-application-with-spire")));
	}

	/**
	 * Prepare all ways that the installed JDKs allow.
	 * @return the heats, the plain one first
	 * @throws Exception if one cannot be prepared
	 */
	List<Heat> heats() throws Exception {
		Jdk current = Jdk.current();
		List<Heat> heats = new ArrayList<>();
		heats.add(heat("plain", current, Preparation.NONE));
		heats.add(heat("Spring AOT", current, WebApplications::springAot));
		Jdk cached = Jdk.withAotCache().orElse(null);
		if (cached != null) {
			if (!cached.equals(current)) {
				heats.add(heat("plain", cached, Preparation.NONE));
			}
			heats.add(heat("AOT cache", cached, WebApplications::aotCache));
			heats.add(heat("AOT cache of a whole run", cached, WebApplications::aotCacheOfWholeRun));
		}
		return heats;
	}

	private Heat heat(String way, Jdk jdk, Preparation preparation) throws Exception {
		List<Racer> racers = new ArrayList<>();
		for (Contestant contestant : this.contestants) {
			racers.add(contestant.racer(jdk, preparation));
		}
		return new Heat("%s, JDK %s".formatted(way, jdk.version()), racers);
	}

}
