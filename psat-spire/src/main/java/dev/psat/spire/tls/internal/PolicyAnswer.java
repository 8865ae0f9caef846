package dev.psat.spire.tls.internal;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.Direction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a policy says of a peer.
 *
 * @param refusal completes a sentence that begins with the peer, {@code null} if it may
 * connect
 * @param failure what the policy has thrown, {@code null} if it has answered
 */
record PolicyAnswer(@Nullable String refusal, @Nullable Throwable failure) {

	private static final Logger logger = LoggerFactory.getLogger("dev.psat.spire.tls.SvidTls");

	private static final int MOST_CAUSES = 10;

	/**
	 * Ask the policy for a direction. One that fails authorizes nobody, also if it is not
	 * written in Java and throws what it does not declare. Only the type of its exception
	 * is reported, and on debug where it was thrown, since the message may contain
	 * anything.
	 */
	static PolicyAnswer of(PeerPolicies policies, Direction direction, SpiffeId peer, TrustDomain own) {
		if (peer.isReserved()) {
			return new PolicyAnswer("is a server or agent of SPIRE, which no list authorizes", null);
		}
		try {
			return new PolicyAnswer(policies.refusal(direction, peer, own), null);
		}
		catch (Throwable ex) {
			trace(peer, ex);
			return new PolicyAnswer("could not be checked by the application's own policy: " + ex.getClass().getName(),
					ex);
		}
	}

	private static void trace(SpiffeId peer, Throwable failure) {
		try {
			if (logger.isDebugEnabled()) {
				logger.debug("The application's own policy failed on {}:{}{}", peer, System.lineSeparator(),
						frames(failure));
			}
		}
		// the exception is foreign code, too, and changes no answer
		catch (Throwable ex) {
			logger.debug("The application's own policy failed on {}", peer);
		}
	}

	private static String frames(Throwable failure) {
		StringBuilder frames = new StringBuilder(failure.getClass().getName());
		Throwable each = failure;
		for (int i = 0; i < MOST_CAUSES && each != null; i++) {
			if (i > 0) {
				frames.append("%nCaused by: ".formatted()).append(each.getClass().getName());
			}
			for (StackTraceElement frame : each.getStackTrace()) {
				frames.append("%n\tat ".formatted()).append(frame);
			}
			each = each.getCause();
		}
		return frames.toString();
	}

}
