package dev.psat.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A directory that holds a ConfigMap as kubelet mounts it: each key is a link through
 * {@code ..data}, a link that is renamed over to swap all of them at once.
 */
public final class ConfigMapVolume {

	private final Path directory;

	/**
	 * Create a volume without a key.
	 * @param directory the directory, which does not exist yet
	 * @throws IOException if it cannot be created
	 */
	public ConfigMapVolume(Path directory) throws IOException {
		this.directory = Files.createDirectory(directory);
	}

	/**
	 * Let the ConfigMap have this key alone.
	 * @param key the key
	 * @param value its value
	 * @throws IOException if it cannot be written
	 */
	public void write(String key, String value) throws IOException {
		Path next = Files.createDirectory(this.directory.resolve(".." + UUID.randomUUID()));
		Files.writeString(next.resolve(key), value);
		Path data = this.directory.resolve("..data");
		Path before = Files.exists(data) ? data.toRealPath() : null;
		Path link = Files.createSymbolicLink(this.directory.resolve("..data_tmp"), next.getFileName());
		Files.move(link, data, StandardCopyOption.ATOMIC_MOVE);
		if (!Files.isSymbolicLink(path(key))) {
			Files.createSymbolicLink(path(key), Path.of("..data", key));
		}
		if (before != null) {
			Files.deleteIfExists(before.resolve(key));
			Files.delete(before);
		}
	}

	/**
	 * Return the path of a key.
	 * @param key the key
	 * @return the path
	 */
	public Path path(String key) {
		return this.directory.resolve(key);
	}

}
