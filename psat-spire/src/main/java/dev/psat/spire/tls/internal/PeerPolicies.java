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

/** Decide who may call this application, and whom it may call. */
public record PeerPolicies(PeerPolicy inbound, PeerPolicy outbound) {

	private static final Logger logger = LoggerFactory.getLogger("dev.psat.spire.tls.SvidTls");

	private static final int MOST_CAUSES = 10;

	private static final String UNAUTHORIZED = "is not authorized by the application's own policy";

	public PeerPolicies {
		Objects.requireNonNull(inbound, "'inbound' must not be null");
		Objects.requireNonNull(outbound, "'outbound' must not be null");
	}

	public static PeerPolicies refusing(String reason) {
		Objects.requireNonNull(reason, "'reason' must not be null");
		PeerPolicy policy = (peer) -> reason;
		return new PeerPolicies(policy, policy);
	}

	public static PeerPolicies of(Predicate<SpiffeId> authorized) {
		Objects.requireNonNull(authorized, "'authorized' must not be null");
		PeerPolicy policy = (peer) -> authorized.test(peer) ? null : UNAUTHORIZED;
		return new PeerPolicies(policy, policy);
	}

	/**
	 * Create policies that decide on a single trust domain, and on no other, be it the
	 * own one.
	 */
	public static PeerPolicies of(TrustDomain trustDomain, Predicate<SpiffeId> authorized) {
		PeerPolicy policy = new TrustDomainPolicy(trustDomain, authorized);
		return new PeerPolicies(policy, policy);
	}

	PeerPolicy policy(Direction direction) {
		return (direction == Direction.INBOUND) ? this.inbound : this.outbound;
	}

	@Nullable String refusal(Direction direction, SpiffeId peer, TrustDomain own) {
		PeerPolicy policy = policy(direction);
		TrustDomain trustDomain = peer.trustDomain();
		// many a policy looks only at the path, which any trust domain can have
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

	record Answer(@Nullable String refusal, @Nullable Throwable failure) {

	}

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
