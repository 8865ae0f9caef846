package dev.psat.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import dev.psat.test.SimulatedKubelet;

/**
 * A projected volume, and a user's link to the token in it.
 */
final class Volume implements AutoCloseable {

	private static final Path DATA_LINK = Path.of("..data", "spire-agent");

	private final Path root;

	private final Path mount;

	private final Path userLink;

	private final SimulatedKubelet kubelet;

	Volume(Path root) throws IOException {
		this.root = root;
		this.mount = this.root.resolve("mount");
		this.kubelet = SimulatedKubelet.builder().directory(this.mount).build();
		this.userLink = Files.createDirectory(this.root.resolve("user")).resolve("token");
		Files.createSymbolicLink(this.userLink, path());
	}

	/**
	 * Return the directory of everything, in which a fault can create what it needs.
	 * @return the directory
	 */
	Path root() {
		return this.root;
	}

	Path mount() {
		return this.mount;
	}

	/**
	 * Return where the token is.
	 * @return its path in the mount directory
	 */
	Path path() {
		return this.kubelet.tokenPath();
	}

	Path userLink() {
		return this.userLink;
	}

	/**
	 * Swap in any content, as kubelet does.
	 * @param content the content
	 */
	void write(String content) {
		this.kubelet.write(content.getBytes(StandardCharsets.ISO_8859_1));
	}

	/**
	 * Replace kubelet's link by a file.
	 * @param content the content of the file
	 * @return the file
	 * @throws IOException if that fails
	 */
	Path replaceLinkByFile(String content) throws IOException {
		Path copy = Files.writeString(this.mount.resolve("copy"), content);
		return Files.move(copy, path(), StandardCopyOption.ATOMIC_MOVE);
	}

	/**
	 * Remove what is at the path, even kubelet's link.
	 */
	void removeToken() {
		this.kubelet.removeToken();
	}

	/**
	 * Remove what is at the path unless it is kubelet's link.
	 * @throws IOException if that fails
	 */
	void clear() throws IOException {
		boolean link = Files.isSymbolicLink(path()) && Files.readSymbolicLink(path()).equals(DATA_LINK);
		if (!link && Files.exists(path(), LinkOption.NOFOLLOW_LINKS)) {
			removeToken();
		}
	}

	@Override
	public void close() {
		this.kubelet.close();
	}

}
