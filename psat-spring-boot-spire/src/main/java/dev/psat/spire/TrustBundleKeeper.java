package dev.psat.spire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.TrustBundle;
import dev.psat.spire.client.TrustDomain;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Keeps the trust bundle. Until the server has told one, it is that of the file, read
 * anew at each attempt; from then on the last one that the server told is the only truth.
 * A server that this does not vouch for is asked by the file in turn, and nobody else
 * sees that before the server has told its own.
 */
final class TrustBundleKeeper {

	private static final Log logger = LogFactory.getLog(SpireIdentity.class);

	/** How long a contradiction must stand until it is believed. */
	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final int LARGEST = 1024 * 1024;

	private static final Duration FRESH = Duration.ofMinutes(1);

	private final TrustDomain trustDomain;

	private final Path file;

	private final Time time;

	private volatile @Nullable TrustBundle bundle;

	private volatile boolean told;

	/** What verifies the server until it has told another one. */
	private volatile @Nullable TrustBundle trial;

	private byte @Nullable [] lastTried;

	private @Nullable Long acceptedAt;

	/** The server has told nothing since the visits began anew. */
	private boolean unconfirmed;

	private byte @Nullable [] lastRead;

	private @Nullable Long distrustedSince;

	private boolean distrusted;

	private @Nullable Long behindSince;

	/**
	 * Create a keeper.
	 * @param trustDomain the trust domain
	 * @param file path of the bundle to begin with
	 * @param time the present
	 */
	TrustBundleKeeper(TrustDomain trustDomain, Path file, Time time) {
		this.trustDomain = trustDomain;
		this.file = file;
		this.time = time;
	}

	/**
	 * Return the trust bundle that verifies the server at the moment.
	 * @return the trust bundle
	 * @throws IllegalStateException if none was read yet
	 */
	TrustBundle get() {
		TrustBundle trial = this.trial;
		TrustBundle bundle = (trial != null) ? trial : this.bundle;
		if (bundle == null) {
			throw new IllegalStateException("No trust bundle was read yet");
		}
		return bundle;
	}

	/**
	 * Return whether the bundle of the moment is what the server told.
	 * @return whether it is, and not that of the file
	 */
	boolean isTold() {
		return this.told;
	}

	/**
	 * Return whether the server is verified by the file although it has told a bundle.
	 * @return whether it is, so that nothing but a bundle may be taken from it
	 */
	boolean isOnTrial() {
		return this.trial != null;
	}

	/**
	 * Return the trust bundle for everybody.
	 * @return what the server told last, that of the file if it has told none, and
	 * {@code null} if that was not read yet
	 */
	@Nullable TrustBundle current() {
		return this.bundle;
	}

	/**
	 * Read the file, as long as the server has told nothing, or has shown for ten minutes
	 * a certificate that nobody vouches for while the file has another content.
	 * @throws VisitException if there is no trust bundle to begin with
	 */
	void bootstrap() throws VisitException {
		if (!this.told) {
			byte[] content = read();
			this.bundle = parse(content);
			this.lastRead = content;
			trusted();
		}
		else if (this.distrusted) {
			this.trial = beginAnew();
		}
	}

	/**
	 * A file that is of no use takes nothing away.
	 */
	private @Nullable TrustBundle beginAnew() {
		try {
			byte[] content = read();
			if (Arrays.equals(content, this.lastRead)) {
				return null;
			}
			TrustBundle trial = parse(content);
			if (!Arrays.equals(content, this.lastTried)) {
				logger.warn(LogMessage.format(
						"The SPIRE Server shows a certificate that the trust bundle, told %d "
								+ "minutes ago or earlier, does not vouch for: beginning anew with %s",
						PATIENCE.toMinutes(), this.file));
			}
			this.lastTried = content;
			return trial;
		}
		catch (VisitException ex) {
			logger.debug("The trust bundle stays, since the file is of no use", ex);
			return null;
		}
	}

	private byte[] read() throws VisitException {
		try {
			// a pipe would be waited for, and a device may never end
			if (Files.exists(this.file) && !Files.isRegularFile(this.file)) {
				throw unreadable("The trust bundle %s is no regular file".formatted(this.file));
			}
			try (InputStream in = Files.newInputStream(this.file)) {
				byte[] content = in.readNBytes(LARGEST + 1);
				if (content.length > LARGEST) {
					throw unreadable("The trust bundle %s is larger than 1 MiB".formatted(this.file));
				}
				return content;
			}
		}
		catch (IOException | RuntimeException ex) {
			throw unreadable("The trust bundle %s cannot be read: %s".formatted(this.file, ex.getClass().getName()));
		}
	}

	private TrustBundle parse(byte[] content) throws VisitException {
		try {
			return TrustBundle.parse(this.trustDomain, content);
		}
		catch (IllegalArgumentException ex) {
			throw unreadable("%s: %s".formatted(this.file, ex.getMessage()));
		}
	}

	private static VisitException unreadable(String message) {
		return new VisitException(VisitException.OwnReason.TRUST_BUNDLE_UNREADABLE, message,
				"Set 'spire.psat.server.trust-bundle' to the trust bundle of the SPIRE Server, in PEM or as a SPIFFE "
						+ "bundle. On Kubernetes, mount the ConfigMap that the server's bundle publisher keeps as a "
						+ "directory: a file that is mounted alone is never updated.");
	}

	/**
	 * Take what the server tells.
	 * @param answer the trust bundle as the server told it
	 * @throws VisitException if it is older than the one that is known, and has not stood
	 * for ten minutes
	 */
	void accept(TrustBundle answer) throws VisitException {
		TrustBundle known = this.bundle;
		boolean anew = isOnTrial();
		if (anew) {
			this.lastRead = this.lastTried;
		}
		if (!anew && this.told && known != null && isBehind(answer, known)) {
			trusted();
			if (!hasStoodBehind()) {
				throw behind(answer, known);
			}
			logger.warn(LogMessage.format(
					"For %d minutes the SPIRE Server has told trust bundles that are older than the one "
							+ "with sequence number %d: taking the one with %d",
					PATIENCE.toMinutes(), known.sequenceNumber(), answer.sequenceNumber()));
		}
		this.behindSince = null;
		this.bundle = answer;
		this.told = true;
		trusted();
		this.acceptedAt = this.time.nanos();
		this.unconfirmed = false;
	}

	/**
	 * Return whether the server has told the trust bundle so lately that a visit that is
	 * made for something else need not ask.
	 * @return whether it has, within the last minute
	 */
	boolean isFresh() {
		return !this.unconfirmed && this.acceptedAt != null && this.time.nanos() - this.acceptedAt < FRESH.toNanos();
	}

	private static VisitException behind(TrustBundle answer, TrustBundle known) {
		return new VisitException(FailureReason.INVALID_TRUST_BUNDLE,
				"The SPIRE Server told the trust bundle with sequence number %d after the one with %d"
					.formatted(answer.sequenceNumber(), known.sequenceNumber()),
				"Nothing needs to be done where one of several servers lags behind. That of a server that was set up "
						+ "anew is taken after %d minutes.".formatted(PATIENCE.toMinutes()));
	}

	/**
	 * Record that the server has shown a certificate that the trust bundle does not vouch
	 * for. Ten minutes count between two of them: a server that was away has shown none.
	 * One will do where the visits begin anew after ten minutes: every authority that was
	 * told then may have gone, as after a restart.
	 */
	void distrusted() {
		if (this.distrustedSince == null) {
			this.distrustedSince = this.time.nanos();
		}
		boolean stood = hasStood(this.distrustedSince)
				|| this.unconfirmed && this.acceptedAt != null && hasStood(this.acceptedAt);
		// in turn with the file, since the server may be itself again
		this.distrusted = stood && this.trial == null;
		this.trial = null;
	}

	private void trusted() {
		this.trial = null;
		this.lastTried = null;
		this.distrustedSince = null;
		this.distrusted = false;
	}

	/**
	 * Begin to look anew: nobody has in the meantime.
	 */
	void forget() {
		trusted();
		this.behindSince = null;
		this.unconfirmed = true;
	}

	private boolean hasStoodBehind() {
		if (this.behindSince == null) {
			this.behindSince = this.time.nanos();
		}
		return hasStood(this.behindSince);
	}

	private boolean hasStood(long since) {
		return this.time.nanos() - since >= PATIENCE.toNanos();
	}

	private static boolean isBehind(TrustBundle answer, TrustBundle known) {
		Long number = answer.sequenceNumber();
		Long knownNumber = known.sequenceNumber();
		return number != null && knownNumber != null && Long.compareUnsigned(number, knownNumber) < 0;
	}

}
