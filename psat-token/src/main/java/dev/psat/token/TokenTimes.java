package dev.psat.token;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The instants that a token carries, and those derived from them.
 *
 * @param issuedAt {@code iat}
 * @param notBefore {@code nbf}
 * @param warnAfter {@code kubernetes.io.warnafter}: the end of the nominal life if the
 * API server has extended {@code exp} for old clients
 * @param expiresAt {@code exp}
 */
record TokenTimes(@Nullable Instant issuedAt, @Nullable Instant notBefore, @Nullable Instant warnAfter,
		Instant expiresAt) {

	/** kubelet rotates after a day, however long the token lives. */
	private static final Duration LATEST_ROTATION = Duration.ofHours(24);

	/** kubelet checks each pod's volumes every 60 to 90 seconds. */
	private static final Duration SYNC_PERIOD = Duration.ofSeconds(90);

	private static final Duration MOST_SLACK = Duration.ofSeconds(30);

	/**
	 * kubelet requests the next token at 80 % of the nominal life.
	 * @see <a href=
	 * "https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/token/token_manager.go">kubelet's
	 * token manager</a>
	 */
	@Nullable Instant rotationDueAt() {
		if (this.issuedAt == null || !nominalEnd().isAfter(this.issuedAt)) {
			return null;
		}
		Duration eightyPercent = Duration.between(this.issuedAt, nominalEnd()).multipliedBy(4).dividedBy(5);
		return this.issuedAt.plus(shorter(eightyPercent, LATEST_ROTATION));
	}

	/** From then on kubelet has certainly missed the rotation. */
	@Nullable Instant overdueFrom() {
		Instant due = rotationDueAt();
		if (due == null) {
			return null;
		}
		Instant certain = due.plus(SYNC_PERIOD);
		Duration halfOfTheRest = Duration.between(certain, nominalEnd()).dividedBy(2);
		Instant overdue = halfOfTheRest.isNegative() ? certain : certain.plus(shorter(MOST_SLACK, halfOfTheRest));
		return overdue.isBefore(nominalEnd()) ? overdue : nominalEnd();
	}

	private Instant nominalEnd() {
		return (this.warnAfter != null) ? this.warnAfter : this.expiresAt;
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) <= 0) ? one : other;
	}

}
