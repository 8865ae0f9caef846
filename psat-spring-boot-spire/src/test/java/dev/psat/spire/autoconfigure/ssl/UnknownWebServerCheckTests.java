package dev.psat.spire.autoconfigure.ssl;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.internal.WebServerBundleCustomizer;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link UnknownWebServerCheck}, and that what is known of a web server is
 * known everywhere.
 */
class UnknownWebServerCheckTests {

	private static final JavaClasses OURS = new ClassFileImporter().importPath("target/classes");

	@Test
	void serverThatIsNoneOfSpringBootIsToldApart() {
		assertThatExceptionOfType(PsatStartupException.class)
			.isThrownBy(() -> UnknownWebServerCheck.check(new OtherFactory("spire")))
			.withMessageStartingWith("The web server of '%s' has the SSL bundle 'spire' of the SPIRE identity, "
					+ "but this server is not one of Spring Boot", OtherFactory.class.getName())
			.satisfies((ex) -> assertThat(ex.action()).startsWith("Use Tomcat, Jetty or Reactor Netty"));
	}

	@Test
	void otherBundleIsNoneOfOurBusiness() {
		assertThatNoException().isThrownBy(() -> UnknownWebServerCheck.check(new OtherFactory("web")));
	}

	@Test
	void serverWithACustomizerIsKnownByItsAutoConfiguration() {
		assertThat(UnknownWebServerCheck.KNOWN.values()).containsExactlyInAnyOrderElementsOf(
				customized().map((type) -> type.getPackageName() + "." + nameOf(type) + "BundleAutoConfiguration")
					.toList());
		assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates())
			.containsAll(UnknownWebServerCheck.KNOWN.values());
	}

	/**
	 * Otherwise, they would have no name.
	 */
	@Test
	void clientsOfEachServerWithACustomizerAreIdentified() {
		Set<String> servers = OURS.get("dev.psat.spire.security.PeerCertificates")
			.getConstructorCallsFromSelf()
			.stream()
			.map((call) -> call.getTargetOwner().getSimpleName())
			.collect(Collectors.toSet());
		assertThat(servers).containsAll(customized().map(UnknownWebServerCheckTests::nameOf).toList());
	}

	private static Stream<JavaClass> customized() {
		return OURS.stream()
			.filter((type) -> type.isAssignableTo(WebServerBundleCustomizer.class)
					&& !type.isEquivalentTo(WebServerBundleCustomizer.class));
	}

	private static String nameOf(JavaClass customizer) {
		return customizer.getSimpleName().replace("BundleCustomizer", "");
	}

	private static final class OtherFactory extends AbstractConfigurableWebServerFactory {

		OtherFactory(String bundle) {
			DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("spire",
					SpiffeSslBundle.of(new TestIdentity()));
			setSslBundles(bundles);
			setSsl(Ssl.forBundle(bundle));
		}

	}

}
