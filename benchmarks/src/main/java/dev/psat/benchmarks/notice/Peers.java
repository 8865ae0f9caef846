package dev.psat.benchmarks.notice;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.psat.benchmarks.TokenVolume;

/**
 * Sets up contests against peers that notice changes in other ways.
 */
final class Peers implements AutoCloseable {

	private static final List<String> ITEMS = List.of("token", "psat/token");

	private final Workplace workplace;

	private final Path directory;

	private final Supplier<String> tokens;

	private final List<AutoCloseable> peers = new ArrayList<>();

	Peers(Workplace workplace, Path directory, Supplier<String> tokens) {
		this.workplace = workplace;
		this.directory = directory;
		this.tokens = tokens;
	}

	/**
	 * Begin all tournaments.
	 * @param rotations the number of rotations of each
	 * @return the tournaments
	 * @throws Exception if that fails
	 */
	List<Tournament> begin(int rotations) throws Exception {
		Iterator<Content> certificates = Certificates.make(rotations + 1, this.directory).iterator();
		Iterator<Content> tokens = Stream.generate(this.tokens).limit(rotations + 1L).map(Content::token).iterator();
		return List.of(
				tournament("Spring Boot's SSL bundle", certificates, BootBundle::new, Duration.ofSeconds(12),
						Duration.ofSeconds(20)),
				tournament("Kubernetes client", tokens, KubernetesRequests::new, Duration.ofSeconds(61),
						Duration.ofSeconds(75)));
	}

	private Tournament tournament(String peer, Iterator<Content> contents,
			BiFunction<Path, Sightings, AutoCloseable> opener, Duration least, Duration most) throws IOException {
		Content first = contents.next();
		List<Contest> contests = new ArrayList<>();
		for (String item : ITEMS) {
			TokenVolume volume = new TokenVolume(this.directory, item, first.bytes());
			Sightings sightings = new Sightings();
			this.peers.add(opener.apply(volume.path(), sightings));
			contests.add(new Contest("%s, `%s`".formatted(peer, item), volume, sightings, ours(item)));
		}
		return new Tournament(contests, contents, this.tokens, least, most);
	}

	@Override
	public void close() throws Exception {
		for (AutoCloseable peer : this.peers) {
			peer.close();
		}
	}

	private Candidate ours(String item) throws IOException {
		TokenVolume volume = new TokenVolume(this.directory, item, Content.token(this.tokens.get()).bytes());
		return new Candidate(volume, this.workplace.closing(new Ours(volume.path())));
	}

}
