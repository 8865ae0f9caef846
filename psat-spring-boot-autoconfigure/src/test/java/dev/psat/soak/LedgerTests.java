package dev.psat.soak;

import dev.psat.support.soak.Violations;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Ledger}.
 */
class LedgerTests {

	private final Ledger ledger = new Ledger();

	private final Violations violations = new Violations();

	@Test
	void findsWhatCameLater() {
		publish("a", "b", "c");
		assertThat(this.ledger.publication("c", 2)).isEqualTo(3);
		assertThat(this.ledger.publication("b", 2)).isEqualTo(2);
	}

	@Test
	void doesNotFindWhatCameBefore() {
		publish("a", "b");
		assertThat(this.ledger.publication("a", 2)).isNull();
	}

	@Test
	void tokenThatComesBackIsFoundInBothPlaces() {
		publish("a", "b", "a");
		assertThat(this.ledger.publication("a", 1)).isEqualTo(1);
		assertThat(this.ledger.publication("a", 2)).isEqualTo(3);
	}

	@Test
	void suspectsAreViolations() {
		publish("a", "b");
		this.ledger.suspect("a", "one");
		this.ledger.suspect("ab", "two");
		this.ledger.settle(this.violations);
		assertThat(this.violations.first()).hasSize(2)
			.anyMatch((violation) -> violation.startsWith("one read a token older"))
			.anyMatch((violation) -> violation.startsWith("two read a token that nobody wrote"));
		this.ledger.settle(this.violations);
		assertThat(this.violations.count()).isEqualTo(2);
	}

	@Test
	void whatHasRestedIsExcused() {
		this.ledger.suspect("torn", "one");
		this.ledger.rested("torn");
		this.ledger.settle(this.violations);
		assertThat(this.violations.count()).isZero();
		assertThat(this.ledger.excused()).isEqualTo(1);
	}

	@Test
	void excuseHoldsForOneTimeOnly() {
		this.ledger.rested("torn");
		this.ledger.settle(this.violations);
		this.ledger.suspect("torn", "one");
		this.ledger.settle(this.violations);
		assertThat(this.violations.count()).isEqualTo(1);
	}

	private void publish(String... tokens) {
		for (String token : tokens) {
			this.ledger.publish(token);
		}
	}

}
