package dev.psat.spire.client;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * A registration entry that an agent is authorized for.
 *
 * @since 0.1.0
 */
public sealed interface AuthorizedEntry permits EntryValues {

	/**
	 * Return a builder of an entry.
	 * @param id the ID of the entry
	 * @param spiffeId the SPIFFE ID of the entry's SVIDs
	 * @param createdAt when the entry was created, in whole seconds
	 * @return the builder
	 */
	static Builder builder(String id, SpiffeId spiffeId, Instant createdAt) {
		return new Builder(id, spiffeId, createdAt);
	}

	/**
	 * {@return the ID of the entry}
	 */
	String id();

	/**
	 * {@return the SPIFFE ID of the entry's SVIDs}
	 */
	SpiffeId spiffeId();

	/**
	 * {@return the selectors that a workload must match}
	 */
	List<Selector> selectors();

	/**
	 * {@return the trust domains that the entry federates with, by the names that the
	 * server uses}
	 */
	List<String> federatesWith();

	/**
	 * {@return whether the workload may administer the server}
	 */
	boolean admin();

	/**
	 * {@return whether the workload is a server that may sign SVIDs}
	 */
	boolean downstream();

	/**
	 * {@return whether agents should put the SVID into a store}
	 */
	boolean storeSvid();

	/**
	 * {@return a number that changes whenever the entry does}
	 */
	long revisionNumber();

	/**
	 * {@return a hint that distinguishes the entry from others of the same workload,
	 * {@code null} if there is none}
	 */
	@Nullable String hint();

	/**
	 * {@return when the entry was created, in whole seconds}
	 */
	Instant createdAt();

	/**
	 * {@return whether each JWT-SVID carries a unique ID}
	 */
	boolean jwtSvidIncludesJti();

	/**
	 * Builder of an entry.
	 */
	final class Builder {

		private final String id;

		private final SpiffeId spiffeId;

		private List<Selector> selectors = List.of();

		private List<String> federatesWith = List.of();

		private boolean admin;

		private boolean downstream;

		private boolean storeSvid;

		private long revisionNumber;

		private @Nullable String hint;

		private final Instant createdAt;

		private boolean jwtSvidIncludesJti;

		private Builder(String id, SpiffeId spiffeId, Instant createdAt) {
			this.id = Objects.requireNonNull(id, "'id' must not be null");
			this.spiffeId = Objects.requireNonNull(spiffeId, "'spiffeId' must not be null");
			this.createdAt = Objects.requireNonNull(createdAt, "'createdAt' must not be null");
		}

		/**
		 * Set the selectors that a workload must match.
		 * @param selectors the selectors that a workload must match
		 * @return this builder
		 */
		public Builder selectors(List<Selector> selectors) {
			Objects.requireNonNull(selectors, "'selectors' must not be null");
			this.selectors = List.copyOf(selectors);
			return this;
		}

		/**
		 * Set the trust domains that the entry federates with.
		 * @param federatesWith the trust domains that the entry federates with, by the
		 * names that the server uses
		 * @return this builder
		 */
		public Builder federatesWith(List<String> federatesWith) {
			Objects.requireNonNull(federatesWith, "'federatesWith' must not be null");
			this.federatesWith = List.copyOf(federatesWith);
			return this;
		}

		/**
		 * Set whether the workload may administer the server.
		 * @param admin whether the workload may administer the server
		 * @return this builder
		 */
		public Builder admin(boolean admin) {
			this.admin = admin;
			return this;
		}

		/**
		 * Set whether the workload is a server that may sign SVIDs.
		 * @param downstream whether the workload is a server that may sign SVIDs
		 * @return this builder
		 */
		public Builder downstream(boolean downstream) {
			this.downstream = downstream;
			return this;
		}

		/**
		 * Set whether agents should put the SVID into a store.
		 * @param storeSvid whether agents should put the SVID into a store
		 * @return this builder
		 */
		public Builder storeSvid(boolean storeSvid) {
			this.storeSvid = storeSvid;
			return this;
		}

		/**
		 * Set a number that changes whenever the entry does.
		 * @param revisionNumber a number that changes whenever the entry does
		 * @return this builder
		 */
		public Builder revisionNumber(long revisionNumber) {
			this.revisionNumber = revisionNumber;
			return this;
		}

		/**
		 * Set a hint that distinguishes the entry from others of the same workload.
		 * @param hint a hint that distinguishes the entry from others of the same
		 * workload, {@code null} if there is none
		 * @return this builder
		 */
		public Builder hint(@Nullable String hint) {
			this.hint = hint;
			return this;
		}

		/**
		 * Set whether each JWT-SVID carries a unique ID.
		 * @param jwtSvidIncludesJti whether each JWT-SVID carries a unique ID
		 * @return this builder
		 */
		public Builder jwtSvidIncludesJti(boolean jwtSvidIncludesJti) {
			this.jwtSvidIncludesJti = jwtSvidIncludesJti;
			return this;
		}

		/**
		 * Build an entry.
		 * @return an entry
		 */
		public AuthorizedEntry build() {
			return new EntryValues(this.id, this.spiffeId, this.selectors, this.federatesWith, this.admin,
					this.downstream, this.storeSvid, this.revisionNumber, this.hint, this.createdAt,
					this.jwtSvidIncludesJti);
		}

	}

}
