package dev.psat.spire.tls.internal;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.PeerPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a policy lets a peer connect. Two questions are equal if they ask the very same
 * policy about the same peer, whatever the policy thinks of being equal.
 */
final class PolicyQuestion {

	private static final Logger logger = LoggerFactory.getLogger("dev.psat.spire.tls.SvidTls");

	private static final int MOST_CAUSES = 10;

	private final PeerPolicies policies;

	private final Direction direction;

	private final SpiffeId peer;

	/**
	 * Create a question.
	 * @param policies the policies
	 * @param direction the direction
	 * @param peer a peer that is vouched for
	 */
	PolicyQuestion(PeerPolicies policies, Direction direction, SpiffeId peer) {
		this.policies = policies;
		this.direction = direction;
		this.peer = peer;
	}

	/**
	 * Return the policy, which is foreign code.
	 */
	PeerPolicy policy() {
		return this.policies.policy(this.direction);
	}

	/**
	 * Ask the policy. One that fails authorizes nobody, also if it is not written in Java
	 * and throws what it does not declare. Only the type of its exception is reported,
	 * and on debug where it was thrown, since the message may contain anything.
	 * @param own the own trust domain, on which every policy decides
	 * @return the answer
	 */
	PolicyAnswer ask(TrustDomain own) {
		if (this.peer.isReserved()) {
			return new PolicyAnswer("is a server or agent of SPIRE, which no list authorizes", null);
		}
		try {
			return new PolicyAnswer(this.policies.refusal(this.direction, this.peer, own), null);
		}
		catch (Throwable ex) {
			trace(ex);
			return new PolicyAnswer("could not be checked by the application's own policy: " + ex.getClass().getName(),
					ex);
		}
	}

	/**
	 * Show whoever looks where the policy has failed, still without messages. The
	 * exception is foreign code, too.
	 */
	private void trace(Throwable failure) {
		try {
			if (logger.isDebugEnabled()) {
				logger.debug("The application's own policy failed on {}:{}{}", this.peer, System.lineSeparator(),
						frames(failure));
			}
		}
		catch (Throwable ex) {
			// what cannot be shown changes no answer
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

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof PolicyQuestion question && policy() == question.policy()
				&& this.direction == question.direction && this.peer.equals(question.peer);
	}

	@Override
	public int hashCode() {
		return 31 * this.direction.hashCode() + this.peer.hashCode();
	}

}
