package dev.psat.concurrent.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RepeatedError}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RepeatedErrorTests {

	private final RepeatedError repeatedError = new RepeatedError(RepeatedErrorTests.class, "it happened on purpose");

	@Test
	void isWarnedOfByTheGivenLogger(CapturedOutput output) {
		this.repeatedError.happened(new IllegalStateException());
		assertThat(warnings(output)).singleElement().asString().contains("WARN", RepeatedErrorTests.class.getName());
	}

	@Test
	void isWarnedOfOnceForEachTypeUntilItIsOver(CapturedOutput output) {
		this.repeatedError.happened(new IllegalStateException());
		this.repeatedError.happened(new IllegalStateException());
		this.repeatedError.happened(new StackOverflowError());
		assertThat(warnings(output)).hasSize(2);
		this.repeatedError.over();
		this.repeatedError.happened(new IllegalStateException());
		assertThat(warnings(output)).hasSize(3);
	}

	@Test
	void isLoggedByWhoeverMayTakeItsTime(CapturedOutput output) {
		List<Runnable> lines = new CopyOnWriteArrayList<>();
		RepeatedError elsewhere = new RepeatedError(RepeatedErrorTests.class, "it happened on purpose", lines::add);
		elsewhere.happened(new IllegalStateException());
		elsewhere.happened(new IllegalStateException());
		assertThat(warnings(output)).isEmpty();
		assertThat(lines).hasSize(1);
		lines.get(0).run();
		assertThat(warnings(output)).hasSize(1);
	}

	private static Iterable<String> warnings(CapturedOutput output) {
		return output.getOut().lines().filter((line) -> line.contains("it happened on purpose")).toList();
	}

}
