package dev.psat.spire.tls;

import java.time.Instant;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import org.jspecify.annotations.Nullable;

/**
 * An X.509 authority that peers have relied on.
 *
 * @since 0.1.0
 */
public sealed interface SeenAuthority {

	/**
	 * Return a builder of an authority.
	 * @param trustDomain the trust domain of the authority, and of these peers
	 * @param keyId the {@link dev.psat.spiffe.X509Authority#keyId() ID} of its key
	 * @return the builder
	 */
	static Builder builder(TrustDomain trustDomain, String keyId) {
		return new Builder(trustDomain, keyId);
	}

	/**
	 * {@return the trust domain of the authority, and of these peers}
	 */
	TrustDomain trustDomain();

	/**
	 * {@return the {@link dev.psat.spiffe.X509Authority#keyId() ID} of its key}
	 */
	String keyId();

	/**
	 * {@return how many connections are open with a peer that it vouches for}
	 */
	int openConnections();

	/**
	 * {@return the peer whose handshake was the last that it has vouched for,
	 * {@code null} if that was forgotten}
	 */
	@Nullable LastPeer lastPeer();

	/**
	 * The last peer that an authority has vouched for.
	 */
	sealed interface LastPeer {

		/**
		 * Return a builder of a peer.
		 * @param id the SPIFFE ID
		 * @param direction the direction of the connection
		 * @param seenAt when the handshake was
		 * @return the builder
		 */
		static Builder builder(SpiffeId id, Direction direction, Instant seenAt) {
			return new Builder(id, direction, seenAt);
		}

		/**
		 * {@return the SPIFFE ID}
		 */
		SpiffeId id();

		/**
		 * {@return the direction of the connection}
		 */
		Direction direction();

		/**
		 * {@return when the handshake was}
		 */
		Instant seenAt();

		/**
		 * Builder of a peer.
		 */
		final class Builder {

			private final SpiffeId id;

			private final Direction direction;

			private final Instant seenAt;

			private Builder(SpiffeId id, Direction direction, Instant seenAt) {
				this.id = Objects.requireNonNull(id, "'id' must not be null");
				this.direction = Objects.requireNonNull(direction, "'direction' must not be null");
				this.seenAt = Objects.requireNonNull(seenAt, "'seenAt' must not be null");
			}

			/**
			 * Build a peer.
			 * @return a peer
			 */
			public LastPeer build() {
				return new LastPeerRecord(this.id, this.direction, this.seenAt);
			}

			private record LastPeerRecord(SpiffeId id, Direction direction, Instant seenAt) implements LastPeer {

			}

		}

	}

	/**
	 * Builder of an authority.
	 */
	final class Builder {

		private final TrustDomain trustDomain;

		private final String keyId;

		private int openConnections;

		private @Nullable LastPeer lastPeer;

		private Builder(TrustDomain trustDomain, String keyId) {
			this.trustDomain = Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
			this.keyId = Objects.requireNonNull(keyId, "'keyId' must not be null");
		}

		/**
		 * Set how many connections are open with a peer that it vouches for.
		 * @param openConnections how many connections are open with a peer that it
		 * vouches for
		 * @return this builder
		 */
		public Builder openConnections(int openConnections) {
			this.openConnections = openConnections;
			return this;
		}

		/**
		 * Set the peer whose handshake was the last that it has vouched for.
		 * @param lastPeer the peer whose handshake was the last that it has vouched for,
		 * {@code null} if that was forgotten
		 * @return this builder
		 */
		public Builder lastPeer(@Nullable LastPeer lastPeer) {
			this.lastPeer = lastPeer;
			return this;
		}

		/**
		 * Build an authority.
		 * @return an authority
		 */
		public SeenAuthority build() {
			return new SeenAuthorityRecord(this.trustDomain, this.keyId, this.openConnections, this.lastPeer);
		}

		private record SeenAuthorityRecord(TrustDomain trustDomain, String keyId, int openConnections,
				@Nullable LastPeer lastPeer) implements SeenAuthority {

		}

	}

}
