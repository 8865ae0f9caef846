package dev.psat.benchmarks.spire.soak;

import dev.psat.benchmarks.soak.Violations;
import dev.psat.benchmarks.spire.soak.Allowances.Allowance;
import dev.psat.benchmarks.spire.soak.Failure.Kind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Allowances}.
 */
class AllowancesTests {

	private final Violations violations = new Violations();

	private final Allowances allowances = new Allowances(this.violations);

	@Test
	void callThatFailsWithoutAFaultIsAViolation() {
		judge(10, 20, Kind.REFUSED);
		assertThat(this.violations.count()).isEqualTo(1);
		assertThat(this.violations.first()).singleElement().asString().contains("orders").contains("why");
		assertThat(this.allowances.explained()).isZero();
	}

	@Test
	void callThatFailsWhileItMayIsExplained() {
		this.allowances.open("revoked", 10);
		judge(20, 30, Kind.REFUSED);
		judge(25, 35, Kind.BROKEN);
		assertThat(this.violations.count()).isZero();
		assertThat(this.allowances.explained("revoked")).isEqualTo(2);
		assertThat(this.allowances.explained("expired")).isZero();
		assertThat(this.allowances.explained()).isEqualTo(2);
	}

	@Test
	void callThatHasFailedBeforeIsAViolation() {
		this.allowances.open("expired", 100);
		judge(80, 99, Kind.REFUSED);
		assertThat(this.violations.count()).isEqualTo(1);
	}

	@Test
	void callThatBeganAfterTheEndIsAViolation() {
		this.allowances.open("revoked", 10).closeAt(50);
		judge(51, 60, Kind.REFUSED);
		assertThat(this.violations.count()).isEqualTo(1);
	}

	@Test
	void callThatWasUnderWayAtBeginningOrEndIsExplained() {
		this.allowances.open("revoked", 10).closeAt(50);
		judge(5, 10, Kind.REFUSED);
		judge(50, 60, Kind.REFUSED);
		assertThat(this.violations.count()).isZero();
		assertThat(this.allowances.explained("revoked")).isEqualTo(2);
	}

	@Test
	void firstEndCounts() {
		Allowance allowance = this.allowances.open("revoked", 10);
		allowance.closeAt(50);
		allowance.close();
		judge(51, 60, Kind.REFUSED);
		assertThat(this.violations.count()).isEqualTo(1);
	}

	@Test
	void callThatFailsInAnotherWayIsAViolation() {
		this.allowances.open("revoked", 10);
		judge(20, 30, Kind.OTHER);
		assertThat(this.violations.count()).isEqualTo(1);
	}

	private void judge(long begun, long ended, Kind kind) {
		this.allowances.judge(new Failure("orders", begun, ended, kind, "why"));
	}

}
