package dev.psat.spire.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.psat.spire.test.proto.Entry;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SimulatedSpireServerConfiguration}.
 */
class SimulatedSpireServerConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner();

	private final ApplicationContextRunner simulated = this.runner
		.withUserConfiguration(SimulatedSpireServerConfiguration.class);

	@Test
	void applicationIsToldOfServer() {
		this.simulated.run((context) -> {
			SimulatedSpireServer server = context.getBean(SimulatedSpireServer.class);
			assertThat(property(context, "server.address")).isEqualTo(server.address());
			assertThat(property(context, "server.trust-domain")).isEqualTo("example.org");
			assertThat(Path.of(property(context, "server.trust-bundle"))).hasContent(server.trustBundle().toPem());
			assertThat(property(context, "psat.token-path"))
				.isEqualTo(context.getBean(SimulatedKubelet.class).tokenPath().toString());
			assertThat(property(context, "psat.cluster")).isEqualTo("simulated");
		});
	}

	@Test
	void podOfSimulatedKubeletObtainsSvid() {
		this.simulated.run((context) -> {
			assertThat(obtainSvid(context)).isEqualTo("spiffe://example.org/ns/default/sa/default");
			assertThat(context.getBean(SimulatedSpireServer.class).agents().ids()).singleElement()
				.asString()
				.startsWith("spiffe://example.org/spire/agent/k8s_psat/simulated/pod/");
		});
	}

	@Test
	void serverIsConfiguredAsApplicationIs() {
		this.simulated
			.withPropertyValues("spire.psat.cluster=production", "spire.psat.audience=one,two",
					"spire.server.address=nowhere:1", "spire.server.trust-domain=nowhere")
			.run((context) -> {
				assertThat(obtainSvid(context)).isEqualTo("spiffe://example.org/ns/default/sa/default");
				assertThat(context.getBean(SimulatedSpireServer.class).agents().ids()).singleElement()
					.asString()
					.startsWith("spiffe://example.org/spire/agent/k8s_psat/production/pod/");
				assertThat(property(context, "server.address")).startsWith("127.0.0.1:");
				assertThat(property(context, "server.trust-domain")).isEqualTo("example.org");
			});
	}

	@Test
	void nobodyWaitsForTheServer() {
		this.simulated.run((context) -> {
			SimulatedSpireServer server = context.getBean(SimulatedSpireServer.class);
			String token = context.getBean(SimulatedKubelet.class).token();
			long begin = System.nanoTime();
			TestSvid agent = TestClient.attest(server, token, "simulated");
			for (int i = 0; i < 120; i++) {
				agent = TestClient.attest(server, token, "simulated");
			}
			// a real server attests one a second
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(100));
			try (TestClient client = TestClient.of(server, agent)) {
				String id = client.entries().get(0).getId();
				server.entries().delete(id);
				assertThat(client.entries()).isEmpty();
			}
		});
	}

	@Test
	void nothingIsLeftWhenContextIsClosed() {
		SimulatedSpireServer[] server = new SimulatedSpireServer[1];
		Path[] trustBundle = new Path[1];
		this.simulated.run((context) -> {
			server[0] = context.getBean(SimulatedSpireServer.class);
			trustBundle[0] = Path.of(property(context, "server.trust-bundle"));
		});
		assertThat(trustBundle[0]).doesNotExist();
		try (TestClient client = TestClient.anonymous(server[0])) {
			assertThat(TestClient.status(client::bundle).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		}
	}

	@Test
	void serverOfUserReplacesOurs() {
		this.simulated.withUserConfiguration(UserConfiguration.class).run((context) -> {
			assertThat(context.getBeanNamesForType(SimulatedSpireServer.class)).containsExactly("userServer");
			assertThat(property(context, "server.trust-domain")).isEqualTo("user.example");
			assertThat(property(context, "server.address"))
				.isEqualTo(context.getBean(SimulatedSpireServer.class).address());
			assertThat(obtainSvid(context)).isEqualTo("spiffe://user.example/ns/shop/sa/orders");
		});
	}

	@Test
	void furtherServerOfAnotherTrustDomainFederatesBeforeTheApplicationStarts() {
		this.simulated.withUserConfiguration(PartnerConfiguration.class).run((context) -> {
			SimulatedSpireServer server = context.getBean(SimulatedSpireServer.class);
			SimulatedSpireServer partner = context.getBean("partner", SimulatedSpireServer.class);
			assertThat(property(context, "server.trust-domain")).isEqualTo(server.trustDomain())
				.isEqualTo("example.org");
			assertThat(federatesWith(server, context.getBean(SimulatedKubelet.class))).containsExactly("partner.org");
			assertThat(federatesWith(partner, context.getBean("partnerKubelet", SimulatedKubelet.class)))
				.containsExactly("example.org");
			assertThat(context.getBean("other", SimulatedSpireServer.class).federation().trustDomains()).isEmpty();
		});
	}

	@Test
	void bundleThatTheTestHasSetIsLeftAlone() {
		this.simulated.withUserConfiguration(UserConfiguration.class, PartnerConfiguration.class)
			.withBean(FederatedByHand.class)
			.run((context) -> {
				SimulatedSpireServer server = context.getBean(SimulatedSpireServer.class);
				assertThat(server.trustDomain()).isEqualTo("user.example");
				assertThat(server.federation().bundle("partner.org")).isNotNull()
					.satisfies((bundle) -> assertThat(bundle.sequenceNumber()).isEqualTo(7));
				assertThat(federatesWith(server, context.getBean(SimulatedKubelet.class)))
					.containsExactly("example.org");
			});
	}

	private static List<String> federatesWith(SimulatedSpireServer server, SimulatedKubelet kubelet) {
		TestSvid agent = TestClient.attest(server, kubelet.token());
		server.entries().reload();
		try (TestClient client = TestClient.of(server, agent)) {
			return client.entries().get(0).getFederatesWithList();
		}
	}

	@Test
	void applicationMainRunsOnSimulatedServer() {
		SpringApplication.Running running = SpringApplication.from(Application::main)
			.with(SimulatedSpireServerConfiguration.class)
			.run("--spire.server.address=nowhere:1");
		try (ConfigurableApplicationContext context = running.getApplicationContext()) {
			assertThat(context.getBean(AddressUser.class).address())
				.isEqualTo(context.getBean(SimulatedSpireServer.class).address());
		}
	}

	private static String obtainSvid(AssertableApplicationContext context) {
		SimulatedSpireServer server = context.getBean(SimulatedSpireServer.class);
		TestSvid agent = TestClient.attest(server, context.getBean(SimulatedKubelet.class).token(),
				property(context, "psat.cluster"));
		server.entries().reload();
		try (TestClient client = TestClient.of(server, agent)) {
			Entry entry = await().until(client::entries, (entries) -> entries.size() == 1).get(0);
			return client.x509Svid(entry.getId()).id();
		}
	}

	private static String property(AssertableApplicationContext context, String name) {
		return context.getEnvironment().getRequiredProperty("spire." + name);
	}

	record AddressUser(String address) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		static void main(String[] args) {
			SpringApplication.run(Application.class, args);
		}

		@Bean
		AddressUser addressUser(@Value("${spire.server.address}") String address) {
			return new AddressUser(address);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PartnerConfiguration {

		@Bean(defaultCandidate = false)
		SimulatedKubelet partnerKubelet() {
			return SimulatedKubelet.builder().build();
		}

		@Bean(defaultCandidate = false)
		SimulatedSpireServer partner(@Qualifier("partnerKubelet") SimulatedKubelet kubelet) {
			return SimulatedSpireServer.builder().trustDomain("partner.org").workload(kubelet).build();
		}

		@Bean(defaultCandidate = false)
		SimulatedSpireServer other() {
			return SimulatedSpireServer.builder().build();
		}

	}

	static class FederatedByHand implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			if (name.equals("userServer")) {
				((SimulatedSpireServer) bean).federation()
					.set(FederatedBundle.empty("partner.org").withSequenceNumber(7));
			}
			return bean;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UserConfiguration {

		@Bean
		SimulatedKubelet userKubelet() {
			return SimulatedKubelet.builder().serviceAccount("shop", "orders").build();
		}

		@Bean
		SimulatedSpireServer userServer(SimulatedKubelet kubelet) {
			return SimulatedSpireServer.builder().trustDomain("user.example").workload(kubelet).build();
		}

	}

}
