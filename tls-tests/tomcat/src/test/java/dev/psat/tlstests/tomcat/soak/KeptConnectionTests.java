package dev.psat.tlstests.tomcat.soak;

import java.util.concurrent.atomic.AtomicLong;

import dev.psat.support.Matrix;
import dev.psat.support.soak.Violations;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KeptConnection}.
 */
@Matrix
class KeptConnectionTests {

	private final Violations violations = new Violations();

	private final AtomicLong generation = new AtomicLong(3);

	private final KeptConnection connection = new KeptConnection("orders", this.generation::get, this.violations);

	@Test
	void isOpenFromTheFirstAnswer() {
		assertThat(this.connection.isOpen()).isFalse();
		this.connection.answered("1");
		assertThat(this.connection.isOpen()).isTrue();
	}

	@Test
	void outlivesSvidsThatAreReplaced() {
		this.connection.answered("1");
		assertThat(this.connection.outlived()).isZero();
		this.generation.set(5);
		this.connection.answered("1");
		assertThat(this.connection.outlived()).isEqualTo(2);
		assertThat(this.violations.count()).isZero();
	}

	@Test
	void outlivesNothingUntilItAnswers() {
		this.connection.answered("1");
		this.generation.set(5);
		assertThat(this.connection.outlived()).isZero();
	}

	@Test
	void replacementIsAViolation() {
		this.connection.answered("1");
		this.generation.set(5);
		this.connection.answered("2");
		assertThat(this.violations.first()).singleElement().asString().contains("orders");
		assertThat(this.connection.outlived()).isZero();
	}

}
