package dev.psat.autoconfigure;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link SpringBootVersionCheck}; {@link ClassPathTests} starts on an old
 * version.
 */
class SpringBootVersionCheckTests {

	@ParameterizedTest
	@ValueSource(strings = { "2.7.18", "3.5.7", "3.5.8-SNAPSHOT" })
	void oldVersionIsRefused(String version) {
		assertThatExceptionOfType(UnsupportedSpringBootException.class)
			.isThrownBy(() -> SpringBootVersionCheck.check(version))
			.withMessageContaining(version);
	}

	@ParameterizedTest
	@ValueSource(strings = { "4.0.0-RC1", "4.0.0", "4.1.2", "10.0.0" })
	void versionThatWorksOrIsYetToComeIsTaken(String version) {
		assertThatNoException().isThrownBy(() -> SpringBootVersionCheck.check(version));
	}

}
