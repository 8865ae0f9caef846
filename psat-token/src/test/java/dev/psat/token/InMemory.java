package dev.psat.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Makes temporary directories in memory where there is such a file system, since
 * kubelet's volumes are in memory too.
 */
final class InMemory implements TempDirFactory {

	private static final Path MEMORY = Path.of("/dev/shm");

	@Override
	public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
		boolean usable = Files.isDirectory(MEMORY) && Files.isWritable(MEMORY);
		return usable ? Files.createTempDirectory(MEMORY, "psat-") : Files.createTempDirectory("psat-");
	}

}
