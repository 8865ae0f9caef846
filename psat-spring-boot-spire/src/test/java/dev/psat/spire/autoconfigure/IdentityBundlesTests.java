package dev.psat.spire.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.EngineHandshake;
import dev.psat.spire.tls.internal.ForeignTls;
import dev.psat.support.ClassicAuthority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link IdentityBundles}.
 */
@ExtendWith(OutputCaptureExtension.class)
class IdentityBundlesTests {

	private static final ClassicAuthority AUTHORITY = new ClassicAuthority();

	private static final SSLContext SERVER = ForeignTls.server(AUTHORITY, "localhost");

	private final KeyedIdentity identity = new KeyedIdentity();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				SpireAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
				"spire.server.address=spire-server:8081", "spire.server.trust-domain=example.org",
				"spire.server.trust-bundle=/no/such/bundle")
		.withBean(SpireIdentity.class, () -> this.identity)
		.withUserConfiguration(Corporate.class);

	@Test
	void bundlesAreRegisteredUnderTheirNames() {
		this.contextRunner
			.withPropertyValues("spire.identity-bundles.spire-web.trust=jvm",
					"spire.identity-bundles.spire-kafka.trust=corporate")
			.run((context) -> {
				SslBundles bundles = context.getBean(SslBundles.class);
				assertThat(bundles.getBundleNames()).containsExactlyInAnyOrder("corporate", "spire", "spire-web",
						"spire-kafka");
				assertThat(context.getBean(Wiring.class).identityBundles()).containsOnlyKeys("spire-web", "spire-kafka")
					.allSatisfy((name, bundle) -> assertThat(bundles.getBundle(name)).isSameAs(bundle));
				assertThat(context.getBean(SpiffeSslBundle.class)).isSameAs(bundles.getBundle("spire"));
			});
	}

	@Test
	void identityIsPresentedToServersThatTheOtherBundleTrusts() {
		this.contextRunner
			.withPropertyValues("spire.identity-bundles.kafka.trust=corporate", "spire.identity-bundles.web.trust=jvm")
			.run((context) -> {
				assertThatExceptionOfType(SSLException.class).isThrownBy(() -> call(context, "kafka"))
					.withMessageContaining("There is no X.509-SVID");
				this.identity.rotate();
				call(context, "kafka");
				assertThatExceptionOfType(SSLException.class).isThrownBy(() -> call(context, "web"))
					.withMessageContaining("PKIX path");
			});
	}

	@Test
	void trustFollowsTheOtherBundle(CapturedOutput output) {
		this.identity.rotate();
		this.contextRunner.withPropertyValues("spire.identity-bundles.kafka.trust=corporate").run((context) -> {
			call(context, "kafka");
			SslBundleRegistry registry = context.getBean(SslBundleRegistry.class);
			registry.updateBundle("corporate", bundle(new ClassicAuthority()));
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> call(context, "kafka"));
			registry.updateBundle("corporate", bundle(AUTHORITY));
			call(context, "kafka");
			assertThat(output).doesNotContain("may be in use by a technology that doesn't support SSL reloading");
		});
	}

	@Test
	void trustThatIsUpdatedToNoneIsTrustInNobody() {
		this.identity.rotate();
		this.contextRunner
			.withPropertyValues("spire.identity-bundles.kafka.trust=corporate", "spire.identity-bundles.web.trust=jvm")
			.run((context) -> {
				SslBundleRegistry registry = context.getBean(SslBundleRegistry.class);
				registry.updateBundle("corporate", SslBundle.of(SslStoreBundle.NONE));
				assertThatExceptionOfType(SSLException.class).isThrownBy(() -> call(context, "kafka"))
					.withMessageContaining("has no trust store");
				for (String ours : new String[] { "spire", "web", "kafka" }) {
					registry.updateBundle("corporate", context.getBean(SslBundles.class).getBundle(ours));
					assertThatExceptionOfType(SSLException.class).isThrownBy(() -> call(context, "kafka"))
						.withMessageContaining("is one of the SPIRE identity");
				}
				registry.updateBundle("corporate", bundle(AUTHORITY));
				call(context, "kafka");
			});
	}

	@Test
	void errorWhileReadingKeepsNoOtherHandlerFromTheUpdate() {
		this.contextRunner.withPropertyValues("spire.identity-bundles.kafka.trust=corporate").run((context) -> {
			SslBundle unreadable = Mockito.mock(SslBundle.class);
			Mockito.when(unreadable.getStores()).thenThrow(new InternalError("on purpose"));
			List<SslBundle> told = new ArrayList<>();
			context.getBean(SslBundles.class).addBundleUpdateHandler("corporate", told::add);
			context.getBean(SslBundleRegistry.class).updateBundle("corporate", unreadable);
			assertThat(told).containsExactly(unreadable);
		});
	}

	/**
	 * So that no event loop waits for a file.
	 */
	@Test
	void handshakesReadNothing() {
		this.identity.rotate();
		this.contextRunner.withPropertyValues("spire.identity-bundles.kafka.trust=corporate").run((context) -> {
			SslBundle read = Mockito.spy(bundle(AUTHORITY));
			context.getBean(SslBundleRegistry.class).updateBundle("corporate", read);
			Mockito.verify(read).getManagers();
			call(context, "kafka");
			call(context, "kafka");
			Mockito.verify(read).getManagers();
		});
	}

	@Test
	void limitsAreThoseOfTheBundle() {
		this.contextRunner
			.withPropertyValues("spire.identity-bundles.web.trust=jvm",
					"spire.identity-bundles.web.options.enabled-protocols=TLSv1.3")
			.run((context) -> {
				assertThat(bundle(context, "web").tlsOptions().getEnabledProtocols()).containsExactly("TLSv1.3");
				assertThat(context.getBean(SpiffeSslBundle.class).tlsOptions().getEnabledProtocols()).isNull();
			});
		assertStops("The property 'spire.identity-bundles.web.options.enabled-protocols",
				"spire.identity-bundles.web.trust=jvm", "spire.identity-bundles.web.options.enabled-protocols=SSLv3");
	}

	@ParameterizedTest
	@CsvSource({ "none, 'The application has no SSL bundle of this name.'",
			"spire, 'The SSL bundle that verifies servers is one of the SPIRE identity'",
			"kafka, 'The SSL bundle that verifies servers is one of the SPIRE identity'",
			"other, 'The SSL bundle that verifies servers is one of the SPIRE identity'" })
	void trustThatIsNoneStopsTheStart(String trust, String problem) {
		assertStops("spire.identity-bundles.kafka.trust", "spire.identity-bundles.kafka.trust=" + trust,
				"spire.identity-bundles.other.trust=jvm");
		assertStops(problem, "spire.identity-bundles.kafka.trust=" + trust, "spire.identity-bundles.other.trust=jvm");
	}

	/**
	 * Spring Boot would trust the JVM's instead, which nobody has asked for.
	 */
	@Test
	void trustWithoutATrustStoreStopsTheStart() {
		assertStops("The SSL bundle that verifies servers has no trust store.",
				"spire.identity-bundles.kafka.trust=keys", "spring.ssl.bundle.pem.keys.key.alias=web");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pem.broken.truststore.certificate", "jks.broken.truststore.location" })
	void trustThatCannotBeReadStopsTheStart(String property) {
		assertStops("The SSL bundle that verifies servers cannot be read: ",
				"spire.identity-bundles.kafka.trust=broken",
				"spring.ssl.bundle.%s=file:/no/such/store".formatted(property));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire.identity-bundles.kafka.trust=", "spire.identity-bundles.kafka.trust= ",
			"spire.identity-bundles.kafka.options.ciphers=" })
	void trustIsRequired(String property) {
		assertStops("It is required: the SSL bundle has to know how to verify servers.", property);
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire", "corporate" })
	void nameThatIsTakenStopsTheStart(String name) {
		assertStops("another SSL bundle named '%s'".formatted(name),
				"spire.identity-bundles.%s.trust=jvm".formatted(name));
	}

	@Test
	void nameOfTheJvmIsAmbiguous() {
		assertStops("It stands for the trust store of the JVM", "spire.identity-bundles.web.trust=jvm",
				"spring.ssl.bundle.pem.jvm.key.alias=web");
		assertStops("It stands for the trust store of the JVM", "spire.identity-bundles.jvm.trust=jvm");
	}

	@Test
	void registryOfTheUserThatLacksABundleStopsTheStart() {
		this.contextRunner.withPropertyValues("spire.identity-bundles.web.trust=jvm")
			.withBean("registry", DefaultSslBundleRegistry.class, () -> {
				DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();
				registry.registerBundle("spire", bundle(AUTHORITY));
				return registry;
			})
			.run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void disabledIdentityIsPresentedToNobody() {
		this.identity.rotate();
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
					SpireAutoConfiguration.class))
			.withPropertyValues("spire.psat.enabled=false", "spire.identity-bundles.kafka.trust=corporate",
					"spire.identity-bundles.other.trust=none")
			.withUserConfiguration(Corporate.class)
			.run((context) -> assertThatExceptionOfType(SSLException.class).isThrownBy(() -> call(context, "kafka"))
				.withMessageContaining("disabled by 'spire.psat.enabled'"));
	}

	@Test
	void childContextHasTheBundlesOfItsParent() {
		this.contextRunner.withPropertyValues("spire.identity-bundles.web.trust=jvm").run((parent) -> {
			ApplicationContextRunner child = new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
						SpireAutoConfiguration.class))
				.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.identity-bundles.web.trust=jvm")
				.withParent(parent);
			child.run((context) -> assertThat(bundle(context, "web")).isSameAs(bundle(parent, "web")));
		});
	}

	@Test
	void childContextDoesNotDecideWhatTheBundlesOfItsParentTrust() {
		this.identity.rotate();
		this.contextRunner.withPropertyValues("spire.identity-bundles.web.trust=corporate")
			.run((parent) -> new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
						SpireAutoConfiguration.class))
				.withPropertyValues("spire.psat.cluster=demo-cluster")
				.withUserConfiguration(OtherRegistry.class)
				.withParent(parent)
				.run((child) -> {
					assertThat(child).hasNotFailed();
					call(parent, "web");
				}));
	}

	@Test
	void handlersOfEachBundleLearnOfEachSvid() {
		this.contextRunner.withPropertyValues("spire.identity-bundles.web.trust=jvm").run((context) -> {
			SslBundleUpdates updates = new SslBundleUpdates(context.getBean(Wiring.class).bundles().byName(),
					context.getBean(SslBundleRegistry.class), context.getBean(Wiring.class).servers());
			StringBuilder told = new StringBuilder();
			context.getBean(SslBundles.class).addBundleUpdateHandler("spire", failing());
			context.getBean(SslBundles.class)
				.addBundleUpdateHandler("web", (bundle) -> told.append(bundle == bundle(context, "web")));
			updates.update();
			assertThat(told).hasToString("true");
		});
	}

	private static Consumer<SslBundle> failing() {
		return (bundle) -> {
			throw new IllegalArgumentException("on purpose");
		};
	}

	private void assertStops(String problem, String... properties) {
		this.contextRunner.withPropertyValues(properties).run((context) -> {
			Throwable failure = context.getStartupFailure();
			assertThat(failure).isNotNull();
			while (!(failure instanceof PsatStartupException) && failure.getCause() != null) {
				failure = failure.getCause();
			}
			assertThat(failure).isInstanceOf(PsatStartupException.class).hasMessageContaining(problem);
		});
	}

	private static IdentitySslBundle bundle(AssertableApplicationContext context, String name) {
		return (IdentitySslBundle) context.getBean(SslBundles.class).getBundle(name);
	}

	private static void call(AssertableApplicationContext context, String name) throws SSLException {
		EngineHandshake.begin(bundle(context, name).createSslContext(), SERVER, "TLSv1.3").end();
	}

	private static SslBundle bundle(ClassicAuthority authority) {
		return SslBundle.of(SslStoreBundle.of(null, null, authority.trustStore()));
	}

	@Configuration(proxyBeanMethods = false)
	static class Corporate {

		@Bean
		SslBundleRegistrar corporate() {
			return (registry) -> registry.registerBundle("corporate", bundle(AUTHORITY));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherRegistry {

		@Bean
		@Primary
		DefaultSslBundleRegistry otherRegistry(@Qualifier("spireSslBundleRegistrar") SslBundleRegistrar ours) {
			DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();
			registry.registerBundle("corporate", bundle(new ClassicAuthority()));
			ours.registerBundles(registry);
			return registry;
		}

	}

}
