package dev.psat.spire.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.FederationReport;
import dev.psat.spire.internal.IdentityLog;
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

	private volatile Standing standing = new Standing.Bootstrap();

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

	/** What is told of an answer once it is published: a log may hang. */
	private final List<Runnable> untold = new ArrayList<>();

	private final FederationReport.LeftOutReport leftOut = new FederationReport.LeftOutReport();

	TrustBundleKeeper(BundleFile file, Time time) {
		this.file = file;
		this.time = time;
	}

	/** What verifies the server. */
	TrustBundle get() {
		TrustBundle bundle = (this.standing instanceof Standing.Fallback fallback) ? fallback.bundle() : this.bundle;
		if (bundle == null) {
			throw new IllegalStateException("No trust bundle has been read yet");
		}
		return bundle;
	}

	boolean isFromServer() {
		return !(this.standing instanceof Standing.Bootstrap);
	}

	/**
	 * Although the server has provided a bundle before, so that only a bundle may be
	 * accepted from it.
	 */
	boolean fallsBackToFile() {
		return this.standing instanceof Standing.Fallback;
	}

	/** What others trust: that of the server, or of the file until there is one. */
	@Nullable TrustBundle current() {
		return this.bundle;
	}

	@Nullable Duration refreshHint() {
		TrustBundle bundle = this.bundle;
		return (bundle != null) ? bundle.refreshHint() : null;
	}

	/**
	 * The file counts until the server has provided a bundle, and where the server has
	 * presented a certificate for ten minutes that is not trusted while the file holds
	 * something else than when the server last provided its bundle.
	 */
	void bootstrap() throws VisitException {
		if (this.standing instanceof Standing.Bootstrap) {
			byte[] content = this.file.read();
			TrustBundle bundle = this.file.parse(content);
			this.bundle = bundle;
			this.confirmed = content;
			this.leftOut.received(bundle);
		}
		else if (this.standing instanceof Standing.Untrusted untrusted && untrusted.stood()) {
			this.standing = beginAnew(untrusted);
		}
		else if (this.standing instanceof Standing.Fallback fallback) {
			this.standing = beginAnew(new Standing.Untrusted(fallback.since(), true, fallback.tried()));
		}
	}

	private Standing beginAnew(Standing.Untrusted untrusted) {
		try {
			byte[] content = this.file.read();
			if (Arrays.equals(content, this.confirmed)) {
				return untrusted;
			}
			TrustBundle bundle = this.file.parse(content);
			if (!Arrays.equals(content, untrusted.tried())) {
				logger.warn(
						"The SPIRE Server presents a certificate that its trust bundle, received {} "
								+ "minutes ago or earlier, does not vouch for: starting over with {}",
						PATIENCE.toMinutes(), this.file);
			}
			return new Standing.Fallback(untrusted.since(), content, bundle);
		}
		catch (VisitException ex) {
			logger.debug("Keeping the trust bundle, since the file cannot be used", ex);
			return untrusted;
		}
	}

	/** An older one is accepted once that has persisted for ten minutes. */
	void accept(TrustBundle answer) throws VisitException {
		TrustBundle known = this.bundle;
		if (known != null && isFromServer() && !fallsBackToFile() && isBehind(answer, known)) {
			fallBehind(answer, known);
		}
		if (this.standing instanceof Standing.Fallback fallback) {
			this.confirmed = fallback.tried();
		}
		this.bundle = answer;
		this.standing = new Standing.Trusted();
	}

	/** Not before TLS knows what was accepted: its file system may hang. */
	void confirm() {
		this.acceptedAt = this.time.nanos();
		this.unconfirmed = false;
		rememberFile();
	}

	private void fallBehind(TrustBundle answer, TrustBundle known) throws VisitException {
		long since = (this.standing instanceof Standing.Behind behind) ? behind.since() : this.time.nanos();
		this.standing = new Standing.Behind(since);
		if (!hasStood(since)) {
			throw behind(answer, known);
		}
		this.untold.add(() -> logger.warn(
				"For {} minutes, the SPIRE Server has provided trust bundles that are older than the one "
						+ "with sequence number {}: accepting the one with {}",
				PATIENCE.toMinutes(), known.sequenceNumber(), answer.sequenceNumber()));
	}

	/**
	 * As long as the file cannot be read, what it held before counts: nobody knows
	 * whether it is older than the bundle.
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

	void tell() {
		this.untold.forEach(Runnable::run);
		this.untold.clear();
		this.leftOut.received(get());
	}

	/** So recently that a visit for another reason need not ask for it. */
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
	 * The ten minutes count between two certificates, since a server that was unavailable
	 * has presented none. A single one suffices if the visits are resumed after more than
	 * ten minutes: as after a restart, every known authority may be gone by then.
	 */
	void serverUntrusted() {
		if (this.standing instanceof Standing.Fallback fallback) {
			// alternate with the file, since the server may be back to normal
			this.standing = new Standing.Untrusted(fallback.since(), false, fallback.tried());
		}
		else if (this.standing instanceof Standing.Untrusted untrusted) {
			this.standing = new Standing.Untrusted(untrusted.since(), hasStood(untrusted.since()) || hasSleptOn(),
					untrusted.tried());
		}
		else if (isFromServer()) {
			this.standing = new Standing.Untrusted(this.time.nanos(), hasSleptOn(), null);
		}
	}

	private boolean hasSleptOn() {
		return this.unconfirmed && this.acceptedAt != null && hasStood(this.acceptedAt);
	}

	/** There were no visits in the meantime. */
	void forget() {
		if (isFromServer()) {
			this.standing = new Standing.Trusted();
		}
		this.unconfirmed = true;
	}

	void end() {
		this.file.end();
	}

	private boolean hasStood(long since) {
		return this.time.nanos() - since >= PATIENCE.toNanos();
	}

	private static boolean isBehind(TrustBundle answer, TrustBundle known) {
		Long number = answer.sequenceNumber();
		Long knownNumber = known.sequenceNumber();
		return number != null && knownNumber != null && Long.compareUnsigned(number, knownNumber) < 0;
	}

	/** How the server stands to the trust bundle. */
	private sealed interface Standing {

		/** It has not provided one yet, so that the file counts. */
		record Bootstrap() implements Standing {

		}

		/** It has provided the one in force. */
		record Trusted() implements Standing {

		}

		/** It provides an older one. */
		record Behind(long since) implements Standing {

		}

		/** It presents a certificate that the one in force does not vouch for. */
		record Untrusted(long since, boolean stood, byte @Nullable [] tried) implements Standing {

		}

		/** It is verified with what the file holds, until it has provided another one. */
		record Fallback(long since, byte[] tried, TrustBundle bundle) implements Standing {

		}

	}

}
