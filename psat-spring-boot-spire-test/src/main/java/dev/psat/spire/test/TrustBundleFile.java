package dev.psat.spire.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

record TrustBundleFile(Path path) implements AutoCloseable {

	static TrustBundleFile of(SimulatedSpireServer server) {
		try {
			TrustBundleFile file = new TrustBundleFile(Files.createTempFile("trust-bundle-", ".pem"));
			file.write(server.trustBundle());
			return file;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void write(SimulatedTrustBundle trustBundle) throws IOException {
		try {
			trustBundle.writeTo(this.path);
		}
		catch (IOException | RuntimeException ex) {
			close();
			throw ex;
		}
	}

	@Override
	public void close() throws IOException {
		Files.deleteIfExists(this.path);
	}

}
