package dev.psat.benchmarks.notice;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.psat.benchmarks.Medium;
import dev.psat.benchmarks.WorkDirectory;

/**
 * A volume and its reader.
 *
 * @param medium the name of the medium that the volume is on
 * @param ours whether the reader is the library
 * @param volume the volume
 * @param reader the reader
 */
record Candidate(String medium, boolean ours, TokenVolume volume, TokenReader reader) {

	/**
	 * Create the library and the floor on every medium.
	 * @param work where to put their volumes
	 * @param tokens issues tokens
	 * @return the candidates
	 * @throws Exception if a volume cannot be written
	 */
	static List<Candidate> all(WorkDirectory work, Supplier<String> tokens) throws Exception {
		List<Candidate> all = new ArrayList<>();
		for (Medium medium : Medium.all()) {
			Path directory = work.on(medium);
			for (boolean ours : new boolean[] { true, false }) {
				TokenVolume volume = new TokenVolume(directory, "token", bytes(tokens.get()));
				all.add(new Candidate(medium.name(), ours, volume,
						work.closing(ours ? new Ours(volume.path()) : new Floor(volume.path()))));
			}
		}
		return all;
	}

	static byte[] bytes(String token) {
		return token.getBytes(StandardCharsets.US_ASCII);
	}

}
