package dev.psat.spire.autoconfigure.ssl;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.psat.autoconfigure.UnsupportedSpringBootException;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link TomcatReloadCheck}.
 */
class TomcatReloadCheckTests {

	@ParameterizedTest
	@ValueSource(strings = { "4.1.1", "4.1.0", "4.0.9", "4.0.12", "3.5.8", "4.2.0-M1" })
	void olderVersionStopsTheStart(String version) {
		assertThatExceptionOfType(UnsupportedSpringBootException.class)
			.isThrownBy(() -> TomcatReloadCheck.check(version, "the web server"))
			.withMessageStartingWith("The web server")
			.withMessageContaining("Spring Boot " + version);
	}

	@ParameterizedTest
	@ValueSource(strings = { "4.1.2", "4.1.10", "4.1.3-SNAPSHOT", "4.2.0-M2", "4.2.0", "5.0.0" })
	void newerVersionIsTaken(String version) {
		assertThatNoException().isThrownBy(() -> TomcatReloadCheck.check(version, "the web server"));
	}

}
