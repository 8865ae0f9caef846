package dev.psat.spire;

import java.util.List;
import java.util.Objects;

import dev.psat.spiffe.TrustDomain;
import org.jspecify.annotations.Nullable;

/**
 * Observer of a {@link SpireIdentity}. Implementations should not block, but for
 * {@link #changed}: calls are made by the thread that sends a request or receives an
 * update. Exceptions that it throws are logged once and otherwise ignored, and an
 * interrupt that it leaves behind on a thread of the identity is cleared. Outcomes are
 * {@code success} or the reason of a failure in kebab case, such as
 * {@code service-account-not-allowed}; see {@link SpireStatus.LastError#reason()}.
 *
 * @since 0.1.0
 */
public interface SpireObserver {

	/**
	 * Called before a request to the server, by the thread that makes it: that of the
	 * application for a JWT-SVID, and otherwise the one that visits the server.
	 * @param request what is about to be requested
	 * @return notified of the end by the same thread, {@code null} for nobody. If several
	 * observers want to know, the last one is notified first
	 */
	default @Nullable Ending requesting(Request request) {
		return null;
	}

	/**
	 * Called after a request for an X.509-SVID, or an update from an agent, including the
	 * first one.
	 * @param outcome the outcome
	 */
	default void x509SvidRequested(String outcome) {
	}

	/**
	 * Called after a request for the trust bundle, or an update from an agent.
	 * @param outcome the outcome
	 */
	default void refreshed(String outcome) {
	}

	/**
	 * Called after a request for the trust bundle of a federated trust domain.
	 * @param trustDomain the trust domain
	 * @param outcome the outcome; {@code trust-bundle-not-found} if the server has none
	 */
	default void refreshed(TrustDomain trustDomain, String outcome) {
	}

	/**
	 * Called when the state, the X.509-SVID, the X.509 authorities of the trust bundle or
	 * the authorities of a federated trust domain have changed. Calls are made one at a
	 * time by a separate thread; a slow observer receives the latest status rather than
	 * every one.
	 * @param previous the previous status as known to this observer
	 * @param current the current status
	 */
	default void changed(SpireStatus previous, SpireStatus current) {
	}

	/** A request to the server. */
	sealed interface Request {

		/**
		 * Return a builder of a request.
		 * @param type what is requested
		 * @return the builder
		 */
		static Builder builder(Type type) {
			return new Builder(type);
		}

		/** Return what is requested. */
		Type type();

		/** Return the audiences of the JWT-SVID, empty for anything else. */
		List<String> audience();

		/** What is requested. */
		public enum Type {

			/**
			 * An attestation, which includes obtaining the payload and the time in the
			 * server's queue.
			 */
			ATTESTATION,

			/** An X.509-SVID, be it the first one or a renewal. */
			X509_SVID,

			/**
			 * A JWT-SVID that memory could not answer, neither with one nor with the
			 * refusal of another request.
			 */
			JWT_SVID

		}

		/** Builder of a request. */
		final class Builder {

			private final Type type;

			private List<String> audience = List.of();

			private Builder(Type type) {
				this.type = Objects.requireNonNull(type, "'type' must not be null");
			}

			/**
			 * Return this builder after setting the audiences of the JWT-SVID, empty for
			 * anything else.
			 */
			public Builder audience(List<String> audience) {
				Objects.requireNonNull(audience, "'audience' must not be null");
				this.audience = List.copyOf(audience);
				return this;
			}

			/** Return a request of these values. */
			public Request build() {
				return new RequestRecord(this.type, this.audience);
			}

			private record RequestRecord(Type type, List<String> audience) implements Request {

			}

		}

	}

	/** Notified of the end of a request. */
	interface Ending {

		/**
		 * Called once the request has ended in any way.
		 * @param outcome the outcome
		 */
		void ended(String outcome);

	}

}
