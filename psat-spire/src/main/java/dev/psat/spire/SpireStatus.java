package dev.psat.spire;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import org.jspecify.annotations.Nullable;

/**
 * Status of a {@link SpireIdentity} at one instant. It contains identifiers and dates,
 * but neither keys nor tokens.
 *
 * @since 0.1.0
 */
public sealed interface SpireStatus {

	/**
	 * Return a builder of a status.
	 * @param state the state
	 * @return the builder
	 */
	static Builder builder(SpireState state) {
		return new Builder(state);
	}

	/**
	 * Return a builder that begins with these values, so that one of them can be
	 * replaced.
	 * @return the builder
	 */
	default Builder mutate() {
		return new Builder(state()).server(server())
			.workloadApi(workloadApi())
			.trustDomain(trustDomain())
			.agentId(agentId())
			.agentExpiresAt(agentExpiresAt())
			.candidates(candidates())
			.svid(svid())
			.trustBundle(trustBundle())
			.federation(federation())
			.clockSkew(clockSkew())
			.lastError(lastError());
	}

	/** Return the state. */
	SpireState state();

	/**
	 * Return where the identity comes from: the address of the SPIRE Server, {@code null}
	 * if it does not tell, or does not come from there.
	 */
	@Nullable String server();

	/**
	 * Return where the identity comes from: the address of the Workload API, {@code null}
	 * if it does not come from there.
	 */
	@Nullable String workloadApi();

	/** Return the trust domain, {@code null} if unknown. */
	@Nullable TrustDomain trustDomain();

	/**
	 * Return the agent ID of this application, {@code null} before the first attestation.
	 */
	@Nullable SpiffeId agentId();

	/** Return when the agent SVID expires, {@code null} if there is none. */
	@Nullable Instant agentExpiresAt();

	/**
	 * Return how many IDs this pod could obtain, {@code null} before the first answer.
	 */
	@Nullable Integer candidates();

	/** Return the X.509-SVID, {@code null} if there has not been one yet. */
	@Nullable Svid svid();

	/** Return the trust bundle, {@code null} if none has been read yet. */
	@Nullable Bundle trustBundle();

	/**
	 * Return the trust domains with which this application is configured to federate, in
	 * that order.
	 */
	List<Federation> federation();

	/**
	 * Return how far the server's clock is ahead, {@code null} if unknown; zero if it is
	 * no more than 30 seconds.
	 */
	@Nullable Duration clockSkew();

	/**
	 * Return the last error since the last complete visit, or else the last eviction
	 * while another process attests with the same agent ID; {@code null} if there is
	 * neither.
	 */
	@Nullable LastError lastError();

	/** The X.509-SVID. */
	sealed interface Svid {

		/**
		 * Return a builder of an X.509-SVID.
		 * @param id the SPIFFE ID
		 * @param serialNumber the serial number
		 * @param generation how many X.509-SVIDs there have been, including this one
		 * @param issuedAt when it was issued, by the server's clock
		 * @param expiresAt when it expires
		 * @return the builder
		 */
		static Builder builder(SpiffeId id, BigInteger serialNumber, long generation, Instant issuedAt,
				Instant expiresAt) {
			return new Builder(id, serialNumber, generation, issuedAt, expiresAt);
		}

		/** Return the SPIFFE ID. */
		SpiffeId id();

		/** Return the serial number. */
		BigInteger serialNumber();

		/** Return how many X.509-SVIDs there have been, including this one. */
		long generation();

		/** Return when it was issued, by the server's clock. */
		Instant issuedAt();

		/** Return when it expires. */
		Instant expiresAt();

		/**
		 * Return when the next one is due, {@code null} if another process sees to that.
		 */
		@Nullable Instant renewalDueAt();

		/** Builder of an X.509-SVID. */
		final class Builder {

			private final SpiffeId id;

			private final BigInteger serialNumber;

			private final long generation;

			private final Instant issuedAt;

			private final Instant expiresAt;

			private @Nullable Instant renewalDueAt;

			private Builder(SpiffeId id, BigInteger serialNumber, long generation, Instant issuedAt,
					Instant expiresAt) {
				this.id = Objects.requireNonNull(id, "'id' must not be null");
				this.serialNumber = Objects.requireNonNull(serialNumber, "'serialNumber' must not be null");
				this.generation = generation;
				this.issuedAt = Objects.requireNonNull(issuedAt, "'issuedAt' must not be null");
				this.expiresAt = Objects.requireNonNull(expiresAt, "'expiresAt' must not be null");
			}

			/**
			 * Return this builder after setting when the next one is due, {@code null} if
			 * another process sees to that.
			 */
			public Builder renewalDueAt(@Nullable Instant renewalDueAt) {
				this.renewalDueAt = renewalDueAt;
				return this;
			}

			/** Return an X.509-SVID of these values. */
			public Svid build() {
				return new SvidRecord(this.id, this.serialNumber, this.generation, this.issuedAt, this.expiresAt,
						this.renewalDueAt);
			}

			private record SvidRecord(SpiffeId id, BigInteger serialNumber, long generation, Instant issuedAt,
					Instant expiresAt, @Nullable Instant renewalDueAt) implements Svid {

			}

		}

	}

	/** The trust bundle. */
	sealed interface Bundle {

		/**
		 * Return a builder of a trust bundle.
		 * @param authorities the number of X.509 authorities
		 * @param generation how many different sets of X.509 authorities there have been,
		 * including this one
		 * @return the builder
		 */
		static Builder builder(int authorities, long generation) {
			return new Builder(authorities, generation);
		}

		/** Return the number of X.509 authorities. */
		int authorities();

		/** Return the sequence number, {@code null} if it has none. */
		@Nullable Long sequenceNumber();

		/**
		 * Return when the server last provided it, {@code null} if it comes from the
		 * file.
		 */
		@Nullable Instant refreshedAt();

		/**
		 * Return how many different sets of X.509 authorities there have been, including
		 * this one.
		 */
		long generation();

		/** Builder of a trust bundle. */
		final class Builder {

			private final int authorities;

			private @Nullable Long sequenceNumber;

			private @Nullable Instant refreshedAt;

			private final long generation;

			private Builder(int authorities, long generation) {
				this.authorities = authorities;
				this.generation = generation;
			}

			/**
			 * Return this builder after setting the sequence number, {@code null} if it
			 * has none.
			 */
			public Builder sequenceNumber(@Nullable Long sequenceNumber) {
				this.sequenceNumber = sequenceNumber;
				return this;
			}

			/**
			 * Return this builder after setting when the server last provided it, {@code
			 * null} if it comes from the file.
			 */
			public Builder refreshedAt(@Nullable Instant refreshedAt) {
				this.refreshedAt = refreshedAt;
				return this;
			}

			/** Return a trust bundle of these values. */
			public Bundle build() {
				return new BundleRecord(this.authorities, this.sequenceNumber, this.refreshedAt, this.generation);
			}

			private record BundleRecord(int authorities, @Nullable Long sequenceNumber, @Nullable Instant refreshedAt,
					long generation) implements Bundle {

			}

		}

	}

	/** A trust domain with which this application is configured to federate. */
	sealed interface Federation {

		/**
		 * Return a builder of a trust domain.
		 * @param trustDomain the trust domain
		 * @param state whether its workloads are trusted, or why they are not
		 * @param generation how many different sets of authorities there have been,
		 * including this one and each time without any
		 * @return the builder
		 */
		static Builder builder(TrustDomain trustDomain, FederationState state, long generation) {
			return new Builder(trustDomain, state, generation);
		}

		/** Return the trust domain. */
		TrustDomain trustDomain();

		/** Return whether its workloads are trusted, or why they are not. */
		FederationState state();

		/** Return the number of authorities for X.509-SVIDs in force. */
		int x509AuthorityCount();

		/** Return the number of authorities for JWT-SVIDs in force. */
		int jwtAuthorityCount();

		/**
		 * Return when the server last answered for this trust domain, whatever it said;
		 * {@code null} before the first answer. When the server itself has last heard of
		 * the trust domain, it does not tell.
		 */
		@Nullable Instant refreshedAt();

		/**
		 * Return how many different sets of authorities there have been, including this
		 * one and each time without any.
		 */
		long generation();

		/** Return the last error since the last answer, {@code null} if there is none. */
		@Nullable LastError lastError();

		/** Builder of a trust domain. */
		final class Builder {

			private final TrustDomain trustDomain;

			private final FederationState state;

			private int x509AuthorityCount;

			private int jwtAuthorityCount;

			private @Nullable Instant refreshedAt;

			private final long generation;

			private @Nullable LastError lastError;

			private Builder(TrustDomain trustDomain, FederationState state, long generation) {
				this.trustDomain = Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
				this.state = Objects.requireNonNull(state, "'state' must not be null");
				this.generation = generation;
			}

			/**
			 * Return this builder after setting the number of authorities for X.509-SVIDs
			 * in force.
			 */
			public Builder x509AuthorityCount(int x509AuthorityCount) {
				this.x509AuthorityCount = x509AuthorityCount;
				return this;
			}

			/**
			 * Return this builder after setting the number of authorities for JWT-SVIDs
			 * in force.
			 */
			public Builder jwtAuthorityCount(int jwtAuthorityCount) {
				this.jwtAuthorityCount = jwtAuthorityCount;
				return this;
			}

			/**
			 * Return this builder after setting when the server last answered for this
			 * trust domain, whatever it said; {@code null} before the first answer. When
			 * the server itself has last heard of the trust domain, it does not tell.
			 */
			public Builder refreshedAt(@Nullable Instant refreshedAt) {
				this.refreshedAt = refreshedAt;
				return this;
			}

			/**
			 * Return this builder after setting the last error since the last answer,
			 * {@code null} if there is none.
			 */
			public Builder lastError(@Nullable LastError lastError) {
				this.lastError = lastError;
				return this;
			}

			/** Return a trust domain of these values. */
			public Federation build() {
				return new FederationRecord(this.trustDomain, this.state, this.x509AuthorityCount,
						this.jwtAuthorityCount, this.refreshedAt, this.generation, this.lastError);
			}

			private record FederationRecord(TrustDomain trustDomain, FederationState state, int x509AuthorityCount,
					int jwtAuthorityCount, @Nullable Instant refreshedAt, long generation,
					@Nullable LastError lastError) implements Federation {

			}

		}

	}

	/** The last error. */
	sealed interface LastError {

		/**
		 * Return a builder of an error.
		 * @param reason the reason: a {@link dev.psat.spire.client.FailureReason}, a
		 * {@link dev.psat.spire.workload.client.WorkloadFailureReason}, or one of
		 * {@code TOKEN_UNAVAILABLE NODE_IDENTITY NO_ENTRY AMBIGUOUS_ENTRY NOT_RENEWED TRUST_BUNDLE_UNREADABLE UNEXPECTED}
		 * @param at when the error occurred
		 * @param message what went wrong
		 * @param advice what to do about it
		 * @return the builder
		 */
		static Builder builder(String reason, Instant at, String message, String advice) {
			return new Builder(reason, at, message, advice);
		}

		/**
		 * Return the reason: a {@link dev.psat.spire.client.FailureReason}, a
		 * {@link dev.psat.spire.workload.client.WorkloadFailureReason}, or one of {@code
		 * TOKEN_UNAVAILABLE NODE_IDENTITY NO_ENTRY AMBIGUOUS_ENTRY NOT_RENEWED
		 * TRUST_BUNDLE_UNREADABLE UNEXPECTED}.
		 */
		String reason();

		/** Return when the error occurred. */
		Instant at();

		/** Return what went wrong. */
		String message();

		/** Return what to do about it. */
		String advice();

		/** Builder of an error. */
		final class Builder {

			private final String reason;

			private final Instant at;

			private final String message;

			private final String advice;

			private Builder(String reason, Instant at, String message, String advice) {
				this.reason = Objects.requireNonNull(reason, "'reason' must not be null");
				this.at = Objects.requireNonNull(at, "'at' must not be null");
				this.message = Objects.requireNonNull(message, "'message' must not be null");
				this.advice = Objects.requireNonNull(advice, "'advice' must not be null");
			}

			/** Return an error of these values. */
			public LastError build() {
				return new LastErrorRecord(this.reason, this.at, this.message, this.advice);
			}

			private record LastErrorRecord(String reason, Instant at, String message,
					String advice) implements LastError {

			}

		}

	}

	/** Builder of a status. */
	final class Builder {

		private final SpireState state;

		private @Nullable String server;

		private @Nullable String workloadApi;

		private @Nullable TrustDomain trustDomain;

		private @Nullable SpiffeId agentId;

		private @Nullable Instant agentExpiresAt;

		private @Nullable Integer candidates;

		private @Nullable Svid svid;

		private @Nullable Bundle trustBundle;

		private List<Federation> federation = List.of();

		private @Nullable Duration clockSkew;

		private @Nullable LastError lastError;

		private Builder(SpireState state) {
			this.state = Objects.requireNonNull(state, "'state' must not be null");
		}

		/**
		 * Return this builder after setting where the identity comes from: the address of
		 * the SPIRE Server, {@code null} if it does not tell, or does not come from
		 * there.
		 */
		public Builder server(@Nullable String server) {
			this.server = server;
			return this;
		}

		/**
		 * Return this builder after setting where the identity comes from: the address of
		 * the Workload API, {@code null} if it does not come from there.
		 */
		public Builder workloadApi(@Nullable String workloadApi) {
			this.workloadApi = workloadApi;
			return this;
		}

		/**
		 * Return this builder after setting the trust domain, {@code null} if unknown.
		 */
		public Builder trustDomain(@Nullable TrustDomain trustDomain) {
			this.trustDomain = trustDomain;
			return this;
		}

		/**
		 * Return this builder after setting the agent ID of this application, {@code
		 * null} before the first attestation.
		 */
		public Builder agentId(@Nullable SpiffeId agentId) {
			this.agentId = agentId;
			return this;
		}

		/**
		 * Return this builder after setting when the agent SVID expires, {@code null} if
		 * there is none.
		 */
		public Builder agentExpiresAt(@Nullable Instant agentExpiresAt) {
			this.agentExpiresAt = agentExpiresAt;
			return this;
		}

		/**
		 * Return this builder after setting how many IDs this pod could obtain, {@code
		 * null} before the first answer.
		 */
		public Builder candidates(@Nullable Integer candidates) {
			this.candidates = candidates;
			return this;
		}

		/**
		 * Return this builder after setting the X.509-SVID, {@code null} if there has not
		 * been one yet.
		 */
		public Builder svid(@Nullable Svid svid) {
			this.svid = svid;
			return this;
		}

		/**
		 * Return this builder after setting the trust bundle, {@code null} if none has
		 * been read yet.
		 */
		public Builder trustBundle(@Nullable Bundle trustBundle) {
			this.trustBundle = trustBundle;
			return this;
		}

		/**
		 * Return this builder after setting the trust domains with which this application
		 * is configured to federate, in that order.
		 */
		public Builder federation(List<Federation> federation) {
			Objects.requireNonNull(federation, "'federation' must not be null");
			this.federation = List.copyOf(federation);
			return this;
		}

		/**
		 * Return this builder after setting how far the server's clock is ahead, {@code
		 * null} if unknown; zero if it is no more than 30 seconds.
		 */
		public Builder clockSkew(@Nullable Duration clockSkew) {
			this.clockSkew = clockSkew;
			return this;
		}

		/**
		 * Return this builder after setting the last error since the last complete visit,
		 * or else the last eviction while another process attests with the same agent ID;
		 * {@code null} if there is neither.
		 */
		public Builder lastError(@Nullable LastError lastError) {
			this.lastError = lastError;
			return this;
		}

		/** Return a status of these values. */
		public SpireStatus build() {
			return new SpireStatusRecord(this.state, this.server, this.workloadApi, this.trustDomain, this.agentId,
					this.agentExpiresAt, this.candidates, this.svid, this.trustBundle, this.federation, this.clockSkew,
					this.lastError);
		}

		private record SpireStatusRecord(SpireState state, @Nullable String server, @Nullable String workloadApi,
				@Nullable TrustDomain trustDomain, @Nullable SpiffeId agentId, @Nullable Instant agentExpiresAt,
				@Nullable Integer candidates, @Nullable Svid svid, @Nullable Bundle trustBundle,
				List<Federation> federation, @Nullable Duration clockSkew,
				@Nullable LastError lastError) implements SpireStatus {

		}

	}

}
