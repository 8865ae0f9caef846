package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.info.SslInfo;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.ApplicationContextException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for an application that serves and calls by the SSL bundle, and what its start
 * waits for.
 */
@ExtendWith(OutputCaptureExtension.class)
class ServedBundleTests {

	static final String[] SERVED = { "server.port=0", "server.ssl.bundle=spire",
			"spire.bundle.authorized-clients=" + SimulatedWorld.ORDERS,
			"spire.bundle.authorized-servers=" + SimulatedWorld.ORDERS };

	private static final String WAITING = "Waiting up to 300 s for the first X.509-SVID, which the web server will serve";

	@TempDir
	private static Path child;

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	@Test
	void startWaitsForAnEntryThatComesLateAndRestartWaitsNoMore(CapturedOutput output) throws Exception {
		this.world.server().entries().delete(this.world.server().register(this.world.kubelet(), "demo"));
		SpringApplication application = new SpringApplication(Application.class);
		CompletableFuture<ConfigurableApplicationContext> start = CompletableFuture
			.supplyAsync(() -> application.run(this.world.arguments(SERVED)));
		await().until(() -> output.getOut().contains(WAITING));
		assertThat(start).isNotDone();
		this.world.server().register(this.world.kubelet(), "demo");
		try (ConfigurableApplicationContext context = start.get(Patience.SECONDS, TimeUnit.SECONDS)) {
			assertThatApplicationCallsItself(context, 1);
			this.world.server().stop();
			context.stop();
			context.start();
			assertThatApplicationCallsItself(context, 2);
			assertThat(output).containsOnlyOnce(WAITING);
		}
	}

	@Test
	void startStopsWithAnAnalysisWhenTheWaitRunsOut(CapturedOutput output) {
		this.world.server().stop();
		assertThatExceptionOfType(ApplicationContextException.class)
			.isThrownBy(() -> SpringApplication.run(WithCustomizer.class,
					this.world.arguments("server.port=0", "spire.svid.wait=1s")))
			.withCauseInstanceOf(PsatStartupException.class);
		assertThat(output).contains("APPLICATION FAILED TO START",
				"There is no X.509-SVID for the web server to serve.", "The state of the identity is ",
				"Startup waits at most 1 s, see 'spire.svid.wait'.", ".with(SimulatedSpireServerConfiguration.class)");
	}

	@Test
	void startStopsAtOnceWhereTheIdentityIsDisabled(CapturedOutput output) {
		assertThatExceptionOfType(ApplicationContextException.class)
			.isThrownBy(() -> SpringApplication.run(Application.class,
					this.world.arguments("server.port=0", "server.ssl.bundle=spire", "spire.server.enabled=false")))
			.withCauseInstanceOf(PsatStartupException.class);
		assertThat(output)
			.contains("Set 'spire.server.enabled' to 'true'",
					"configure the web server with another SSL bundle, or without TLS")
			.doesNotContain("Waiting up to");
	}

	/**
	 * As {@code @MockitoBean} puts it in the place of the identity.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "server.ssl.bundle=spire", "spire.svid.wait-for=always" })
	void mockThatHasNoStatusIsNamed(String demand, CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class, Mocked.class);
		assertThatException().isThrownBy(() -> application.run(this.world.arguments("server.port=0", demand)))
			.satisfies((ex) -> assertThat(NestedExceptionUtils.getMostSpecificCause(ex))
				.isInstanceOf(PsatStartupException.class));
		assertThat(output).contains("APPLICATION FAILED TO START", "The SpireIdentity bean has no status: ",
				"SpireIdentity$MockitoMock$", "A mock has no X.509-SVID.",
				"@Import(SimulatedSpireServerConfiguration.class)");
	}

	@Test
	void closingTheContextEndsTheWait(CapturedOutput output) {
		this.world.server().stop();
		SpringApplication application = new SpringApplication(Application.class);
		CompletableFuture<ConfigurableApplicationContext> prepared = new CompletableFuture<>();
		application.addInitializers((context) -> prepared.complete(context));
		CompletableFuture<ConfigurableApplicationContext> start = CompletableFuture
			.supplyAsync(() -> application.run(this.world.arguments(SERVED)));
		await().until(() -> output.getOut().contains(WAITING));
		prepared.join().close();
		assertThat(start).failsWithin(Patience.LIMIT);
	}

	@Matrix
	@Test
	void signalEndsTheWait(@TempDir Path directory) throws Exception {
		this.world.server().stop();
		try (StarterProcess process = StarterProcess.start(List.of(), directory, Application.class,
				this.world.arguments(SERVED))) {
			Awaitility.await().until(() -> process.said().contains(WAITING));
			process.process().destroy();
			assertThat(process.end()).isEqualTo(143);
		}
	}

	@Test
	void nothingWaitsWhereNothingListens(CapturedOutput output) {
		this.world.server().stop();
		try (ConfigurableApplicationContext context = SpringApplication.run(Application.class,
				this.world.arguments("server.port=-1", "server.ssl.bundle=spire"))) {
			assertThat(context.getBean(SpiffeSslBundle.class).isEmpty()).isTrue();
		}
		assertThat(output).doesNotContain("Waiting up to");
	}

	/**
	 * As tests with {@code MockMvc} start it.
	 */
	@Test
	void nothingWaitsInAMockEnvironment(CapturedOutput output) {
		this.world.server().stop();
		new WebApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues(this.world.properties())
			.withPropertyValues(SERVED)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(SpireLifecycle.class));
		assertThat(output).doesNotContain("Waiting up to");
	}

	@Test
	void healthMetersAndInfoNeitherWaitNorFailWithoutAnSvid() {
		this.world.server().stop();
		try (ConfigurableApplicationContext context = run("spire.bundle.ssl-info=true")) {
			assertThat(context.getBean(SpiffeSslBundle.class).isEmpty()).isTrue();
			assertThat(context.getBean(SslInfo.class).getBundle("spire").getCertificateChains()).isEmpty();
			assertThat(sslHealth(context)).isEqualTo(Status.UP);
			// the authorities may have come from the file by now
			assertThat(context.getBean(MeterRegistry.class).find("ssl.chain.expiry").tag("chain", "spire").meters())
				.isEmpty();
			this.world.server().restart();
			awaitReady(context);
			assertThat(context.getBean(SslInfo.class).getBundles()).singleElement().satisfies((bundle) -> {
				assertThat(bundle.getName()).isEqualTo("spire");
				assertThat(bundle.getCertificateChains()).isEmpty();
			});
			assertThat(sslHealth(context)).isNotEqualTo(Status.DOWN);
			assertThat(context.getBean(MeterRegistry.class).find("ssl.chain.expiry").tag("chain", "spire").meters())
				.isEmpty();
		}
	}

	@Test
	void healthMetersAndInfoOfSslBundlesLeaveOursOut() {
		try (ConfigurableApplicationContext context = run()) {
			awaitReady(context);
			assertThat(context.getBean(SslInfo.class).getBundles()).isEmpty();
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			// the bundle may be updated only after the identity is ready
			await().during(Duration.ofMillis(500))
				.untilAsserted(() -> assertThat(meters.find("ssl.chain.expiry").meters()).isEmpty());
		}
	}

	private ConfigurableApplicationContext run(String... more) {
		return SpringApplication.run(Application.class,
				this.world.arguments(
						Stream.concat(Stream.of("server.port=0", "management.health.ssl.enabled=true"), Stream.of(more))
							.toArray(String[]::new)));
	}

	private static void awaitReady(ConfigurableApplicationContext context) {
		SpireIdentity identity = context.getBean(SpireIdentity.class);
		await().until(() -> identity.status().state() == SpireState.READY);
	}

	private static Status sslHealth(ConfigurableApplicationContext context) {
		HealthIndicator indicator = (HealthIndicator) context.getBean(HealthContributorRegistry.class)
			.getContributor("ssl");
		assertThat(indicator).isNotNull();
		return Objects.requireNonNull(indicator.health()).getStatus();
	}

	/**
	 * Its server is created after the start of the application has ended.
	 */
	@Test
	void serverOfChildContextWaitsForTheFirstSvid(CapturedOutput output) throws Exception {
		this.world.server().stop();
		try (ConfigurableApplicationContext context = SpringApplication.run(Application.class,
				this.world.arguments("server.port=0", "spire.bundle.authorized-clients=" + SimulatedWorld.ORDERS,
						"spire.bundle.authorized-servers=" + SimulatedWorld.ORDERS))) {
			CompletableFuture<ConfigurableApplicationContext> start = CompletableFuture
				.supplyAsync(() -> new SpringApplicationBuilder(ChildServer.class).parent(context).run());
			await().until(() -> output.getOut().contains(WAITING));
			assertThat(start).isNotDone();
			this.world.server().restart();
			try (ConfigurableApplicationContext child = start.get(Patience.SECONDS, TimeUnit.SECONDS)) {
				assertThatApplicationCallsItself(child, 1);
			}
		}
	}

	@Test
	void serverOfChildContextDoesNotStartWhereTheIdentityIsDisabled() {
		try (ConfigurableApplicationContext context = SpringApplication.run(Application.class,
				this.world.arguments("server.port=0", "spire.server.enabled=false"))) {
			SpringApplicationBuilder child = new SpringApplicationBuilder(ChildServer.class).parent(context);
			assertThatException().isThrownBy(child::run)
				.satisfies((ex) -> assertThat(ex).hasStackTraceContaining("There is no X.509-SVID for the web server"));
		}
	}

	private static void assertThatApplicationCallsItself(ConfigurableApplicationContext context, int times)
			throws IOException, InterruptedException {
		SpiffeSslBundle bundle = (SpiffeSslBundle) context.getBean(SslBundles.class).getBundle("spire");
		HttpClient client = HttpClient.newBuilder().sslContext(bundle.createSslContext()).build();
		URI uri = URI.create(
				"https://127.0.0.1:%s/greeting".formatted(context.getEnvironment().getProperty("local.server.port")));
		HttpResponse<String> response = client.send(HttpRequest.newBuilder(uri).build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(response.body()).isEqualTo("hello");
		for (Direction direction : Direction.values()) {
			assertThat(bundle.handshakes().count(direction, HandshakeOutcome.ACCEPTED)).isEqualTo(times);
		}
	}

	private static ConditionFactory await() {
		return Awaitility.await().pollInterval(Duration.ofMillis(20));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class Application {

		public static void main(String[] arguments) {
			SpringApplication.run(Application.class, arguments);
		}

		@GetMapping("/greeting")
		String greeting() {
			return "hello";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ChildServer {

		@Bean
		TomcatServletWebServerFactory webServerFactory(SslBundles bundles) {
			TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
			factory.setSslBundles(bundles);
			factory.setSsl(Ssl.forBundle("spire"));
			// one that cannot start would leave its own behind
			factory.setBaseDirectory(child.resolve("tomcat").toFile());
			return factory;
		}

		@Bean
		ServletContextInitializer greeting() {
			return (context) -> context.addServlet("greeting", new HttpServlet() {

				@Override
				protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
					response.getWriter().print("hello");
				}

			}).addMapping("/greeting");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Application.class)
	static class WithCustomizer {

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> bundle() {
			return (factory) -> factory.setSsl(Ssl.forBundle("spire"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Mocked {

		@Bean
		SpireIdentity identity() {
			return Mockito.mock();
		}

	}

}
