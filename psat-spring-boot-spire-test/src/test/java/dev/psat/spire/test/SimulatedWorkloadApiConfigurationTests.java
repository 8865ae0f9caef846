package dev.psat.spire.test;

import java.nio.file.Path;

import dev.psat.spire.test.proto.WorkloadProto.X509SVID;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SimulatedWorkloadApiConfiguration}.
 */
class SimulatedWorkloadApiConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(SimulatedWorkloadApiConfiguration.class);

	@Test
	void applicationIsToldOfSocket() {
		this.runner.withPropertyValues("spire.workload-api.socket=unix:///nowhere").run((context) -> {
			SimulatedWorkloadApi api = context.getBean(SimulatedWorkloadApi.class);
			assertThat(api.address()).startsWith("unix:///");
			assertThat(socket(context)).isEqualTo(api.address());
			assertThat(svid(api).getSpiffeId()).isEqualTo("spiffe://example.org/ns/default/sa/default");
			assertThat(svid(api).getHint()).isEqualTo("default");
		});
	}

	@Test
	void nothingElseIsSetOrAdded() {
		this.runner.run((context) -> {
			assertThat(context.getEnvironment().containsProperty("spire.server.address")).isFalse();
			assertThat(context.getEnvironment().containsProperty("spire.psat.token-path")).isFalse();
			assertThat(context).doesNotHaveBean(SimulatedSpireServer.class);
		});
	}

	@Test
	void nothingIsLeftWhenContextIsClosed() {
		SimulatedWorkloadApi[] api = new SimulatedWorkloadApi[1];
		this.runner.run((context) -> api[0] = context.getBean(SimulatedWorkloadApi.class));
		Path directory = api[0].socket().getParent();
		assertThat(directory).doesNotExist();
		assertThat(api[0].server().isRunning()).isFalse();
	}

	@Test
	void workloadApiOfUserReplacesOurs() {
		this.runner.withUserConfiguration(UserConfiguration.class).run((context) -> {
			assertThat(context.getBeanNamesForType(SimulatedWorkloadApi.class)).containsExactly("userApi");
			SimulatedWorkloadApi api = context.getBean(SimulatedWorkloadApi.class);
			assertThat(socket(context)).isEqualTo(api.address()).startsWith("tcp://127.0.0.1:");
			assertThat(svid(api).getSpiffeId()).isEqualTo("spiffe://example.org/ns/shop/sa/orders");
		});
	}

	@Test
	void serverOfAnotherTrustDomainFederatesBeforeTheApplicationStarts() {
		this.runner.withUserConfiguration(PartnerConfiguration.class).run((context) -> {
			SimulatedWorkloadApi api = context.getBean(SimulatedWorkloadApi.class);
			try (WorkloadTestClient client = WorkloadTestClient.of(api)) {
				assertThat(client.x509Svids().next().getFederatedBundlesMap()).containsOnlyKeys("spiffe://partner.org");
			}
			assertThat(context.getBean(SimulatedSpireServer.class).federation().trustDomains())
				.containsExactly("example.org");
		});
	}

	@Test
	void applicationMainRunsOnSimulatedWorkloadApi() {
		SpringApplication.Running running = SpringApplication.from(Application::main)
			.with(SimulatedWorkloadApiConfiguration.class)
			.run("--spire.workload-api.socket=unix:///nowhere");
		try (ConfigurableApplicationContext context = running.getApplicationContext()) {
			assertThat(context.getBean(SocketUser.class).socket())
				.isEqualTo(context.getBean(SimulatedWorkloadApi.class).address());
		}
	}

	private static X509SVID svid(SimulatedWorkloadApi api) {
		try (WorkloadTestClient client = WorkloadTestClient.of(api)) {
			return client.x509Svids().next().getSvids(0);
		}
	}

	private static String socket(AssertableApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("spire.workload-api.socket");
	}

	record SocketUser(String socket) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		static void main(String[] args) {
			SpringApplication.run(Application.class, args);
		}

		@Bean
		SocketUser socketUser(@Value("${spire.workload-api.socket}") String socket) {
			return new SocketUser(socket);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UserConfiguration {

		@Bean
		SimulatedWorkloadApi userApi() {
			return SimulatedWorkloadApi.builder().tcp().entry("spiffe://example.org/ns/shop/sa/orders").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PartnerConfiguration {

		@Bean(defaultCandidate = false)
		SimulatedSpireServer partner() {
			return SimulatedSpireServer.builder().trustDomain("partner.org").build();
		}

	}

}
