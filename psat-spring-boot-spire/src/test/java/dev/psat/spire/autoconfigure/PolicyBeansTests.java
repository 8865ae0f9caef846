package dev.psat.spire.autoconfigure;

import java.security.cert.CertificateException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.autoconfigure.internal.BundleServers;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.internal.DryRunPolicy;
import dev.psat.support.RunningThreads;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PeerPolicy} beans.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolicyBeansTests {

	private static final SpiffeId PEER = SpiffeId.parse("spiffe://example.org/ns/shop/sa/orders");

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				SpireAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo", "spire.psat.token-path=/no/such/token",
				"spire.server.address=127.0.0.1:1", "spire.server.trust-domain=example.org",
				"spire.server.trust-bundle=/no/such/bundle");

	@Test
	void forADirectionTakesThePlaceOfItsListsAlone() {
		this.contextRunner.withUserConfiguration(Inbound.class)
			.withPropertyValues("spire.bundle.authorized-servers=" + PEER)
			.run((context) -> {
				assertDecides(context, "by the bean", null);
				assertThat(context.getBean(Wiring.class).peers().inbound().trustDomains())
					.containsExactly(TrustDomain.of("partner.org"));
				assertThat(context.getBean(Wiring.class).peers().inbound()).isNotInstanceOf(DryRunPolicy.class);
				assertThat(context.getBean(Wiring.class).peers().clients()).isNull();
				assertThat(context.getBean(Wiring.class).peers().neverSeen(Direction.OUTBOUND, Set.of()))
					.containsExactly(PEER.toString());
			});
		this.contextRunner.withUserConfiguration(Outbound.class)
			.withPropertyValues("spire.bundle.authorize-any-client=true")
			.run((context) -> assertDecides(context, null, "by the class"));
	}

	@Test
	void beanThatDecidesOnATrustDomainWithoutTrustIsTold(CapturedOutput output) {
		try (SimulatedWorld world = new SimulatedWorld()) {
			this.contextRunner.withPropertyValues(world.properties())
				.withUserConfiguration(Inbound.class, Partners.class)
				.withPropertyValues("spire.federates-with=bank.org")
				.run((parent) -> this.contextRunner.withParent(parent)
					.run((context) -> await().untilAsserted(() -> assertThat(output).containsOnlyOnce(
							"The PeerPolicy bean 'clients' decides on 'partner.org', of which nobody can ever connect: the own trust domain is 'example.org', and 'spire.federates-with' does not list 'partner.org'"))));
		}
	}

	@Test
	void beanAtAnAgentIsToldOnceTheOwnTrustDomainIsKnown(CapturedOutput output) {
		try (SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().entry(SimulatedWorld.ORDERS).build()) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
						SpireAutoConfiguration.class))
				.withUserConfiguration(Inbound.class)
				.withPropertyValues("spire.workload-api.socket=" + api.address())
				.run((context) -> await().untilAsserted(() -> assertThat(output)
					.containsOnlyOnce("The PeerPolicy bean 'clients' decides on 'partner.org'")));
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { Silent.class, Inbound.class })
	void beanIsNotToldWhereItCannotTellOrDecidesOnWhoCanConnect(Class<?> configuration, CapturedOutput output) {
		this.contextRunner.withUserConfiguration(configuration)
			.withPropertyValues("spire.federates-with=partner.org")
			.run((context) -> {
				await().until(() -> RunningThreads.named("psat-spire-policies").isEmpty());
				assertThat(context).hasNotFailed();
			});
		assertThat(output).doesNotContain("can ever connect");
	}

	@Test
	void beanThatTellsNothingKeepsNoOtherFromBeingTold(CapturedOutput output) {
		try (SimulatedWorld world = new SimulatedWorld()) {
			this.contextRunner.withPropertyValues(world.properties())
				.withUserConfiguration(Nulls.class, Inbound.class)
				.run((context) -> await().untilAsserted(
						() -> assertThat(output).contains("The PeerPolicy bean 'clients' decides on 'partner.org'")));
		}
		assertThat(output).doesNotContain("NullPointerException");
	}

	@Test
	void beanThatHangsHasNoThreadAfterTheContext() {
		try (SimulatedWorld world = new SimulatedWorld()) {
			this.contextRunner.withPropertyValues(world.properties())
				.withUserConfiguration(Hanging.class)
				.run((context) -> await().until(() -> !RunningThreads.named("psat-spire-policies").isEmpty()));
		}
		await().untilAsserted(() -> assertThat(RunningThreads.named("psat-spire-policies")).isEmpty());
	}

	@Test
	void identityOfTheApplicationIsNotAskedForItsStatus() {
		this.contextRunner.withUserConfiguration(Inbound.class).withBean(SpireIdentity.class, () -> {
			SpireIdentity identity = mock(SpireIdentity.class);
			given(identity.status()).willThrow(IllegalStateException.class);
			return identity;
		}).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void serverWithAnotherBundleIsToldOfTheBean(CapturedOutput output) {
		try (SimulatedWorld world = new SimulatedWorld()) {
			this.contextRunner.withPropertyValues(world.properties())
				.withUserConfiguration(Inbound.class)
				.run((context) -> context.getBean(Wiring.class)
					.servers()
					.add("the web server", context.getBean(SpiffeSslBundle.class).authorizing((peer) -> true)));
		}
		assertThat(output).contains("so the PeerPolicy bean 'clients' has no effect on it");
	}

	@Test
	void mayDecideForBothDirections() {
		this.contextRunner.withUserConfiguration(Both.class)
			.run((context) -> assertDecides(context, "by both", "by both"));
	}

	@Test
	void forABundleIsRegisteredWithTheSameIdentityAndFollowsIt() {
		AtomicInteger updates = new AtomicInteger();
		try (SimulatedWorld world = new SimulatedWorld()) {
			this.contextRunner.withPropertyValues(world.properties())
				.withUserConfiguration(Partners.class, Handler.class)
				.withBean(AtomicInteger.class, () -> updates)
				.run((context) -> {
					assertThat(context).hasSingleBean(SpiffeSslBundle.class);
					SslBundles bundles = context.getBean(SslBundles.class);
					SslBundle partners = bundles.getBundle("partners");
					assertThat(partners).isInstanceOf(SpiffeSslBundle.class).isNotSameAs(bundles.getBundle("spire"));
					assertServes((SpiffeSslBundle) partners, context.getBean(SpireIdentity.class));
					await().until(() -> updates.get() > 0);
					assertDecides(context, "is not listed in 'spire.bundle.authorized-clients', which is empty",
							"is not listed in 'spire.bundle.authorized-servers', which is empty");
				});
		}
	}

	private static void assertServes(SpiffeSslBundle bundle, SpireIdentity identity) throws CertificateException {
		await().until(() -> identity.status().state().isUp());
		assertThat(bundle.isEmpty()).isFalse();
		assertThat(bundle.verifyClient(identity.x509Svid().chain())).hasToString(SimulatedWorld.ORDERS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire.bundle.name=partners", "spire.identity-bundles.partners.trust=jvm" })
	void bundleWhoseNameIsTakenStopsTheStart(String property) {
		this.contextRunner.withUserConfiguration(Partners.class)
			.withPropertyValues(property)
			.run((context) -> assertNameIsTaken(context.getStartupFailure()));
	}

	@Test
	void bundleWhoseNameTheApplicationHasTakenStopsTheStart() {
		this.contextRunner.withUserConfiguration(Partners.class)
			.withBean(SslBundleRegistrar.class,
					() -> (registry) -> registry.registerBundle("partners", SpiffeSslBundle.of(new TestIdentity())))
			.run((context) -> assertNameIsTaken(context.getStartupFailure()));
	}

	private static void assertNameIsTaken(@Nullable Throwable failure) {
		assertThat(failure).hasStackTraceContaining(
				"The application has another SSL bundle named 'partners' than that of the PeerPolicy bean 'partnersPolicy'");
	}

	@ParameterizedTest
	@CsvSource({ "spire.bundle.authorized-clients, spiffe://example.org/a, Inbound",
			"spire.bundle.authorized-clients-file, /no/such/file, Inbound",
			"spire.bundle.authorize-any-client, true, Inbound",
			"spire.bundle.authorized-servers, spiffe://example.org/a, Outbound",
			"spire.bundle.authorized-servers-file, /no/such/file, Outbound",
			"spire.bundle.authorize-any-server, true, Outbound" })
	void propertyThatDecidesForTheSameDirectionStopsTheStart(String property, String value, String type) {
		Class<?> configuration = type.equals("Inbound") ? Inbound.class : Outbound.class;
		this.contextRunner.withUserConfiguration(configuration)
			.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageContaining(property)
				.hasMessageContaining("so the property has no say"));
		this.contextRunner.withUserConfiguration(configuration)
			.withPropertyValues(property + "=" + value, "spire.server.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void thatDoesNotSayForWhomStopsTheStart() {
		failing(Bare.class, "The PeerPolicy bean 'bare' does not say for whom it decides");
		failing(BareLazy.class, "The PeerPolicy bean 'bare' does not say for whom it decides");
		failing(BareProxied.class, "The PeerPolicy bean 'bare' does not say for whom it decides");
		failing(BareFactory.class, "The PeerPolicy bean 'bare' does not say for whom it decides");
		failing(Neither.class, "The PeerPolicy bean 'neither' has to decide in a direction or for an SSL bundle");
		failing(Everything.class, "The PeerPolicy bean 'everything' has to decide either");
		failing(Twice.class, "The PeerPolicy bean 'twice' says twice for whom it decides");
	}

	@Test
	void thatDoesNotSayForWhomStopsTheStartAlsoWhereTheIdentityIsDisabled() {
		this.contextRunner.withUserConfiguration(Bare.class)
			.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(context).getFailure().rootCause().isInstanceOf(PsatStartupException.class));
	}

	@Test
	void whoseTypeIsHiddenStopsTheStart() {
		failing(Hidden.class, "The PeerPolicy bean 'hidden' does not say for whom it decides");
		failing(HiddenFactory.class, "The PeerPolicy bean 'hidden' would decide for nobody");
		failing(HiddenAnnotated.class, "The PeerPolicy bean 'hidden' would decide for nobody");
	}

	@Test
	void thatIsNoDefaultCandidateIsLeftAlone() {
		this.contextRunner.withUserConfiguration(Unrelated.class)
			.withPropertyValues("spire.bundle.authorize-any-client=true")
			.run((context) -> assertThat(context.getBean(Wiring.class).peers().inbound().refusal(PEER)).isNull());
	}

	@Test
	void twoForTheSameStopTheStart() {
		this.contextRunner.withUserConfiguration(Inbound.class, Both.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessage(
						"The PeerPolicy beans 'clients' and 'both' both decide for those who call this application."));
		this.contextRunner.withUserConfiguration(Partners.class, MorePartners.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageContaining("both decide for the SSL bundle 'partners'"));
	}

	@Test
	void ofAParentContextCounts() {
		new ApplicationContextRunner().withUserConfiguration(Inbound.class)
			.run((parent) -> this.contextRunner.withParent(parent).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Wiring.class).peers().inbound().refusal(PEER)).isEqualTo("by the bean");
			}));
		new ApplicationContextRunner().withUserConfiguration(Bare.class)
			.run((parent) -> this.contextRunner.withParent(parent)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(PsatStartupException.class)));
	}

	@Test
	void ofAParentContextGivesWayToAPolicyAloneNotToAnyBeanOfItsName() {
		new ApplicationContextRunner().withUserConfiguration(Inbound.class)
			.run((parent) -> this.contextRunner.withParent(parent)
				.withBean("clients", String.class, () -> "no policy")
				.withPropertyValues("spire.bundle.authorized-servers=spiffe://example.org/bank")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean(Wiring.class).peers().inbound().refusal(PEER)).isEqualTo("by the bean");
				}));
		new ApplicationContextRunner().withUserConfiguration(Inbound.class)
			.run((parent) -> this.contextRunner.withParent(parent)
				.withBean("clients", PeerPolicy.class, Implementation::new)
				.run((context) -> assertThat(context).hasNotFailed()));
	}

	@Test
	void ofAChildContextStopsItsStart() {
		this.contextRunner.run((parent) -> new ApplicationContextRunner().withParent(parent)
			.withConfiguration(AutoConfigurations.of(SpireAutoConfiguration.class))
			.withUserConfiguration(Inbound.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageContaining("The PeerPolicy bean 'clients' would decide for nobody")));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void ofAChildContextWithoutTheAutoConfigurationStopsItsStart(boolean enabled) {
		this.contextRunner.withPropertyValues("spire.psat.enabled=" + enabled).run((parent) -> {
			for (Class<?> type : new Class<?>[] { Inbound.class, Bare.class, HiddenAnnotated.class }) {
				new ApplicationContextRunner().withParent(parent)
					.withUserConfiguration(type)
					.run((context) -> assertThat(context).getFailure().isInstanceOf(PsatStartupException.class));
			}
			new ApplicationContextRunner().withParent(parent)
				.withUserConfiguration(Unrelated.class)
				.run((child) -> new ApplicationContextRunner().withParent(child)
					.withUserConfiguration(Inbound.class)
					.run((context) -> assertThat(context).getFailure()
						.hasMessageMatching(
								"The PeerPolicy bean 'clients' of the context '.+' would decide for nobody.*")));
		});
	}

	@Test
	void ofAChildContextStopsItsStartWhereEventsAreAsynchronous() {
		this.contextRunner.withBean("applicationEventMulticaster", SimpleApplicationEventMulticaster.class, () -> {
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			multicaster.setTaskExecutor(new SimpleAsyncTaskExecutor("event-"));
			return multicaster;
		})
			.run((parent) -> new ApplicationContextRunner().withParent(parent)
				.withUserConfiguration(Inbound.class)
				.run((context) -> assertThat(context).getFailure().isInstanceOf(PsatStartupException.class)));
	}

	@Test
	void thatComesLateStopsNoChildContext() {
		this.contextRunner.run((parent) -> {
			GenericApplicationContext context = (GenericApplicationContext) parent.getSourceApplicationContext();
			context.getBeanFactory().registerSingleton("late", (PeerPolicy) (peer) -> "late");
			new ApplicationContextRunner().withParent(parent).run((child) -> assertThat(child).hasNotFailed());
		});
	}

	@Test
	void lazyOnesProxiesAndProductsOfFactoriesDecide() {
		for (Class<?> type : new Class<?>[] { LazyOne.class, Proxied.class, Factory.class, Implementation.class }) {
			this.contextRunner.withUserConfiguration(type)
				.run((context) -> assertDecides(context, "by the bean",
						"is not listed in 'spire.bundle.authorized-servers', which is empty"));
			this.contextRunner.withUserConfiguration(type)
				.withInitializer((context) -> context
					.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
				.run((context) -> assertDecides(context, "by the bean",
						"is not listed in 'spire.bundle.authorized-servers', which is empty"));
		}
	}

	@Test
	void mayNeedTheSslBundle() {
		this.contextRunner.withUserConfiguration(Needy.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Wiring.class).peers().inbound().refusal(PEER)).isEqualTo("by the bean");
		});
	}

	@Test
	void lazyOneIsCreatedOnceThereIsAnSvidWhereTheStartWaitsForOne() {
		try (SimulatedWorld world = new SimulatedWorld()) {
			this.contextRunner.withPropertyValues(world.properties())
				.withUserConfiguration(Connecting.class)
				.withBean(BundleServers.Demand.class, () -> () -> "the server")
				.run((context) -> assertDecides(context, "by the bean with an SVID",
						"is not listed in 'spire.bundle.authorized-servers', which is empty"));
		}
	}

	@Test
	void thatIsBeingCreatedLetsInNobody() {
		this.contextRunner.withUserConfiguration(Early.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void thatCannotBeCreatedStopsTheStartEvenIfItIsLazy() {
		this.contextRunner.withUserConfiguration(Broken.class)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessage("of the application"));
	}

	private void failing(Class<?> configuration, String message) {
		this.contextRunner.withUserConfiguration(configuration)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageContaining(message));
	}

	private static void assertDecides(ApplicationContext context, @Nullable String inbound, @Nullable String outbound) {
		PeerLists lists = context.getBean(Wiring.class).peers();
		assertThat(lists.inbound().refusal(PEER)).isEqualTo(inbound);
		assertThat(lists.outbound().refusal(PEER)).isEqualTo(outbound);
	}

	private static PeerPolicy refusing() {
		return (peer) -> "by the bean";
	}

	@Configuration(proxyBeanMethods = false)
	static class Inbound {

		@Bean
		@AuthorizesPeers(Direction.INBOUND)
		PeerPolicy clients() {
			return new PeerPolicy() {

				@Override
				public String refusal(SpiffeId peer) {
					return "by the bean";
				}

				@Override
				public Set<TrustDomain> trustDomains() {
					return Set.of(TrustDomain.of("partner.org"));
				}

			};
		}

	}

	@AuthorizesPeers(Direction.OUTBOUND)
	static class Outbound implements PeerPolicy {

		@Override
		public String refusal(SpiffeId peer) {
			return "by the class";
		}

	}

	@AuthorizesPeers(Direction.INBOUND)
	static class Implementation implements PeerPolicy {

		@Override
		public String refusal(SpiffeId peer) {
			return "by the bean";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Both {

		@Bean
		@AuthorizesPeers({ Direction.OUTBOUND, Direction.INBOUND, Direction.OUTBOUND })
		PeerPolicy both() {
			return (peer) -> "by both";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Partners {

		@Bean
		@AuthorizesPeers(bundle = "partners")
		PeerPolicy partnersPolicy() {
			return (peer) -> null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Handler {

		@Bean
		SmartInitializingSingleton handler(SslBundles bundles, AtomicInteger updates) {
			return () -> bundles.addBundleUpdateHandler("partners", (bundle) -> updates.incrementAndGet());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MorePartners {

		@Bean
		@AuthorizesPeers(bundle = "partners")
		PeerPolicy morePartners() {
			return (peer) -> null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Bare {

		@Bean
		PeerPolicy bare() {
			return (peer) -> null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BareLazy {

		@Bean
		@Lazy
		PeerPolicy bare() {
			return (peer) -> null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BareProxied {

		@Bean
		@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.INTERFACES)
		PeerPolicy bare() {
			return (peer) -> null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BareFactory {

		@Bean
		PolicyFactory bare() {
			return new PolicyFactory();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Neither {

		@Bean
		@AuthorizesPeers
		PeerPolicy neither() {
			return (peer) -> null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Everything {

		@Bean
		@AuthorizesPeers(value = Direction.INBOUND, bundle = "partners")
		PeerPolicy everything() {
			return (peer) -> null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Twice {

		@Bean
		@AuthorizesPeers(Direction.INBOUND)
		Outbound twice() {
			return new Outbound();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Hidden {

		@Bean
		Object hidden() {
			return refusing();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HiddenFactory {

		@Bean
		@Lazy
		@AuthorizesPeers(Direction.INBOUND)
		FactoryBean<?> hidden() {
			return new PolicyFactory();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HiddenAnnotated {

		@Bean
		@Lazy
		@AuthorizesPeers(Direction.INBOUND)
		Object hidden() {
			return refusing();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Unrelated {

		@Bean(defaultCandidate = false)
		PeerPolicy unrelated() {
			return refusing();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyOne {

		@Bean
		@Lazy
		@AuthorizesPeers(Direction.INBOUND)
		PeerPolicy lazy() {
			return refusing();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Proxied {

		@Bean
		@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.INTERFACES)
		@AuthorizesPeers(Direction.INBOUND)
		PeerPolicy proxied() {
			return refusing();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Factory {

		@Bean
		@AuthorizesPeers(Direction.INBOUND)
		PolicyFactory product() {
			return new PolicyFactory();
		}

	}

	static class PolicyFactory implements FactoryBean<PeerPolicy> {

		@Override
		public PeerPolicy getObject() {
			return refusing();
		}

		@Override
		public Class<?> getObjectType() {
			return PeerPolicy.class;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Needy {

		@Bean
		@AuthorizesPeers(Direction.INBOUND)
		PeerPolicy needy(SslBundles bundles, SpireIdentity identity) {
			assertThat(bundles.getBundle("spire")).isNotNull();
			return refusing();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Connecting {

		@Bean
		@Lazy
		@AuthorizesPeers(Direction.INBOUND)
		PeerPolicy connecting(SpiffeSslBundle bundle) {
			String reason = bundle.isEmpty() ? "by the bean" : "by the bean with an SVID";
			return (peer) -> reason;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Early {

		@Bean
		@AuthorizesPeers(Direction.INBOUND)
		PeerPolicy early(Wiring wiring) {
			assertThatIllegalStateException().isThrownBy(() -> wiring.peers().inbound().refusal(PEER))
				.withMessage("The PeerPolicy bean 'early' is being created");
			return refusing();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Broken {

		@Bean
		@Lazy
		@AuthorizesPeers(Direction.INBOUND)
		PeerPolicy broken() {
			throw new IllegalStateException("of the application");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Nulls {

		@Bean
		@AuthorizesPeers(Direction.OUTBOUND)
		PeerPolicy aNull() {
			return new PeerPolicy() {

				@Override
				public @Nullable String refusal(SpiffeId peer) {
					return "by the bean";
				}

				@Override
				public Set<TrustDomain> trustDomains() {
					Set<TrustDomain> trustDomains = new HashSet<>();
					trustDomains.add(null);
					return trustDomains;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Hanging {

		@Bean
		@AuthorizesPeers(Direction.INBOUND)
		PeerPolicy hanging() {
			return new PeerPolicy() {

				@Override
				public @Nullable String refusal(SpiffeId peer) {
					return "by the bean";
				}

				@Override
				public Set<TrustDomain> trustDomains() {
					try {
						new CountDownLatch(1).await();
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
					return Set.of();
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Silent {

		@Bean
		@AuthorizesPeers(Direction.INBOUND)
		PeerPolicy silent() {
			return new PeerPolicy() {

				@Override
				public @Nullable String refusal(SpiffeId peer) {
					return "by the bean";
				}

				@Override
				public Set<TrustDomain> trustDomains() {
					throw new StackOverflowError("of the application");
				}

			};
		}

	}

}
