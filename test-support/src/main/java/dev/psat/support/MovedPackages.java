package dev.psat.support;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packages that a later version of Spring Boot would have moved: their names are replaced
 * byte for byte, in class files and in whatever else names their classes.
 */
final class MovedPackages {

	private static final String SPRING_BOOT = "org.springframework.boot.";

	/** What replaces what, of the same length. */
	private final Map<String, String> names = new LinkedHashMap<>();

	/**
	 * Move packages.
	 * @param packages their names below that of Spring Boot
	 */
	MovedPackages(String... packages) {
		for (String name : packages) {
			String from = SPRING_BOOT + name;
			String to = SPRING_BOOT + "x" + name.substring(1);
			this.names.put(from, to);
			this.names.put(from.replace('.', '/'), to.replace('.', '/'));
		}
	}

	/**
	 * Copy a jar in which they are elsewhere.
	 */
	Path in(Path jar, Path directory) {
		Path copy = directory.resolve(jar.getFileName());
		try (JarFile original = new JarFile(jar.toFile());
				OutputStream file = Files.newOutputStream(copy);
				ZipOutputStream moved = new ZipOutputStream(file)) {
			moved.setLevel(Deflater.NO_COMPRESSION);
			for (Enumeration<? extends ZipEntry> entries = original.entries(); entries.hasMoreElements();) {
				ZipEntry entry = entries.nextElement();
				moved.putNextEntry(new ZipEntry(move(entry.getName())));
				byte[] content = original.getInputStream(entry).readAllBytes();
				moved.write(
						move(new String(content, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1));
				moved.closeEntry();
			}
			return copy;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private String move(String content) {
		String moved = content;
		for (Map.Entry<String, String> name : this.names.entrySet()) {
			moved = moved.replace(name.getKey(), name.getValue());
		}
		return moved;
	}

}
