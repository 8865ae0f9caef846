package dev.psat.token;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Claims of a projected token, for display. They are <em>not verified</em>: only the
 * receiver of the token checks its signature.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#schema-for-service-account-private-claims">Kubernetes:
 * schema of the private claims</a>
 */
public sealed interface TokenClaims {

	/** No claims at all. */
	TokenClaims NONE = builder().build();

	/**
	 * Return a builder of claims.
	 * @return the builder
	 */
	static Builder builder() {
		return new Builder();
	}

	/** The {@code iss} claim, {@code null} if there is none. */
	@Nullable String issuer();

	/**
	 * Return the {@code sub} claim, {@code system:serviceaccount:<namespace>:<service
	 * account>}, {@code null} if there is none.
	 */
	@Nullable String subject();

	/** The {@code aud} claim, empty if there is none. */
	List<String> audiences();

	/** The {@code jti} claim, {@code null} if there is none. */
	@Nullable String id();

	/** The namespace of the pod, {@code null} if unknown. */
	@Nullable String namespace();

	/** The service account of the pod, {@code null} if unknown. */
	@Nullable Reference serviceAccount();

	/** The pod that the token is bound to, {@code null} if unknown. */
	@Nullable Reference pod();

	/** The node that the pod runs on, {@code null} if unknown. */
	@Nullable Reference node();

	/**
	 * Return whether the token is meant for one of the given audiences.
	 * @param expected the audiences; if empty, any token is accepted
	 * @return whether the {@code aud} claim contains one of them
	 */
	default boolean isMeantFor(Collection<String> expected) {
		Objects.requireNonNull(expected, "'expected' must not be null");
		return expected.isEmpty() || !Collections.disjoint(audiences(), expected);
	}

	/**
	 * A Kubernetes object named by the token.
	 *
	 * @param name the name of the object
	 * @param uid the UID of the object
	 */
	public record Reference(@Nullable String name, @Nullable String uid) {

	}

	/** Builder of claims. Each method sets what the accessor of its name returns. */
	final class Builder {

		private @Nullable String issuer;

		private @Nullable String subject;

		private List<String> audiences = List.of();

		private @Nullable String id;

		private @Nullable String namespace;

		private @Nullable Reference serviceAccount;

		private @Nullable Reference pod;

		private @Nullable Reference node;

		private Builder() {
		}

		public Builder issuer(@Nullable String issuer) {
			this.issuer = issuer;
			return this;
		}

		public Builder subject(@Nullable String subject) {
			this.subject = subject;
			return this;
		}

		public Builder audiences(List<String> audiences) {
			Objects.requireNonNull(audiences, "'audiences' must not be null");
			this.audiences = List.copyOf(audiences);
			return this;
		}

		public Builder id(@Nullable String id) {
			this.id = id;
			return this;
		}

		public Builder namespace(@Nullable String namespace) {
			this.namespace = namespace;
			return this;
		}

		public Builder serviceAccount(@Nullable Reference serviceAccount) {
			this.serviceAccount = serviceAccount;
			return this;
		}

		public Builder pod(@Nullable Reference pod) {
			this.pod = pod;
			return this;
		}

		public Builder node(@Nullable Reference node) {
			this.node = node;
			return this;
		}

		public TokenClaims build() {
			return new TokenClaimsRecord(this.issuer, this.subject, this.audiences, this.id, this.namespace,
					this.serviceAccount, this.pod, this.node);
		}

		private record TokenClaimsRecord(@Nullable String issuer, @Nullable String subject, List<String> audiences,
				@Nullable String id, @Nullable String namespace, @Nullable Reference serviceAccount,
				@Nullable Reference pod, @Nullable Reference node) implements TokenClaims {

		}

	}

}
