package dev.psat.tlstests.tomcat.soak;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.psat.support.Matrix;
import dev.psat.support.soak.Violations;
import dev.psat.tlstests.tomcat.soak.Failure.Kind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Allowances}.
 */
@Matrix
class AllowancesTests {

	private final Violations violations = new Violations();

	private final Map<String, Long> refused = new HashMap<>();

	private final Allowances allowances = new Allowances(this.violations, List.of("orders", "customers"),
			(application, kind) -> this.refused.getOrDefault(application + kind, 0L));

	@Test
	void callThatFailsWithoutAFaultIsAViolation() {
		fail(Kind.PEER_REFUSED);
		assertThat(this.violations.first()).singleElement().asString().contains("orders").contains("why");
		assertThat(this.allowances.explained()).isZero();
	}

	@Test
	void callThatFailsWhileItMayIsExplained() {
		this.allowances.allow("revoked");
		refuse("orders", Kind.PEER_REFUSED);
		fail(Kind.PEER_REFUSED);
		refuse("orders", Kind.REFUSED_BY_PEER);
		fail(Kind.REFUSED_BY_PEER);
		this.allowances.forbid();
		assertThat(this.violations.count()).isZero();
		assertThat(this.allowances.explained("revoked")).isEqualTo(2);
		assertThat(this.allowances.explained("expired")).isZero();
		assertThat(this.allowances.explained()).isEqualTo(2);
	}

	@Test
	void callThatFailsAfterwardsIsAViolation() {
		this.allowances.allow("revoked");
		this.allowances.forbid();
		fail(Kind.PEER_REFUSED);
		assertThat(this.violations.count()).isEqualTo(1);
	}

	@Test
	void callThatFailsInAnotherWayIsAViolation() {
		this.allowances.allow("revoked");
		fail(Kind.OTHER);
		assertThat(this.violations.count()).isEqualTo(1);
	}

	@Test
	void callThatFailsOnAnOpenConnectionIsAViolation() {
		this.allowances.allow("revoked");
		this.allowances.judge(failure(Kind.REFUSED_BY_PEER), false);
		assertThat(this.violations.count()).isEqualTo(1);
		assertThat(this.allowances.explained()).isZero();
	}

	@Test
	void moreFailedCallsThanRefusedHandshakesAreAViolation() {
		this.allowances.allow("revoked");
		refuse("orders", Kind.REFUSED_BY_PEER);
		fail(Kind.REFUSED_BY_PEER);
		fail(Kind.REFUSED_BY_PEER);
		this.allowances.forbid();
		assertThat(this.violations.first()).singleElement()
			.asString()
			.contains("2 calls of orders")
			.contains("only 1 handshakes");
	}

	@Test
	void handshakesOfAnotherApplicationOrKindExplainNothing() {
		this.allowances.allow("revoked");
		refuse("customers", Kind.REFUSED_BY_PEER);
		refuse("orders", Kind.PEER_REFUSED);
		fail(Kind.REFUSED_BY_PEER);
		this.allowances.forbid();
		assertThat(this.violations.count()).isEqualTo(1);
	}

	@Test
	void handshakesOfAnEarlierFaultExplainNothing() {
		this.allowances.allow("revoked");
		refuse("orders", Kind.PEER_REFUSED);
		this.allowances.forbid();
		this.allowances.allow("revoked");
		fail(Kind.PEER_REFUSED);
		this.allowances.forbid();
		assertThat(this.violations.count()).isEqualTo(1);
	}

	@Test
	void furtherRefusedHandshakesAreThoseOfAClientThatTriesAgain() {
		this.allowances.allow("revoked");
		refuse("orders", Kind.PEER_REFUSED);
		refuse("orders", Kind.PEER_REFUSED);
		fail(Kind.PEER_REFUSED);
		this.allowances.forbid();
		this.allowances.check();
		assertThat(this.violations.count()).isZero();
	}

	@Test
	void handshakeRefusedBeforehandIsAViolation() {
		refuse("customers", Kind.PEER_REFUSED);
		this.allowances.allow("revoked");
		assertThat(this.violations.first()).singleElement().asString().contains("1 handshakes of customers");
	}

	@Test
	void handshakeRefusedAfterwardsIsAViolation() {
		this.allowances.allow("revoked");
		refuse("orders", Kind.PEER_REFUSED);
		this.allowances.forbid();
		refuse("orders", Kind.REFUSED_BY_PEER);
		this.allowances.check();
		this.allowances.check();
		assertThat(this.violations.first()).singleElement().asString().contains("1 handshakes of orders");
	}

	@Test
	void whoHasOnlyAnExpiredSvidRefusesUncounted() {
		this.allowances.allowAllExpired("expired");
		fail(Kind.OWN_EXPIRED);
		fail(Kind.REFUSED_BY_PEER);
		this.allowances.forbid();
		assertThat(this.violations.count()).isZero();
		assertThat(this.allowances.explained("expired")).isEqualTo(2);
		this.allowances.allow("revoked");
		fail(Kind.OWN_EXPIRED);
		assertThat(this.violations.count()).isEqualTo(1);
		fail(Kind.REFUSED_BY_PEER);
		this.allowances.forbid();
		assertThat(this.violations.count()).isEqualTo(2);
	}

	private void refuse(String application, Kind kind) {
		this.refused.merge(application + kind, 1L, Long::sum);
	}

	private void fail(Kind kind) {
		this.allowances.judge(failure(kind), true);
	}

	private static Failure failure(Kind kind) {
		return new Failure("orders", "orders on a new connection", Duration.ofMillis(1), kind, "why");
	}

}
