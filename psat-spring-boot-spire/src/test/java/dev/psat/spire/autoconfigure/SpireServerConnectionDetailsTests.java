package dev.psat.spire.autoconfigure;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.client.ServerAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SpireServerConnectionDetails}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpireServerConnectionDetailsTests {

	private static final String SOCKET = "spire.workload-api.socket=unix:///no/such/directory/agent.sock";

	private static final TrustDomain OWN = TrustDomain.of("example.org");

	private static final Path BUNDLE = Path.of("/no/such/bundle");

	private static final ServerAddress ADDRESS = ServerAddress.parse("127.0.0.1:1");

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				SpireAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo", "spire.psat.token-path=" + this.world.kubelet().tokenPath());

	@Test
	void ofTheApplicationNeedNoProperties(CapturedOutput output) {
		details(new Details(ServerAddress.parse(this.world.server().address()), OWN, trustBundle())).run((context) -> {
			assertThat(context).hasSingleBean(SpireServerConnectionDetails.class);
			SpireIdentity identity = context.getBean(SpireIdentity.class);
			await().until(() -> identity.status().state().isUp());
			assertThat(identity.x509Svid().spiffeId()).hasToString(SimulatedWorld.ORDERS);
			assertThat(output).doesNotContain("have no effect");
		});
	}

	@Test
	void ofTheApplicationTakePrecedenceOverPropertiesWhichAreNamed(CapturedOutput output) {
		details(new Details(ADDRESS, OWN, BUNDLE))
			.withPropertyValues("spire.server.address=127.0.0.1:2", "spire.server.trust-domain=A")
			.run((context) -> {
				assertThat(context.getBean(SpireIdentity.class).status().server()).isEqualTo("127.0.0.1:1");
				assertThat(output).containsOnlyOnce(
						"have no effect: spire.server.address, spire.server.trust-domain" + System.lineSeparator());
			});
	}

	@Test
	void ofTheApplicationAreNamedSinceAdviceKnowsPropertiesAlone(CapturedOutput output) {
		details(new Details(ADDRESS, OWN, BUNDLE)).run((context) -> assertThat(output).containsOnlyOnce(
				"The SpireServerConnectionDetails bean 'mine' names the SPIRE Server 127.0.0.1:1 of the trust domain 'example.org'. Advice on 'spire.server.address', '.trust-domain' and '.trust-bundle' is meant for that bean"));
	}

	@Test
	void ofThePropertiesAreNotNamed(CapturedOutput output) {
		this.contextRunner.withPropertyValues(this.world.properties())
			.run((context) -> assertThat(output).doesNotContain("SpireServerConnectionDetails"));
	}

	@Test
	void ofTheApplicationThatReturnNothingStopTheStart() {
		failing(new Details(null, OWN, BUNDLE), "'mine' does not tell everything about the SPIRE Server: getAddress()");
		failing(new Details(ADDRESS, null, BUNDLE), "getTrustDomain() has returned null");
		failing(new Details(ADDRESS, OWN, null), "getTrustBundle() has returned null");
	}

	@Test
	void ofTheApplicationThatThrowStopTheStart() {
		details(new Details(ADDRESS, OWN, BUNDLE) {

			@Override
			public ServerAddress getAddress() {
				throw new IllegalStateException("of the application");
			}

		}).run((context) -> assertThat(context).getFailure().rootCause().hasMessage("of the application"));
	}

	@ParameterizedTest
	@ValueSource(classes = { Failing.class, Nothing.class, Several.class })
	void ofTheApplicationThatTellNothingAreShownWithWhatToDo(Class<?> configuration, CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class, configuration);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application.run("--spire.psat.cluster=demo"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.containsPattern("(?s)Description:.*\\bmine\\b.*Action:");
	}

	@Test
	void severalStopTheStartWhateverTheirNames() {
		details(new Details(ADDRESS, OWN, BUNDLE))
			.withBean("details", SpireServerConnectionDetails.class, () -> new Details(ADDRESS, OWN, BUNDLE))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageContaining("any of the SpireServerConnectionDetails beans [mine, details]"));
	}

	@ParameterizedTest
	@ValueSource(classes = { Before.class, Later.class })
	void ofAnAutoConfigurationTakePrecedenceWheneverItComes(Class<?> discovery) {
		this.contextRunner.withConfiguration(AutoConfigurations.of(discovery))
			.withPropertyValues(this.world.properties())
			.run((context) -> assertThat(context.getBean(SpireIdentity.class).status().server())
				.isEqualTo("127.0.0.1:1"));
	}

	@Test
	void thatAreNoDefaultCandidateAreLeftAlone() {
		this.contextRunner.withUserConfiguration(Unrelated.class)
			.withPropertyValues(this.world.properties())
			.run((context) -> assertThat(context.getBean(SpireIdentity.class).status().server())
				.isEqualTo(this.world.server().address()));
	}

	@Test
	void areNotAskedWhereNoServerIssuesTheIdentity() {
		AtomicInteger calls = new AtomicInteger();
		ApplicationContextRunner counting = details(new Details(ADDRESS, OWN, BUNDLE) {

			@Override
			public ServerAddress getAddress() {
				calls.incrementAndGet();
				return super.getAddress();
			}

		});
		counting.withPropertyValues("spire.server.enabled=false")
			.run((context) -> assertThat(context.getBean(SpireIdentity.class).status().state())
				.isEqualTo(SpireState.DISABLED));
		counting.withPropertyValues("spire.psat.enabled=false").run((context) -> assertThat(context).hasNotFailed());
		counting.withBean("own", SpireIdentity.class, TestIdentity::new)
			.run((context) -> assertThat(context).hasNotFailed());
		counting.withPropertyValues(SOCKET).run((context) -> assertThat(context).hasNotFailed());
		assertThat(calls).hasValue(0);
	}

	@Test
	void haveNoEffectBesideASocketAndSoIsTold(CapturedOutput output) {
		details(new Details(ADDRESS, OWN, BUNDLE)).withPropertyValues(SOCKET).run((context) -> {
			assertThat(context.getBean(SpireIdentity.class).status().workloadApi()).isNotNull();
			assertThat(output).containsPattern(
					"The identity comes from the Workload API at .*, so these have no effect: .*, the SpireServerConnectionDetails bean");
		});
	}

	@Test
	void listOfPeersThatDoesNotFitTheTrustDomainStopsTheStart() {
		details(new Details(ADDRESS, OWN, BUNDLE))
			.withPropertyValues("spire.bundle.authorized-clients=spiffe://example.com/bank")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageContaining("spire.bundle.authorized-clients[0]")
				.hasMessageContaining("does not belong to the trust domain 'example.org'"));
	}

	@Test
	void federationWithTheOwnTrustDomainStopsTheStart() {
		details(new Details(ADDRESS, OWN, BUNDLE)).withPropertyValues("spire.federates-with=example.org")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageContaining("spire.federates-with[0]"));
	}

	@Test
	void missingClusterIsToldWithoutTheWayToAnAgent() {
		details(new Details(ADDRESS, OWN, BUNDLE)).withPropertyValues("spire.psat.cluster=")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(PsatStartupException.class,
						(ex) -> assertThat(ex.action()).doesNotContain("workload-api")));
	}

	@Test
	void ofAParentContextCount() {
		new ApplicationContextRunner()
			.withBean("mine", SpireServerConnectionDetails.class, () -> new Details(ADDRESS, OWN, BUNDLE))
			.run((parent) -> this.contextRunner.withParent(parent)
				.run((context) -> assertThat(context.getBean(SpireIdentity.class).status().server())
					.isEqualTo("127.0.0.1:1")));
	}

	@Test
	void mayNeedAClientWithAnSslBundle() {
		this.contextRunner.withUserConfiguration(NeedingBundles.class)
			.run((context) -> assertThat(context.getBean(SpireIdentity.class).status().server())
				.isEqualTo("127.0.0.1:1"));
	}

	private void failing(Details details, String message) {
		details(details).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(PsatStartupException.class)
			.hasMessageContaining(message));
	}

	private ApplicationContextRunner details(Details details) {
		return this.contextRunner.withBean("mine", SpireServerConnectionDetails.class, () -> details);
	}

	private Path trustBundle() {
		for (String property : this.world.properties()) {
			if (property.startsWith("spire.server.trust-bundle=")) {
				return Path.of(property.substring(property.indexOf('=') + 1));
			}
		}
		throw new IllegalStateException();
	}

	@SuppressWarnings("NullAway")
	private static class Details implements SpireServerConnectionDetails {

		private final @Nullable ServerAddress address;

		private final @Nullable TrustDomain trustDomain;

		private final @Nullable Path trustBundle;

		Details(@Nullable ServerAddress address, @Nullable TrustDomain trustDomain, @Nullable Path trustBundle) {
			this.address = address;
			this.trustDomain = trustDomain;
			this.trustBundle = trustBundle;
		}

		@Override
		public ServerAddress getAddress() {
			return this.address;
		}

		@Override
		public TrustDomain getTrustDomain() {
			return this.trustDomain;
		}

		@Override
		public Path getTrustBundle() {
			return this.trustBundle;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, PsatAutoConfiguration.class, SpireAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@Bean
		SpireServerConnectionDetails mine() {
			return new Details(ADDRESS, OWN, BUNDLE) {

				@Override
				public TrustDomain getTrustDomain() {
					throw new IllegalStateException("of the application");
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

		@Bean
		@Nullable SpireServerConnectionDetails mine() {
			return null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Several {

		@Bean
		SpireServerConnectionDetails mine() {
			return new Details(ADDRESS, OWN, BUNDLE);
		}

		@Bean
		SpireServerConnectionDetails yours() {
			return new Details(ADDRESS, OWN, BUNDLE);
		}

	}

	@AutoConfiguration(after = SpireAutoConfiguration.class)
	static class Later {

		@Bean
		SpireServerConnectionDetails discovered() {
			return new Details(ADDRESS, OWN, BUNDLE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Unrelated {

		@Bean(defaultCandidate = false)
		SpireServerConnectionDetails unrelated() {
			return new Details(ADDRESS, OWN, BUNDLE);
		}

	}

	@AutoConfiguration(before = SpireAutoConfiguration.class)
	static class Before {

		@Bean
		SpireServerConnectionDetails discovered() {
			return new Details(ADDRESS, OWN, BUNDLE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedingBundles {

		@Bean
		SpireServerConnectionDetails discovered(SslBundles bundles) {
			assertThat(bundles.getBundleNames()).contains("spire");
			return new Details(ADDRESS, OWN, BUNDLE);
		}

	}

}
