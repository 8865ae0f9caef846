package dev.psat.spire.workload;

import dev.psat.spire.workload.client.WorkloadFailureReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkloadAdvice}.
 */
class WorkloadAdviceTests {

	@ParameterizedTest
	@EnumSource
	void isASentenceThatNamesNothingOfTheOtherDoor(WorkloadFailureReason reason) {
		assertThat(WorkloadAdvice.of(reason)).matches("[A-Z].*\\.").doesNotContain("spire.server", "%s", "  ");
	}

	@Test
	void tellsWhatToMount() {
		assertThat(WorkloadAdvice.of(WorkloadFailureReason.NOBODY_LISTENS)).contains("mounted alone");
		assertThat(WorkloadAdvice.of(WorkloadFailureReason.DIRECTORY_MISSING)).contains("Mount the directory");
		assertThat(WorkloadAdvice.of(WorkloadFailureReason.SOCKET_NOT_PERMITTED)).contains("'runAsUser'");
		assertThat(WorkloadAdvice.of(WorkloadFailureReason.NO_IDENTITY)).contains("Create a registration entry");
	}

}
