package dev.psat.benchmarks.spire.start;

import java.util.List;

import dev.psat.benchmarks.jvm.Jdk;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link LiveHeap}.
 */
class LiveHeapTests {

	@Test
	void takesTheSumOfBytes() {
		assertThat(LiveHeap.total(List.of(" num     #instances         #bytes  class name",
				"   1:         10482        1008824  [B (java.base@17.0.15)", "Total        104820       12008824")))
			.isEqualTo(12_008_824);
	}

	@Test
	void asksARunningJvm() throws Exception {
		assertThat(LiveHeap.of(Jdk.current(), ProcessHandle.current().pid())).isPositive();
	}

	@Test
	void noticesThatThereIsNoHistogram() {
		assertThatIllegalStateException().isThrownBy(() -> LiveHeap.total(List.of("No such process")))
			.withMessageContaining("No such process");
	}

}
