package dev.psat.test;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A writer that is unaware of {@code AtomicWriter}: it truncates the file at the path and
 * writes into it. Not thread-safe.
 */
final class InPlaceWriter {

	private final ProjectedVolume volume;

	InPlaceWriter(ProjectedVolume volume) {
		this.volume = volume;
	}

	/**
	 * Write a token in three pieces, cut inside the claims and inside the signature.
	 * @param token the token
	 * @param pause what to do after the first and after the second piece
	 * @throws IOException if the file cannot be written
	 */
	void write(String token, Runnable pause) throws IOException {
		int inClaims = startOfSignature(token) / 2;
		int inSignature = middleOfSignature(token);
		replaceLinkByCopy();
		try (OutputStream out = Files.newOutputStream(this.volume.itemPath())) {
			out.write(bytes(token.substring(0, inClaims)));
			pause.run();
			out.write(bytes(token.substring(inClaims, inSignature)));
			pause.run();
			out.write(bytes(token.substring(inSignature)));
		}
	}

	/**
	 * Write a token up to the middle of its signature.
	 * @param token the token
	 * @return the content of the file
	 * @throws IOException if the file cannot be written
	 */
	String writeTorn(String token) throws IOException {
		String torn = token.substring(0, middleOfSignature(token));
		replaceLinkByCopy();
		Files.write(this.volume.itemPath(), bytes(torn));
		return torn;
	}

	private static int startOfSignature(String token) {
		return token.lastIndexOf('.') + 1;
	}

	private static int middleOfSignature(String token) {
		return (startOfSignature(token) + token.length()) / 2;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private void replaceLinkByCopy() throws IOException {
		Path item = this.volume.itemPath();
		Path link = this.volume.link();
		if (Files.exists(link) && !Files.isSymbolicLink(link)) {
			return;
		}
		Path copy = link.resolveSibling("..copy_tmp");
		Path copiedItem = copy.resolve(link.relativize(item));
		Files.createDirectories(copiedItem.getParent());
		if (Files.exists(item)) {
			Files.copy(item, copiedItem);
		}
		if (Files.isDirectory(copy)) {
			Files.deleteIfExists(link);
		}
		if (Files.exists(copy)) {
			Files.move(copy, link, StandardCopyOption.ATOMIC_MOVE);
		}
	}

}
