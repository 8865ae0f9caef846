package dev.psat.spire.tls.internal;

import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.PeerPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies for both directions.
 *
 * @param inbound decides who may call this application
 * @param outbound decides whom this application may call
 * @since 0.1.0
 */
public record PeerPolicies(PeerPolicy inbound, PeerPolicy outbound) {

	private static final Logger logger = LoggerFactory.getLogger("dev.psat.spire.tls.SvidTls");

	private static final int MOST_CAUSES = 10;

	private static final String UNAUTHORIZED = "is not authorized by the application's own policy";

	public PeerPolicies {
		Objects.requireNonNull(inbound, "'inbound' must not be null");
		Objects.requireNonNull(outbound, "'outbound' must not be null");
	}

	/**
	 * Create policies that refuse every peer.
	 * @param reason the reason, which completes a sentence that begins with "the peer"
	 * @return the policies
	 */
	public static PeerPolicies refusing(String reason) {
		Objects.requireNonNull(reason, "'reason' must not be null");
		PeerPolicy policy = (peer) -> reason;
		return new PeerPolicies(policy, policy);
	}

	/**
	 * Create policies that use the same predicate for both directions.
	 * @param authorized tests whether a workload of the own trust domain may connect
	 * @return the policies
	 */
	public static PeerPolicies of(Predicate<SpiffeId> authorized) {
		Objects.requireNonNull(authorized, "'authorized' must not be null");
		PeerPolicy policy = (peer) -> authorized.test(peer) ? null : UNAUTHORIZED;
		return new PeerPolicies(policy, policy);
	}

	/**
	 * Create policies that decide on a single trust domain, and on no other, be it the
	 * own one.
	 * @param trustDomain the trust domain
	 * @param authorized tests whether a workload of that trust domain may connect
	 * @return the policies
	 */
	public static PeerPolicies of(TrustDomain trustDomain, Predicate<SpiffeId> authorized) {
		PeerPolicy policy = new TrustDomainPolicy(trustDomain, authorized);
		return new PeerPolicies(policy, policy);
	}

	PeerPolicy policy(Direction direction) {
		return (direction == Direction.INBOUND) ? this.inbound : this.outbound;
	}

	/**
	 * Ask the policy for a direction.
	 * @return {@code null} if the peer may connect, or else the reason for the refusal
	 */
	@Nullable String refusal(Direction direction, SpiffeId peer, TrustDomain own) {
		PeerPolicy policy = policy(direction);
		TrustDomain trustDomain = peer.trustDomain();
		// many a policy looks at the path alone, which any trust domain can have
		if (!trustDomain.equals(own) && !policy.trustDomains().contains(trustDomain)) {
			return "belongs to the trust domain '%s', on which the policy does not decide".formatted(trustDomain);
		}
		return policy.refusal(peer);
	}

	/**
	 * Ask the policy for a direction. One that fails authorizes nobody, also if it is not
	 * written in Java and throws what it does not declare. Only the type of its exception
	 * is reported, and on debug where it was thrown, since the message may contain
	 * anything.
	 */
	Answer ask(Direction direction, SpiffeId peer, TrustDomain own) {
		if (peer.isReserved()) {
			return new Answer("is a server or agent of SPIRE, which no list authorizes", null);
		}
		try {
			return new Answer(refusal(direction, peer, own), null);
		}
		catch (Throwable ex) {
			trace(peer, ex);
			return new Answer("could not be checked by the application's own policy: " + ex.getClass().getName(), ex);
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

	/**
	 * What a policy says of a peer.
	 *
	 * @param refusal completes a sentence that begins with the peer, {@code null} if it
	 * may connect
	 * @param failure what the policy has thrown, {@code null} if it has answered
	 */
	record Answer(@Nullable String refusal, @Nullable Throwable failure) {

	}

	/**
	 * A policy for the workloads of a single trust domain.
	 *
	 * @param trustDomain the trust domain
	 * @param authorized tests whether one of them may connect
	 */
	private record TrustDomainPolicy(TrustDomain trustDomain, Predicate<SpiffeId> authorized) implements PeerPolicy {

		TrustDomainPolicy {
			Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
			Objects.requireNonNull(authorized, "'authorized' must not be null");
		}

		@Override
		public @Nullable String refusal(SpiffeId peer) {
			if (!peer.trustDomain().equals(this.trustDomain)) {
				return "does not belong to the trust domain '%s', to which alone the policy applies"
					.formatted(this.trustDomain);
			}
			return this.authorized.test(peer) ? null : UNAUTHORIZED;
		}

		@Override
		public Set<TrustDomain> trustDomains() {
			return Set.of(this.trustDomain);
		}

	}

}
