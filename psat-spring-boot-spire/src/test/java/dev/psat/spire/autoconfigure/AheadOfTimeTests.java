package dev.psat.spire.autoconfigure;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.psat.actuate.endpoint.PsatEndpoint;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatEndpointAutoConfiguration;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.actuate.endpoint.ShownIdentity;
import dev.psat.spire.actuate.endpoint.SpireEndpointAutoConfiguration;
import dev.psat.spire.actuate.endpoint.SpirePeersEndpointAutoConfiguration;
import dev.psat.spire.autoconfigure.ssl.WebServerBundleAutoConfiguration;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.grpc.GrpcClientBundleAutoConfiguration;
import dev.psat.spire.grpc.GrpcServerBundleAutoConfiguration;
import dev.psat.spire.health.SpireHealthContributorAutoConfiguration;
import dev.psat.spire.health.SpireHealthIndicator;
import dev.psat.spire.http.HttpClientBundleAutoConfiguration;
import dev.psat.spire.jdbc.JdbcBundleAutoConfiguration;
import dev.psat.spire.jetty.JettyBundleAutoConfiguration;
import dev.psat.spire.kafka.KafkaBundleAutoConfiguration;
import dev.psat.spire.metrics.SpireMetricsAutoConfiguration;
import dev.psat.spire.metrics.SpireObservationAutoConfiguration;
import dev.psat.spire.oauth2.SpireOAuth2ClientAutoConfiguration;
import dev.psat.spire.rabbit.RabbitBundleAutoConfiguration;
import dev.psat.spire.rabbit.RabbitStreamBundleAutoConfiguration;
import dev.psat.spire.reactor.RSocketBundleAutoConfiguration;
import dev.psat.spire.reactor.ReactorNettyBundleAutoConfiguration;
import dev.psat.spire.redis.LettuceBundleAutoConfiguration;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.test.FederatedBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tomcat.TomcatBundleAutoConfiguration;
import dev.psat.support.GeneratedClasses;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.FileSystemGeneratedFiles;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.Environment;
import org.springframework.javapoet.ClassName;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.ReactiveOAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for a context that was processed ahead of time, without any property of ours, and
 * gets its properties when it runs.
 */
class AheadOfTimeTests {

	private static final String AUDIENCE = "spire.psat.oauth2.client.bank.audience=https://bank.example.org";

	@TempDir
	private static Path directory;

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	private static String initializer;

	@BeforeAll
	static void process() throws Exception {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("management.endpoints.web.exposure.include=psat,spire,spirepeers").applyTo(context);
		context.register(Application.class, Database.class);
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("dev.psat.spire.autoconfigure", "Processed")),
				new FileSystemGeneratedFiles((kind) -> directory));
		initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation).canonicalName();
		generation.writeGeneratedContent();
		GeneratedClasses.define(directory);
	}

	@Test
	void allOfOursIsProcessed() {
		ImportAutoConfiguration imported = Objects
			.requireNonNull(AnnotationUtils.findAnnotation(Application.class, ImportAutoConfiguration.class));
		assertThat(imported.value()).extracting(Class::getName)
			.containsAll(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader())
				.getCandidates()
				.stream()
				.filter((name) -> name.startsWith("dev.psat.spire."))
				.toList());
	}

	@Test
	void serverIsToldWhenItRuns() throws Exception {
		List<String> enabled = run("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
				"spire.server.address=127.0.0.1:1", "spire.server.trust-domain=example.org",
				"spire.server.trust-bundle=/no/such/bundle");
		assertThat(enabled).contains("server 127.0.0.1:1", "health DOWN");
		assertThat(run("spire.psat.enabled=false")).containsAll(beans(enabled));
	}

	@Test
	void serverIsDisabledWhenItRuns() throws Exception {
		assertThat(run("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
				"spire.server.enabled=false"))
			.contains("spireIdentity", "spireLifecycle", "spireEndpoint", "spirePeersEndpoint", "spireHealthIndicator",
					"spireMeters", "spireObservations", "state DISABLED", "health UNKNOWN", "shown DISABLED",
					"svid DISABLED");
	}

	/**
	 * The same image, with neither a token nor a server.
	 */
	@Test
	void workloadApiIsToldWhenItRuns() throws Exception {
		String socket = "spire.workload-api.socket=unix:///no/such/directory/agent.sock";
		List<String> seen = run(socket, "spire.psat.cluster=demo-cluster", "spire.psat.fail-fast=true");
		assertThat(seen).contains("server null", "workloadApi unix:///no/such/directory/agent.sock", "health DOWN",
				"token false", "attestations false", "state CONNECTING");
		assertThat(run("spire.psat.enabled=false")).containsAll(beans(seen));
		assertThat(run(socket, "spire.workload-api.enabled=false", "spire.psat.cluster=demo-cluster")).singleElement()
			.asString()
			.contains("'spire.server.address' is not set");
		assertThat(run(socket, "spire.server.address=127.0.0.1:1")).singleElement()
			.asString()
			.contains("The same property source also sets 'spire.server.address'");
	}

	@Test
	void workloadApiThatIsToldWhenItRunsGivesAnSvid() throws Exception {
		try (SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().entry(SimulatedWorld.ORDERS).build()) {
			assertThat(run("spire.workload-api.socket=" + api.address())).contains("state READY", "health UP",
					"svid " + SimulatedWorld.ORDERS, "token false");
		}
	}

	@Test
	void databaseThatIsToldWhenItRunsIsChecked() throws Exception {
		String url = "orders.url=jdbc:postgresql://localhost/orders?sslfactory=dev.psat.spire.jdbc.SpiffeSocketFactory&sslfactoryarg=spire";
		assertThat(run("spire.psat.enabled=false", url)).singleElement()
			.asString()
			.contains("The property 'orders.url' names the SpiffeSocketFactory", "'sslmode' is not set");
		assertThat(run("spire.psat.enabled=false", url + "&sslmode=verify-ca")).contains("spireJdbcBundles",
				"spireKafkaCheck", "spireLettuceCheck", "spireRabbitCheck");
	}

	@Test
	void kafkaThatIsToldWhenItRunsIsChecked() throws Exception {
		assertThat(run("spire.psat.enabled=false", "orders.protocol=PLAINTEXT")).singleElement()
			.asString()
			.contains("The bean 'admin' has an SSL bundle of the SPIRE identity", "'security.protocol' is 'PLAINTEXT'");
	}

	@Test
	void rabbitMqThatIsToldWhenItRunsIsChecked() throws Exception {
		String clear = "spring.rabbitmq.addresses=amqp://127.0.0.1:1";
		assertThat(run("spire.psat.enabled=false", clear, "spring.rabbitmq.ssl.bundle=spire")).singleElement()
			.asString()
			.contains("has an SSL bundle of the SPIRE identity", "begins with 'amqp://'");
		assertThat(run("spire.psat.enabled=false", clear)).contains("spireRabbitCheck");
	}

	/**
	 * What is made of other beans has to come before them, as it did when they were
	 * processed.
	 */
	@Test
	void bundleIsRegisteredAndClientsAreBuiltForIt() throws Exception {
		assertThat(run("spire.psat.enabled=false")).contains("spireTomcatBundleCustomizer",
				"spireReactorNettyBundleCustomizer", "spireWebServerStartCheck", "bundle SpiffeSslBundle",
				"spireRequestFactoryBuilderPreparation", "builder HttpComponentsClientHttpRequestFactoryBuilder",
				"connector true");
	}

	@Test
	void attestationIsDisabledWhenItRuns() throws Exception {
		assertThat(run("spire.psat.enabled=false")).contains("spireIdentity", "state DISABLED", "health UNKNOWN",
				"shown DISABLED", "svid DISABLED");
	}

	@Test
	void serverThatIsToldWhenItRunsGivesAnSvid() throws Exception {
		assertThat(run(this.world.properties())).contains("state READY", "health UP", "svid " + SimulatedWorld.ORDERS);
	}

	@Test
	void serverThatIsToldWhenItRunsIsNotAskedWhenDisabled() throws Exception {
		assertThat(run(with("spire.server.enabled=false"))).contains("state DISABLED", "svid DISABLED");
		assertThat(this.world.server().journal().connections()).isZero();
	}

	@Test
	void oauth2ClientsAuthenticateByJwtSvid() throws Exception {
		assertThat(run(this.world.properties())).contains("grant invalid_token_response",
				"grant WebClientRequestException");
		assertThat(run("spire.psat.enabled=false")).contains("grant jwt_svid_unavailable");
	}

	@Test
	void audienceIsDemandedWhenItRuns() throws Exception {
		assertThat(start(this.world.properties())).singleElement()
			.asString()
			.contains("The OAuth 2.0 client registration 'bank' authenticates by 'spiffe_jwt'");
	}

	@Test
	void propertiesAreDemandedWhenItRuns() throws Exception {
		assertThat(run("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token")).singleElement()
			.asString()
			.contains("'spire.server.address' is not set");
	}

	/**
	 * AOT processing knew of neither property.
	 */
	@Test
	void startWaitsForAnSvidIfItIsToldSoWhenItRuns() throws Exception {
		assertThat(run(with("spire.svid.wait-for=always"))).contains("database with SVID");
		assertThat(run(with("spire.svid.wait-for=servers"))).contains("database without SVID");
		assertThat(run("spire.psat.enabled=false", "spire.svid.wait-for=always")).contains("database without SVID");
	}

	@Test
	void federationIsToldWhenItRuns() throws Exception {
		this.world.server().federation().set(FederatedBundle.empty("third.org"));
		try (SimulatedSpireServer partner = SimulatedSpireServer.builder().trustDomain("partner.org").build()) {
			this.world.server().federation().set(partner);
			this.world.server()
				.entries()
				.change(this.world.server().register(this.world.kubelet(), "demo"),
						(entry) -> entry.federatesWith("partner.org", "third.org"));
			assertThat(run(with("spire.federates-with=partner.org,third.org",
					"spire.bundle.authorized-clients=spiffe://partner.org/ns/pay/*")))
				.contains("federation [partner.org TRUSTED, third.org EMPTY]",
						"handshakes [example.org, other, partner.org, third.org]");
		}
		assertThat(run(this.world.properties())).contains("federation []", "handshakes [example.org, other]");
		assertThat(run(with("spire.bundle.authorized-clients=spiffe://partner.org/ns/pay/*"))).singleElement()
			.asString()
			.contains("'spire.federates-with' does not list 'partner.org'");
	}

	@Test
	void fileOfAListIsReadWhenItRuns() throws Exception {
		assertThat(run(with("spire.bundle.authorized-clients-file=/no/such/list")))
			.contains("handshakes [example.org, other]");
		assertThat(run(with("spire.bundle.authorized-clients-file=classpath:list"))).singleElement()
			.asString()
			.contains("'spire.bundle.authorized-clients-file'", "resource of the class path");
	}

	@Test
	void customizersAreCalledWhenItRuns() throws Exception {
		assertThat(run("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
				"spire.server.address=127.0.0.1:1", "spire.server.trust-domain=example.org",
				"spire.server.trust-bundle=/no/such/bundle", "orders.server=127.0.0.1:2"))
			.contains("server 127.0.0.1:2");
	}

	/**
	 * The annotations are those of factory methods, one of them behind a proxy.
	 */
	@Test
	void policyBeansDecideWhenItRuns() throws Exception {
		assertThat(run(this.world.properties())).contains("policies partners is authorized, outbound by the bean");
		assertThat(run(with("spire.bundle.authorized-servers=" + SimulatedWorld.ORDERS))).singleElement()
			.asString()
			.contains("The PeerPolicy bean 'outbound' decides on servers");
	}

	private String[] with(String... properties) {
		return Stream.concat(Stream.of(this.world.properties()), Stream.of(properties)).toArray(String[]::new);
	}

	private static List<String> beans(List<String> seen) {
		return seen.stream().filter((line) -> !line.contains(" ")).toList();
	}

	private static List<String> run(String... properties) throws Exception {
		return start(Stream.concat(Stream.of(properties), Stream.of(AUDIENCE)).toArray(String[]::new));
	}

	private static List<String> start(String... properties) throws Exception {
		String[] arguments = Stream.concat(Stream.of(initializer), Stream.of(properties)).toArray(String[]::new);
		return Processed.run(arguments);
	}

	/**
	 * All that this class path has of ours, and what that refers to.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, EndpointAutoConfiguration.class,
			MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
			CompositeMeterRegistryAutoConfiguration.class, ObservationAutoConfiguration.class,
			HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class,
			ReactiveHttpClientAutoConfiguration.class, PsatAutoConfiguration.class, PsatEndpointAutoConfiguration.class,
			SpireAutoConfiguration.class, SpireEndpointAutoConfiguration.class,
			SpirePeersEndpointAutoConfiguration.class, SpireHealthContributorAutoConfiguration.class,
			SpireMetricsAutoConfiguration.class, SpireObservationAutoConfiguration.class,
			SpireOAuth2ClientAutoConfiguration.class, GrpcClientBundleAutoConfiguration.class,
			GrpcServerBundleAutoConfiguration.class, HttpClientBundleAutoConfiguration.class,
			JettyBundleAutoConfiguration.class, RSocketBundleAutoConfiguration.class,
			ReactorNettyBundleAutoConfiguration.class, TomcatBundleAutoConfiguration.class,
			WebServerBundleAutoConfiguration.class, JdbcBundleAutoConfiguration.class,
			KafkaBundleAutoConfiguration.class, LettuceBundleAutoConfiguration.class,
			RabbitBundleAutoConfiguration.class, RabbitStreamBundleAutoConfiguration.class })
	static class Application {

		@Bean
		DataSource database(SpiffeSslBundle bundle) {
			return StubDatabase.named("database " + (bundle.isEmpty() ? "without SVID" : "with SVID"));
		}

		@Bean
		SpireIdentityBuilderCustomizer customizer(Environment environment) {
			String server = environment.getProperty("orders.server");
			return (builder) -> {
				if (server != null) {
					builder.server(ServerAddress.parse(server));
				}
			};
		}

		@Bean
		@AuthorizesPeers(bundle = "partners")
		PeerPolicy partners() {
			return (peer) -> null;
		}

		@Bean
		@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.INTERFACES)
		@AuthorizesPeers(Direction.OUTBOUND)
		PeerPolicy outbound() {
			return (peer) -> "by the bean";
		}

		/**
		 * A registration whose audience is told when it runs.
		 */
		@Bean
		InMemoryClientRegistrationRepository registrations() {
			return new InMemoryClientRegistrationRepository(ClientRegistration.withRegistrationId("bank")
				.clientId("orders")
				.clientAuthenticationMethod(new ClientAuthenticationMethod("spiffe_jwt"))
				.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
				.tokenUri("http://127.0.0.1:1/token")
				.build());
		}

	}

	/**
	 * A database, Kafka and RabbitMQ, which are told when the context runs.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(RabbitProperties.class)
	static class Database {

		@Bean
		ConnectionDetails orders(Environment environment) {
			return new OrdersConnection(environment.getProperty("orders.url", "jdbc:none"));
		}

		@Bean
		KafkaAdmin admin(Environment environment, SslBundles bundles) {
			return new KafkaAdmin(Map.of(SslBundle.class.getName(), bundles.getBundle("spire"), "security.protocol",
					environment.getProperty("orders.protocol", "SSL")));
		}

	}

	private record OrdersConnection(String getJdbcUrl) implements ConnectionDetails {

	}

	/**
	 * What runs the processed context.
	 */
	private static final class Processed {

		private Processed() {
		}

		@SuppressWarnings("unchecked")
		static List<String> run(String... arguments) throws ReflectiveOperationException {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				TestPropertyValues.of(arguments).applyTo(context);
				((ApplicationContextInitializer<GenericApplicationContext>) Class.forName(arguments[0])
					.getDeclaredConstructor()
					.newInstance()).initialize(context);
				context.refresh();
				return Stream.of(Stream.of(context.getBeanDefinitionNames()), seen(context), grants(context))
					.flatMap((lines) -> lines)
					.toList();
			}
			catch (RuntimeException ex) {
				return List.of(String.valueOf(NestedExceptionUtils.getMostSpecificCause(ex).getMessage()));
			}
		}

		private static Stream<String> seen(GenericApplicationContext context) {
			String svid = svid(context.getBean(SpireIdentity.class));
			return Stream.of(String.valueOf(context.getBean(DataSource.class)), "svid " + svid,
					"state " + context.getBean(SpireIdentity.class).status().state(),
					"server " + context.getBean(SpireIdentity.class).status().server(),
					"workloadApi " + context.getBean(SpireIdentity.class).status().workloadApi(),
					"token " + (context.getBean(PsatEndpoint.class).psat().getToken() != null),
					"attestations " + (context.getBean(MeterRegistry.class).find("spire.attestation").timer() != null),
					"health " + context.getBean(SpireHealthIndicator.class).health().getStatus(),
					"bundle " + context.getBean(SslBundles.class).getBundle("spire"),
					"builder " + context.getBean(ClientHttpRequestFactoryBuilder.class).getClass().getSimpleName(),
					"connector " + !(context
						.getBean(ClientHttpConnectorBuilder.class) instanceof ReactorClientHttpConnectorBuilder),
					"shown " + ShownIdentity.of(context).at("/state").asString(), "policies " + policies(context),
					"federation " + federation(context.getBean(SpireIdentity.class).status()),
					"handshakes " + handshakes(context.getBean(MeterRegistry.class)));
		}

		private static String policies(GenericApplicationContext context) {
			SpiffeId peer = SpiffeId.parse(SimulatedWorld.ORDERS);
			return "partners is %s, outbound %s"
				.formatted(
						(context.getBean(SslBundles.class).getBundle("partners") instanceof SpiffeSslBundle)
								? "authorized" : "missing",
						context.getBean(Wiring.class).peers().outbound().refusal(peer));
		}

		private static List<String> federation(SpireStatus status) {
			return status.federation()
				.stream()
				.map((federation) -> federation.trustDomain() + " " + federation.state())
				.toList();
		}

		private static Set<String> handshakes(MeterRegistry registry) {
			return registry.find("spire.handshakes")
				.meters()
				.stream()
				.map((meter) -> String.valueOf(meter.getId().getTag("trust.domain")))
				.collect(Collectors.toCollection(TreeSet::new));
		}

		/**
		 * Ask for access tokens, unless that would have to wait for a JWT-SVID.
		 */
		private static Stream<String> grants(GenericApplicationContext context) {
			SpireState state = context.getBean(SpireIdentity.class).status().state();
			if (state != SpireState.READY && state != SpireState.DISABLED) {
				return Stream.empty();
			}
			OAuth2ClientCredentialsGrantRequest request = new OAuth2ClientCredentialsGrantRequest(
					Objects.requireNonNull(
							context.getBean(InMemoryClientRegistrationRepository.class).findByRegistrationId("bank")));
			OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> client = context
				.<OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest>>getBeanProvider(
						ResolvableType.forClassWithGenerics(OAuth2AccessTokenResponseClient.class, request.getClass()))
				.getObject();
			ReactiveOAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> reactive = context
				.<ReactiveOAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest>>getBeanProvider(
						ResolvableType.forClassWithGenerics(ReactiveOAuth2AccessTokenResponseClient.class,
								request.getClass()))
				.getObject();
			return Stream.of(refusal(() -> client.getTokenResponse(request)),
					refusal(() -> reactive.getTokenResponse(request).block()));
		}

		private static String refusal(Runnable grant) {
			try {
				grant.run();
				return "granted";
			}
			catch (OAuth2AuthorizationException ex) {
				return "grant " + ex.getError().getErrorCode();
			}
			catch (RuntimeException ex) {
				return "grant " + ex.getClass().getSimpleName();
			}
		}

		/**
		 * Return whether the server has answered for each federated trust domain, which
		 * may have to wait until there is an SVID.
		 */
		private static boolean isAsked(SpireIdentity identity) {
			return identity.status()
				.federation()
				.stream()
				.noneMatch((federation) -> federation.state() == FederationState.UNKNOWN);
		}

		/**
		 * Wait until there is an SVID, or it turns out that there will be none. A token
		 * that is not there yet may come, and a server that is slow may answer.
		 */
		private static String svid(SpireIdentity identity) {
			return await().until(() -> {
				try {
					String svid = identity.x509Svid().spiffeId().toString();
					return isAsked(identity) ? svid : "";
				}
				catch (SvidUnavailableException ex) {
					SpireStatus.LastError error = identity.status().lastError();
					boolean hopeless = error != null
							&& !List.of("TOKEN_UNAVAILABLE", "UNREACHABLE").contains(error.reason());
					return (hopeless || ex.state() == SpireState.DISABLED) ? ex.state().toString() : "";
				}
			}, (svid) -> !svid.isEmpty());
		}

	}

}
