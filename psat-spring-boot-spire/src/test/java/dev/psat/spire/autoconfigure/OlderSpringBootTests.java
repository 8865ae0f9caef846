package dev.psat.spire.autoconfigure;

import java.lang.module.ModuleDescriptor.Version;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.psat.autoconfigure.UnsupportedSpringBootException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for an application that would serve the SSL bundle on a Spring Boot whose Tomcat
 * does not keep what decides who may connect. {@code .ci/run} has one.
 */
@EnabledIf("isOlder")
@ExtendWith(OutputCaptureExtension.class)
class OlderSpringBootTests {

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	static boolean isOlder() {
		return Version.parse(SpringBootVersion.getVersion()).compareTo(Version.parse("4.1.2")) < 0;
	}

	@Test
	void bundleOnTomcatStopsTheStart(CapturedOutput output) {
		assertThat(catchThrowable(() -> SpringApplication
			.run(ServedBundleTests.Application.class, this.world.arguments(ServedBundleTests.SERVED))
			.close())).hasRootCauseInstanceOf(UnsupportedSpringBootException.class);
		assertThat(output)
			.contains("APPLICATION FAILED TO START", "not safe on Spring Boot " + SpringBootVersion.getVersion(),
					"Upgrade Spring Boot to 4.1.2 or later")
			.doesNotContain("Tomcat started");
	}

}
