package dev.psat.token;

import java.util.Collection;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Claims of a projected token, for display. They are <em>not verified</em>: only the
 * receiver of the token checks its signature.
 *
 * @param issuer the {@code iss} claim
 * @param subject the {@code sub} claim,
 * {@code system:serviceaccount:<namespace>:<service account>}
 * @param audiences the {@code aud} claim, empty if there is none
 * @param id the {@code jti} claim
 * @param namespace the namespace of the pod
 * @param serviceAccount the service account of the pod
 * @param pod the pod that the token is bound to
 * @param node the node that the pod runs on
 * @since 0.1.0
 * @see <a href=
 * "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#schema-for-service-account-private-claims">Kubernetes:
 * schema of the private claims</a>
 */
public record TokenClaims(@Nullable String issuer, @Nullable String subject, List<String> audiences,
		@Nullable String id, @Nullable String namespace, @Nullable Reference serviceAccount, @Nullable Reference pod,
		@Nullable Reference node) {

	/**
	 * No claims at all.
	 */
	public static final TokenClaims NONE = new TokenClaims(null, null, Collections.emptyList(), null, null, null, null,
			null);

	public TokenClaims {
		Assert.notNull(audiences, "'audiences' must not be null");
		audiences = List.copyOf(audiences);
	}

	/**
	 * Return whether the token is meant for one of the given audiences.
	 * @param expected the audiences; if empty, any token is accepted
	 * @return whether the {@code aud} claim contains one of them
	 */
	public boolean isMeantFor(Collection<String> expected) {
		Assert.notNull(expected, "'expected' must not be null");
		return expected.isEmpty() || !Collections.disjoint(this.audiences, expected);
	}

	/**
	 * A Kubernetes object named by the token.
	 *
	 * @param name the name of the object
	 * @param uid the UID of the object
	 */
	public record Reference(@Nullable String name, @Nullable String uid) {

	}

}
