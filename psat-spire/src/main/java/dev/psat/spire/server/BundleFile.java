package dev.psat.spire.server;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

import dev.psat.concurrent.internal.ForeignCall;
import dev.psat.concurrent.internal.Time;
import dev.psat.file.internal.LinkedFile;
import dev.psat.file.internal.WatchedFile;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.internal.VisitException;

final class BundleFile {

	private static final int LARGEST = 1024 * 1024;

	private final TrustDomain trustDomain;

	private final Path path;

	private final ForeignCall<LinkedFile.Reading> reading;

	BundleFile(TrustDomain trustDomain, Path path, Time time) {
		this.trustDomain = trustDomain;
		this.path = path;
		this.reading = new ForeignCall<>("psat-spire-file", new LinkedFile(path, LARGEST, time)::read, time);
	}

	byte[] read() throws VisitException {
		try {
			return content(this.reading.await(this.reading.begin(), ForeignCall.PATIENCE));
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
			throw failureOf(Objects.requireNonNullElse(ex.getCause(), ex));
		}
	}

	/** An error, as where there is no memory left, says nothing of the file. */
	private VisitException failureOf(Throwable cause) {
		String type = cause.getClass().getName();
		return (cause instanceof Error) ? new VisitException(VisitException.OwnReason.UNEXPECTED,
				"Reading the trust bundle %s ended with %s".formatted(this.path, type),
				"Check the memory of this process and the versions of its jars, and otherwise report this as a bug.")
				: unreadable("it failed with " + type);
	}

	private byte[] content(LinkedFile.Reading reading) throws VisitException {
		LinkedFile.Content content = reading.content();
		if (content == null) {
			WatchedFile.Problem problem = reading.problem();
			throw unreadable((problem != null) ? problem.message() : "unknown reason");
		}
		if (content.bytes().length > LARGEST) {
			throw unreadable("%s is larger than 1 MiB".formatted(this.path));
		}
		return content.bytes();
	}

	TrustBundle parse(byte[] content) throws VisitException {
		try {
			return TrustBundle.parse(this.trustDomain, content);
		}
		catch (IllegalArgumentException ex) {
			throw malformed("%s: %s".formatted(this.path, ex.getMessage()));
		}
	}

	void end() {
		this.reading.end();
	}

	private static VisitException unreadable(String why) {
		return malformed("The trust bundle cannot be read: " + why);
	}

	private static VisitException malformed(String message) {
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
