package dev.psat.spire.tls;

import java.time.Instant;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * A peer that a trust bundle has vouched for, as far as it is known.
 *
 * @since 0.1.0
 */
public sealed interface SeenPeer {

	/**
	 * Return a builder of a peer.
	 * @param id the SPIFFE ID
	 * @param firstSeen when its first handshake was, of those that are known
	 * @param lastSeen when its last handshake was
	 * @param expiresAt when the last X.509-SVID that it has presented expires
	 * @param authority the {@link dev.psat.spiffe.X509Authority#keyId() ID} of the
	 * authority that has vouched for that X.509-SVID
	 * @return the builder
	 */
	static Builder builder(SpiffeId id, Instant firstSeen, Instant lastSeen, Instant expiresAt, String authority) {
		return new Builder(id, firstSeen, lastSeen, expiresAt, authority);
	}

	/**
	 * Return a builder that begins with these values, so that one of them can be
	 * replaced.
	 * @return the builder
	 */
	default Builder mutate() {
		return new Builder(id(), firstSeen(), lastSeen(), expiresAt(), authority()).accepted(accepted())
			.refusals(refusals())
			.unlisted(unlisted())
			.openConnections(openConnections());
	}

	/**
	 * {@return the SPIFFE ID}
	 */
	SpiffeId id();

	/**
	 * {@return when its first handshake was, of those that are known}
	 */
	Instant firstSeen();

	/**
	 * {@return when its last handshake was}
	 */
	Instant lastSeen();

	/**
	 * {@return how many handshakes have let it in}
	 */
	long accepted();

	/**
	 * {@return how many handshakes have refused it, and why}
	 */
	Refusals refusals();

	/**
	 * {@return why it would be refused if its list were in force, {@code null} if it
	 * would not be}
	 */
	@Nullable String unlisted();

	/**
	 * {@return how many of its connections are open now}
	 */
	int openConnections();

	/**
	 * {@return when the last X.509-SVID that it has presented expires}
	 */
	Instant expiresAt();

	/**
	 * {@return the {@link dev.psat.spiffe.X509Authority#keyId() ID} of the authority that
	 * has vouched for that X.509-SVID}
	 */
	String authority();

	/**
	 * Refusals of handshakes.
	 */
	sealed interface Refusals {

		/** No refusals. */
		Refusals NONE = builder(0).build();

		/**
		 * Return a builder of refusals.
		 * @param count how many refusals there were
		 * @return the builder
		 */
		static Builder builder(long count) {
			return new Builder(count);
		}

		/**
		 * {@return how many refusals there were}
		 */
		long count();

		/**
		 * {@return when the last one was, {@code null} if there was none}
		 */
		@Nullable Instant lastAt();

		/**
		 * {@return why the last one was, as a sentence without a full stop, {@code null}
		 * if there was none}
		 */
		@Nullable String lastReason();

		/**
		 * Builder of refusals.
		 */
		final class Builder {

			private final long count;

			private @Nullable Instant lastAt;

			private @Nullable String lastReason;

			private Builder(long count) {
				this.count = count;
			}

			/**
			 * Set when the last one was.
			 * @param lastAt when the last one was, {@code null} if there was none
			 * @return this builder
			 */
			public Builder lastAt(@Nullable Instant lastAt) {
				this.lastAt = lastAt;
				return this;
			}

			/**
			 * Set why the last one was.
			 * @param lastReason why the last one was, as a sentence without a full stop,
			 * {@code null} if there was none
			 * @return this builder
			 */
			public Builder lastReason(@Nullable String lastReason) {
				this.lastReason = lastReason;
				return this;
			}

			/**
			 * Build refusals.
			 * @return refusals
			 */
			public Refusals build() {
				return new RefusalsRecord(this.count, this.lastAt, this.lastReason);
			}

			private record RefusalsRecord(long count, @Nullable Instant lastAt,
					@Nullable String lastReason) implements Refusals {

			}

		}

	}

	/**
	 * Builder of a peer.
	 */
	final class Builder {

		private final SpiffeId id;

		private final Instant firstSeen;

		private final Instant lastSeen;

		private long accepted;

		private Refusals refusals = Refusals.NONE;

		private @Nullable String unlisted;

		private int openConnections;

		private final Instant expiresAt;

		private final String authority;

		private Builder(SpiffeId id, Instant firstSeen, Instant lastSeen, Instant expiresAt, String authority) {
			this.id = Objects.requireNonNull(id, "'id' must not be null");
			this.firstSeen = Objects.requireNonNull(firstSeen, "'firstSeen' must not be null");
			this.lastSeen = Objects.requireNonNull(lastSeen, "'lastSeen' must not be null");
			this.expiresAt = Objects.requireNonNull(expiresAt, "'expiresAt' must not be null");
			this.authority = Objects.requireNonNull(authority, "'authority' must not be null");
		}

		/**
		 * Set how many handshakes have let it in.
		 * @param accepted how many handshakes have let it in
		 * @return this builder
		 */
		public Builder accepted(long accepted) {
			this.accepted = accepted;
			return this;
		}

		/**
		 * Set how many handshakes have refused it.
		 * @param refusals how many handshakes have refused it, and why
		 * @return this builder
		 */
		public Builder refusals(Refusals refusals) {
			this.refusals = Objects.requireNonNull(refusals, "'refusals' must not be null");
			return this;
		}

		/**
		 * Set why it would be refused.
		 * @param unlisted why it would be refused if its list were in force, {@code null}
		 * if it would not be
		 * @return this builder
		 */
		public Builder unlisted(@Nullable String unlisted) {
			this.unlisted = unlisted;
			return this;
		}

		/**
		 * Set how many of its connections are open now.
		 * @param openConnections how many of its connections are open now
		 * @return this builder
		 */
		public Builder openConnections(int openConnections) {
			this.openConnections = openConnections;
			return this;
		}

		/**
		 * Build a peer.
		 * @return a peer
		 */
		public SeenPeer build() {
			return new SeenPeerRecord(this.id, this.firstSeen, this.lastSeen, this.accepted, this.refusals,
					this.unlisted, this.openConnections, this.expiresAt, this.authority);
		}

		private record SeenPeerRecord(SpiffeId id, Instant firstSeen, Instant lastSeen, long accepted,
				Refusals refusals, @Nullable String unlisted, int openConnections, Instant expiresAt,
				String authority) implements SeenPeer {

		}

	}

}
