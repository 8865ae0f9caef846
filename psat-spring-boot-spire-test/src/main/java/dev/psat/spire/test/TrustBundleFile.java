package dev.psat.spire.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary file with the trust bundle of a server.
 */
record TrustBundleFile(Path path) implements AutoCloseable {

	static TrustBundleFile of(SimulatedSpireServer server) {
		try {
			Path path = Files.createTempFile("trust-bundle-", ".pem");
			server.writeTrustBundle(path);
			return new TrustBundleFile(path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		Files.deleteIfExists(this.path);
	}

}
