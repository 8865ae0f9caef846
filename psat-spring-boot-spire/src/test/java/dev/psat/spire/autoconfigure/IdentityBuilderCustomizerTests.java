package dev.psat.spire.autoconfigure;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.TokenSourceBuilderCustomizer;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SpireIdentityBuilderCustomizer} and
 * {@link WorkloadIdentityBuilderCustomizer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class IdentityBuilderCustomizerTests {

	private static final String SOCKET = "spire.workload-api.socket=unix:///no/such/directory/agent.sock";

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	private final AtomicInteger calls = new AtomicInteger();

	private final AtomicInteger workloadCalls = new AtomicInteger();

	private final ApplicationContextRunner bare = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(SslAutoConfiguration.class, PsatAutoConfiguration.class, SpireAutoConfiguration.class));

	private final ApplicationContextRunner contextRunner = this.bare.withPropertyValues(this.world.properties());

	private final ApplicationContextRunner workload = this.bare.withPropertyValues(SOCKET);

	@Test
	void takesPrecedenceOverPropertiesAndTheLastOverTheOthers() {
		this.contextRunner.withUserConfiguration(Ordered.class)
			.run((context) -> assertThat(context.getBean(SpireIdentity.class).status().server())
				.isEqualTo("127.0.0.1:2"));
		this.workload.withUserConfiguration(Ordered.class)
			.run((context) -> assertThat(context.getBean(SpireIdentity.class).status().workloadApi())
				.contains("/last.sock"));
	}

	@Test
	void thatOfTheDoorInUseAloneIsCalledAndOnce() {
		counting(this.contextRunner).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(this.calls).hasValue(1);
			assertThat(this.workloadCalls).hasValue(0);
		});
		counting(this.workload).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(this.calls).hasValue(1);
			assertThat(this.workloadCalls).hasValue(1);
		});
	}

	@Test
	void thatOfTheOtherDoorAloneHasNoEffectAndSoIsTold(CapturedOutput output) {
		this.workload.withBean("mine", SpireIdentityBuilderCustomizer.class, () -> (builder) -> {
		}).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).containsOnlyOnce(
					"The SpireIdentityBuilderCustomizer bean 'mine' has no effect, since the identity comes from the Workload API. Declare a WorkloadIdentityBuilderCustomizer");
		});
		this.contextRunner.withBean("yours", WorkloadIdentityBuilderCustomizer.class, () -> (builder) -> {
		}).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).containsOnlyOnce(
					"The WorkloadIdentityBuilderCustomizer bean 'yours' has no effect, since a SPIRE Server issues the identity. Declare a SpireIdentityBuilderCustomizer");
		});
	}

	@Test
	void whereThereAreBothNoneIsToldSinceTheApplicationKnowsBothDoors(CapturedOutput output) {
		counting(this.contextRunner).run((context) -> assertThat(context).hasNotFailed());
		counting(this.workload).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("Customizer");
	}

	@Test
	void isCalledOnceWithLazyInitializationAndWhereBeansWait() {
		counting(this.contextRunner).withPropertyValues("spire.svid.wait-for=always")
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.calls).hasValue(1);
			});
	}

	@Test
	void isNotCalledWhereThereIsNoIdentityOfOurs() {
		for (ApplicationContextRunner runner : List.of(this.contextRunner, this.workload)) {
			counting(runner).withPropertyValues("spire.enabled=false")
				.run((context) -> assertThat(context).hasNotFailed());
			counting(runner).withBean("mine", SpireIdentity.class, TestIdentity::new)
				.run((context) -> assertThat(context).hasNotFailed());
		}
		counting(this.contextRunner).withPropertyValues("spire.server.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(this.calls).hasValue(0);
		assertThat(this.workloadCalls).hasValue(0);
	}

	@Test
	void isNotCalledBeforePropertiesHaveBeenChecked() {
		for (ApplicationContextRunner runner : List.of(this.contextRunner, this.workload)) {
			counting(runner).withPropertyValues("spire.svid.hint=")
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(PsatStartupException.class));
		}
		assertThat(this.calls).hasValue(0);
		assertThat(this.workloadCalls).hasValue(0);
	}

	@Test
	void thatFailsStopsTheStartAndIsNamed() {
		this.contextRunner.withBean("broken", SpireIdentityBuilderCustomizer.class, () -> (builder) -> {
			throw new IllegalStateException("of the application");
		})
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("The SpireIdentityBuilderCustomizer bean 'broken' failed")
				.rootCause()
				.hasMessage("of the application"));
		this.workload.withBean("broken", WorkloadIdentityBuilderCustomizer.class, () -> (builder) -> {
			throw new IllegalStateException("of the application");
		})
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("The WorkloadIdentityBuilderCustomizer bean 'broken' failed")
				.rootCause()
				.hasMessage("of the application"));
	}

	@Test
	void thatNeedsTheIdentityStopsTheStart() {
		Stream.of(Circular.class, CircularByToken.class)
			.forEach((circular) -> this.contextRunner.withUserConfiguration(circular)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(BeanCurrentlyInCreationException.class)));
	}

	@Test
	void mayNeedAClientWithTheSslBundle() {
		this.contextRunner.withUserConfiguration(NeedingBundles.class).run((context) -> {
			assertThat(context).hasNotFailed();
			await().until(() -> context.getBean(SpireIdentity.class).status().state().isUp());
		});
	}

	@Test
	void thatSetsAnotherTrustDomainLetsInNobodyOfTheListsAndSoIsTold(CapturedOutput output) {
		this.contextRunner
			.withPropertyValues("spire.server.trust-domain=example.com",
					"spire.bundle.authorized-clients=spiffe://example.com/ns/shop/*")
			.withBean("domain", SpireIdentityBuilderCustomizer.class,
					() -> (builder) -> builder.trustDomain(TrustDomain.of("example.org")))
			.run((context) -> await().untilAsserted(() -> assertThat(output).containsOnlyOnce(
					"'spire.bundle.authorized-clients' lists spiffe://example.com/ns/shop/*, which can never connect: the own trust domain is 'example.org'")));
	}

	private ApplicationContextRunner counting(ApplicationContextRunner runner) {
		return runner
			.withBean("counting", SpireIdentityBuilderCustomizer.class, () -> (builder) -> this.calls.incrementAndGet())
			.withBean("workloadCounting", WorkloadIdentityBuilderCustomizer.class,
					() -> (builder) -> this.workloadCalls.incrementAndGet());
	}

	@Configuration(proxyBeanMethods = false)
	static class Ordered {

		@Bean
		@Order(2)
		SpireIdentityBuilderCustomizer last() {
			return (builder) -> builder.server(ServerAddress.parse("127.0.0.1:2"));
		}

		@Bean
		@Order(1)
		SpireIdentityBuilderCustomizer first() {
			return (builder) -> builder.server(ServerAddress.parse("127.0.0.1:1"));
		}

		@Bean
		@Order(2)
		WorkloadIdentityBuilderCustomizer lastOfWorkload() {
			return (builder) -> builder.endpoint(WorkloadEndpoint.parse("unix:///no/such/directory/last.sock"));
		}

		@Bean
		@Order(1)
		WorkloadIdentityBuilderCustomizer firstOfWorkload() {
			return (builder) -> builder.endpoint(WorkloadEndpoint.parse("unix:///no/such/directory/first.sock"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Circular {

		@Bean
		SpireIdentityBuilderCustomizer circular(SpireIdentity identity) {
			return (builder) -> builder.hint(identity.toString());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CircularByToken {

		@Bean
		TokenSourceBuilderCustomizer circular(SpireIdentity identity) {
			return (builder) -> builder.audience(identity.toString());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedingBundles {

		@Bean
		SpireIdentityBuilderCustomizer needy(SslBundles bundles) {
			return (builder) -> Objects.requireNonNull(bundles.getBundle("spire"));
		}

	}

}
