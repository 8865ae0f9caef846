package dev.psat.autoconfigure;

import dev.psat.autoconfigure.internal.PsatStartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link SpringBootVersionCheck}; {@link ClassPathTests} starts on an old
 * version.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpringBootVersionCheckTests {

	@ParameterizedTest
	@ValueSource(strings = { "2.7.18", "3.5.7", "3.5.8-SNAPSHOT" })
	void oldVersionIsRefused(String version) {
		assertThatExceptionOfType(PsatStartupException.class).isThrownBy(() -> SpringBootVersionCheck.check(version))
			.withMessageContaining(version);
	}

	@ParameterizedTest
	@ValueSource(strings = { "4.2.0", "4.2.0-SNAPSHOT", "4.10.1", "5.0.0-M1", "10.0.0" })
	void versionThatIsNewerThanThoseTestedIsWarnedOf(String version, CapturedOutput output) {
		SpringBootVersionCheck.warnIfNewer(version);
		assertThat(output).containsOnlyOnce("Spring Boot " + version + " is newer than 4.1, the newest with which");
	}

	@ParameterizedTest
	@ValueSource(strings = { "4.0.0-RC1", "4.0.9", "4.1.0", "4.1.99" })
	void versionOfATestedMinorIsNotWarnedOf(String version, CapturedOutput output) {
		SpringBootVersionCheck.warnIfNewer(version);
		assertThat(output).isEmpty();
	}

	@Test
	void versionOfTheBuildIsNotWarnedOf(CapturedOutput output) {
		new SpringBootVersionCheck().initialize(new GenericApplicationContext());
		assertThat(output).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "4.0.0-RC1", "4.0.0", "4.1.2", "10.0.0" })
	void versionThatWorksOrIsYetToComeIsTaken(String version) {
		assertThatNoException().isThrownBy(() -> SpringBootVersionCheck.check(version));
	}

}
