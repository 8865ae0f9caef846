package dev.psat.spire.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.LeftOutReport;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the trust bundle. Until the server has provided one, it is that of the file,
 * which is read for each attempt. From then on, the last one that the server provided is
 * the only truth. If it does not vouch for the server, attempts alternate between it and
 * the file, but the file's bundle is not published until the server has provided its own.
 */
final class TrustBundleKeeper {

	private static final IdentityLog logger = new IdentityLog();

	/** How long a contradiction must persist before it is believed. */
	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final Duration FRESH = Duration.ofMinutes(1);

	private final BundleFile file;

	private final Time time;

	private volatile @Nullable TrustBundle bundle;

	private volatile boolean fromServer;

	/** The bundle that verifies the server until it has provided another one. */
	private volatile @Nullable TrustBundle fallbackToFile;

	/** What the file held when the fallback began. */
	private byte @Nullable [] lastTried;

	private @Nullable Long acceptedAt;

	/** The server has not provided a bundle since the visits were resumed. */
	private boolean unconfirmed;

	/**
	 * What the file held when the server last confirmed the bundle. Anything else in it
	 * is news. It is never compared with the bundle: a file that nobody updates would
	 * bring back an authority that was revoked.
	 */
	private byte @Nullable [] confirmed;

	private boolean fileProblemLogged;

	private @Nullable Long untrustedSince;

	private boolean serverUntrusted;

	private @Nullable Long behindSince;

	/** What is told of an answer once it is published: a log may hang. */
	private final List<Runnable> untold = new ArrayList<>();

	private final LeftOutReport leftOut = new LeftOutReport();

	/**
	 * Create a keeper.
	 */
	TrustBundleKeeper(BundleFile file, Time time) {
		this.file = file;
		this.time = time;
	}

	/**
	 * Return the trust bundle that currently verifies the server.
	 * @throws IllegalStateException if none has been read yet
	 */
	TrustBundle get() {
		TrustBundle fallbackToFile = this.fallbackToFile;
		TrustBundle bundle = (fallbackToFile != null) ? fallbackToFile : this.bundle;
		if (bundle == null) {
			throw new IllegalStateException("No trust bundle has been read yet");
		}
		return bundle;
	}

	/**
	 * Return whether the current bundle was provided by the server.
	 */
	boolean isFromServer() {
		return this.fromServer;
	}

	/**
	 * Return whether the server is verified with the file although it has provided a
	 * bundle before.
	 */
	boolean fallsBackToFile() {
		return this.fallbackToFile != null;
	}

	/**
	 * Return the trust bundle to publish.
	 * @return the last one that the server provided, that of the file if there is none,
	 * and {@code null} if the file has not been read yet
	 */
	@Nullable TrustBundle current() {
		return this.bundle;
	}

	/**
	 * Return how often the server wants to be asked for the trust bundle.
	 * @return the refresh hint, {@code null} if there is none
	 */
	@Nullable Duration refreshHint() {
		TrustBundle bundle = this.bundle;
		return (bundle != null) ? bundle.refreshHint() : null;
	}

	/**
	 * Use the file if the server has not provided a bundle yet, or has presented a
	 * certificate for ten minutes that is not trusted while the file holds something else
	 * than when the server last provided its bundle.
	 * @throws VisitException if there is no bootstrap trust bundle
	 */
	void bootstrap() throws VisitException {
		if (!this.fromServer) {
			byte[] content = this.file.read();
			TrustBundle bundle = this.file.parse(content);
			this.bundle = bundle;
			this.confirmed = content;
			trusted();
			this.leftOut.received(bundle);
		}
		else if (this.serverUntrusted) {
			this.fallbackToFile = beginAnew();
		}
	}

	/**
	 * Return the bundle to start over with. If the file is unusable, the current bundle
	 * stays.
	 */
	private @Nullable TrustBundle beginAnew() {
		try {
			byte[] content = this.file.read();
			if (Arrays.equals(content, this.confirmed)) {
				return null;
			}
			TrustBundle fallbackToFile = this.file.parse(content);
			if (!Arrays.equals(content, this.lastTried)) {
				logger.warn(
						"The SPIRE Server presents a certificate that its trust bundle, received {} "
								+ "minutes ago or earlier, does not vouch for: starting over with {}",
						PATIENCE.toMinutes(), this.file);
			}
			this.lastTried = content;
			return fallbackToFile;
		}
		catch (VisitException ex) {
			logger.debug("Keeping the trust bundle, since the file cannot be used", ex);
			return null;
		}
	}

	/**
	 * Accept the trust bundle of the server.
	 * @throws VisitException if it is older than the current one, and that has not
	 * persisted for ten minutes
	 */
	void accept(TrustBundle answer) throws VisitException {
		TrustBundle known = this.bundle;
		boolean anew = fallsBackToFile();
		byte[] tried = this.lastTried;
		if (!anew && this.fromServer && known != null && isBehind(answer, known)) {
			trusted();
			if (!hasStoodBehind()) {
				throw behind(answer, known);
			}
			this.untold.add(() -> logger.warn(
					"For {} minutes, the SPIRE Server has provided trust bundles that are older than the one "
							+ "with sequence number {}: accepting the one with {}",
					PATIENCE.toMinutes(), known.sequenceNumber(), answer.sequenceNumber()));
		}
		this.behindSince = null;
		this.bundle = answer;
		this.fromServer = true;
		trusted();
		this.acceptedAt = this.time.nanos();
		this.unconfirmed = false;
		if (anew) {
			this.confirmed = tried;
		}
		rememberFile();
	}

	/**
	 * Remember what the file holds, without using it. As long as it cannot be read, what
	 * it held before counts: nobody knows whether it is older than the bundle.
	 */
	private void rememberFile() {
		try {
			this.confirmed = this.file.read();
			this.fileProblemLogged = false;
		}
		catch (VisitException ex) {
			if (!this.fileProblemLogged && ex.failure() != FailureReason.CANCELLED) {
				this.fileProblemLogged = true;
				this.untold.add(
						() -> logger.warn("{}. The trust bundle of the SPIRE Server stays in force, but a restart will "
								+ "need the file", ex.getMessage()));
			}
		}
	}

	/**
	 * Log what there is to tell of the bundle that was accepted.
	 */
	void tell() {
		this.untold.forEach(Runnable::run);
		this.untold.clear();
		this.leftOut.received(get());
	}

	/**
	 * Return whether the server has provided the trust bundle so recently that a visit
	 * for another reason need not ask for it.
	 */
	boolean isFresh() {
		return !this.unconfirmed && this.acceptedAt != null && this.time.nanos() - this.acceptedAt < FRESH.toNanos();
	}

	private static VisitException behind(TrustBundle answer, TrustBundle known) {
		return new VisitException(FailureReason.INVALID_TRUST_BUNDLE,
				"The SPIRE Server provided the trust bundle with sequence number %d after the one with %d"
					.formatted(answer.sequenceNumber(), known.sequenceNumber()),
				"Nothing needs to be done if one of several servers lags behind. The trust bundle of a server that was "
						+ "set up again is accepted after %d minutes.".formatted(PATIENCE.toMinutes()));
	}

	/**
	 * Record that the server has presented a certificate that the trust bundle does not
	 * vouch for. The ten minutes count between two of them, since a server that was
	 * unavailable has presented none. A single one suffices if the visits are resumed
	 * after more than ten minutes: as after a restart, every known authority may be gone
	 * by then.
	 */
	void serverUntrusted() {
		if (this.untrustedSince == null) {
			this.untrustedSince = this.time.nanos();
		}
		boolean stood = hasStood(this.untrustedSince)
				|| this.unconfirmed && this.acceptedAt != null && hasStood(this.acceptedAt);
		// alternate with the file, since the server may be back to normal
		this.serverUntrusted = stood && this.fallbackToFile == null;
		this.fallbackToFile = null;
	}

	private void trusted() {
		this.fallbackToFile = null;
		this.lastTried = null;
		this.untrustedSince = null;
		this.serverUntrusted = false;
	}

	/**
	 * Reset the observation, since there were no visits in the meantime.
	 */
	void forget() {
		trusted();
		this.behindSince = null;
		this.unconfirmed = true;
	}

	/**
	 * End a read of the file that hangs.
	 */
	void end() {
		this.file.end();
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
