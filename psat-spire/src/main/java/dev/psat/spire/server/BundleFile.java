package dev.psat.spire.server;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

import dev.psat.concurrent.internal.ForeignCall;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

final class BundleFile {

	private static final int LARGEST = 1024 * 1024;

	private final TrustDomain trustDomain;

	private final Path path;

	private final ForeignCall<byte[]> reading;

	BundleFile(TrustDomain trustDomain, Path path, Time time) {
		this.trustDomain = trustDomain;
		this.path = path;
		this.reading = new ForeignCall<>("psat-spire-file", this::content, time.clock());
	}

	byte[] read() throws VisitException {
		try {
			return this.reading.await(this.reading.begin(), ForeignCall.PATIENCE);
		}
		catch (ForeignCall.SilenceException ex) {
			throw new VisitException(VisitException.OwnReason.TRUST_BUNDLE_UNREADABLE,
					"The file system has not answered since %s, when it was asked for the trust bundle %s"
						.formatted(ex.since(), this.path),
					"Check that 'spire.server.trust-bundle' points to a working file system: a dead network file "
							+ "system never answers.");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw FailureAdvice.cancelled("Reading the trust bundle %s was interrupted".formatted(this.path));
		}
		catch (ExecutionException ex) {
			throw failureOf(ex.getCause());
		}
	}

	private VisitException failureOf(@Nullable Throwable cause) {
		if (cause instanceof Error error) {
			throw error;
		}
		return (cause instanceof VisitException failure) ? failure : unreadable("The trust bundle %s cannot be read: %s"
			.formatted(this.path, (cause != null) ? cause.getClass().getName() : null));
	}

	private byte[] content() throws Exception {
		// a pipe would block, and a device may never end
		if (Files.exists(this.path) && !Files.isRegularFile(this.path)) {
			throw unreadable("The trust bundle %s is not a regular file".formatted(this.path));
		}
		try (InputStream in = Files.newInputStream(this.path)) {
			byte[] content = in.readNBytes(LARGEST + 1);
			if (content.length > LARGEST) {
				throw unreadable("The trust bundle %s is larger than 1 MiB".formatted(this.path));
			}
			return content;
		}
	}

	TrustBundle parse(byte[] content) throws VisitException {
		try {
			return TrustBundle.parse(this.trustDomain, content);
		}
		catch (IllegalArgumentException ex) {
			throw unreadable("%s: %s".formatted(this.path, ex.getMessage()));
		}
	}

	void end() {
		this.reading.end();
	}

	private static VisitException unreadable(String message) {
		return new VisitException(VisitException.OwnReason.TRUST_BUNDLE_UNREADABLE, message,
				"Set 'spire.server.trust-bundle' to the trust bundle of the SPIRE Server, in PEM or as a SPIFFE "
						+ "bundle. On Kubernetes, mount the ConfigMap that the server's bundle publisher keeps as a "
						+ "directory: a file that is mounted alone is never updated.");
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

}
