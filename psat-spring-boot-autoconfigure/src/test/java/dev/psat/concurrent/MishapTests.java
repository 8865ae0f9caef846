package dev.psat.concurrent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Mishap}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MishapTests {

	private final Mishap mishap = new Mishap(MishapTests.class, "it happened on purpose");

	@Test
	void isWarnedOfByTheGivenLogger(CapturedOutput output) {
		this.mishap.happened(new IllegalStateException());
		assertThat(warnings(output)).singleElement().asString().contains("WARN", MishapTests.class.getName());
	}

	@Test
	void isWarnedOfOnceForEachTypeUntilItIsOver(CapturedOutput output) {
		this.mishap.happened(new IllegalStateException());
		this.mishap.happened(new IllegalStateException());
		this.mishap.happened(new StackOverflowError());
		assertThat(warnings(output)).hasSize(2);
		this.mishap.over();
		this.mishap.happened(new IllegalStateException());
		assertThat(warnings(output)).hasSize(3);
	}

	private static Iterable<String> warnings(CapturedOutput output) {
		return output.getOut().lines().filter((line) -> line.contains("it happened on purpose")).toList();
	}

}
