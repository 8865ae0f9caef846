package dev.psat.spire.tomcat;

import java.nio.file.Path;
import java.util.List;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.support.SeparateClassPath;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TomcatBundleCustomizer.TomcatReloadCheck}.
 */
class TomcatReloadCheckTests {

	@Test
	void thisVersionIsTaken() {
		assertThat(Probe.run()).isEmpty();
	}

	@Test
	void versionThatKeepsTheHostIsTaken() throws Exception {
		assertThat(check("4.0.9")).isEmpty();
	}

	@Test
	void versionThatRecreatesTheHostStopsTheStart() throws Exception {
		assertThat(check("4.1.0")).singleElement()
			.asString()
			.startsWith("The web server serves the SSL bundle of the SPIRE identity on Tomcat")
			.contains("not safe on Spring Boot");
	}

	private static List<String> check(String version) throws Exception {
		Path jar = Path.of("target/spring-boot-tomcat", "spring-boot-tomcat-" + version + ".jar");
		assertThat(jar).exists();
		return new SeparateClassPath().without("spring-boot-tomcat").with(jar).run(Probe.class);
	}

	/**
	 * Runs with the classes of any version.
	 */
	public static final class Probe {

		private Probe() {
		}

		public static List<String> run(String... arguments) {
			try {
				TomcatBundleCustomizer.TomcatReloadCheck.check(SpiffeSslBundle.of(new TestIdentity()),
						"the web server");
				return List.of();
			}
			catch (PsatStartupException ex) {
				return List.of(String.valueOf(ex.getMessage()));
			}
		}

	}

}
