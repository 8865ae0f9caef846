package dev.psat.spire.autoconfigure;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.TestIdentity;
import dev.psat.support.Matrix;
import dev.psat.support.SeparateClassPath;
import dev.psat.support.SeparateClasses;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.server.reactive.HttpHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a Spring Boot that has all of its classes elsewhere of which guards know any.
 */
@Matrix
class UnknownSpringBootTests {

	private static final String STARTED = "started";

	private static final String UNKNOWN = "Spring Boot " + SpringBootVersion.getVersion()
			+ " is not known to this version";

	@TempDir
	private static Path directory;

	@AutoClose
	private static SeparateClasses moved;

	@BeforeAll
	static void move() throws Exception {
		moved = classPath()
			.moving(directory, "amqp", "kafka", "http.client", "grpc.client", "grpc.server", "tomcat", "jetty",
					"reactor.netty", "jdbc", "data.redis", "security.oauth2.client")
			.load();
	}

	@Test
	void applicationWithoutTheBundleStarts() throws Exception {
		assertThat(run("spring.kafka.listener.auto-startup=false")).containsExactly(STARTED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.rabbitmq.ssl.bundle", "spring.rabbitmq.stream.ssl.bundle",
			"spring.kafka.ssl.bundle", "spring.kafka.consumer.ssl.bundle", "spring.data.redis.ssl.bundle",
			"spring.http.clients.ssl.bundle", "spring.http.serviceclient.bank.ssl.bundle",
			"spring.grpc.client.channel.bank.ssl.bundle", "spring.grpc.server.ssl.bundle" })
	void stopsTheStartWhereAPropertyGivesTheBundleToWhatHasMoved(String property) throws Exception {
		assertThat(run(property + "=spire")).singleElement()
			.asString()
			.startsWith(PsatStartupException.class.getName())
			.contains("'" + property + "' names the SSL bundle 'spire' of the SPIRE identity", UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.rabbitmq.ssl.bundle=web", "spring.rabbitmq.ssl.bundle=${bundle}",
			"spring.rabbitMQ.ssl.bundle=web" })
	void anyBundleOfTheIdentityCountsHoweverItIsWritten(String property) throws Exception {
		assertThat(run("spire.identity-bundles.web.trust=jvm", "bundle=web", property)).singleElement()
			.asString()
			.contains("'spring.rabbitmq.ssl.bundle' names the SSL bundle 'web' of the SPIRE identity", UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SERVLET;tomcat;server.ssl.bundle=spire",
			"SERVLET;tomcat;server.ssl.bundle=other;server.ssl.server-name-bundles[0].server-name=localhost;server.ssl.server-name-bundles[0].bundle=spire",
			"SERVLET;jetty;server.ssl.bundle=spire", "REACTIVE;reactor.netty;server.ssl.bundle=spire" })
	void stopsTheStartWhereAMovedWebServerWouldServeTheBundle(String application) throws Exception {
		assertThat(moved.call(WebApplication.class, "run", arguments(application.split(";")))).singleElement()
			.asString()
			.startsWith(PsatStartupException.class.getName())
			.contains(".x", "ServerFactory' has the SSL bundle 'spire' of the SPIRE identity", UNKNOWN);
	}

	/**
	 * The start waits for an X.509-SVID before it creates that server.
	 */
	@Test
	void stopsTheStartWhereAMovedManagementServerWouldServeTheBundle() throws Exception {
		try (SimulatedWorld world = new SimulatedWorld()) {
			assertThat(moved.call(ManagementApplication.class, "run",
					world.arguments("management.server.port=0", "management.server.ssl.bundle=spire")))
				.singleElement()
				.asString()
				.startsWith(PsatStartupException.class.getName())
				.contains(".xomcat.", "ServerFactory' has the SSL bundle 'spire' of the SPIRE identity", UNKNOWN);
		}
	}

	@Test
	void stopsTheStartInAChildContextWithPropertiesOfItsOwn() throws Exception {
		assertThat(moved.call(ChildApplication.class, "run", arguments())).singleElement()
			.asString()
			.contains("'spring.rabbitmq.ssl.bundle' names the SSL bundle 'spire' of the SPIRE identity", UNKNOWN);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void advisesWhereThisLibraryItselfNeedsWhatHasMoved(@TempDir Path directory, CapturedOutput output)
			throws Exception {
		try (SeparateClasses moved = classPath().moving(directory, "autoconfigure.service").load()) {
			assertThat(moved.call(Application.class, "run", arguments("logging.level.root=error")))
				.doesNotContain(STARTED);
		}
		assertThat(output).contains("APPLICATION FAILED TO START",
				"needs the class 'org.springframework.boot.autoconfigure.service.connection.ConnectionDetails'",
				UNKNOWN, "Use a version of psat-spring-boot that supports this Spring Boot");
	}

	/**
	 * These guards know the library alone.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					spring.datasource.url=jdbc:postgresql://127.0.0.1:1/shop?sslfactory=dev.psat.spire.jdbc.SpiffeSocketFactory&sslfactoryarg=spire&sslmode=prefer | its connections would not be safe
					spring.rsocket.server.port=0;spring.rsocket.server.ssl.bundle=spire | The RSocket server can only use the managers of a bundle
					spring.security.oauth2.client.registration.bank.client-id=orders;spring.security.oauth2.client.registration.bank.authorization-grant-type=client_credentials;spring.security.oauth2.client.registration.bank.client-authentication-method=spiffe_jwt;spring.security.oauth2.client.provider.bank.token-uri=https://bank.example.org/token | audience
					""")
	void guardOfALibraryGoesOnWherePropertiesHaveMoved(String properties, String refusal) throws Exception {
		assertThat(run(properties.split(";"))).singleElement().asString().contains(refusal);
	}

	@Test
	void stopsTheStartWhereNothingIsKnownOfAnyWebServer(@TempDir Path directory) throws Exception {
		try (SeparateClasses moved = classPath().moving(directory, "web.server").load()) {
			for (String property : List.of("server.ssl.bundle", "management.server.ssl.bundle",
					"spring.rsocket.server.ssl.bundle")) {
				assertThat(moved.call(WebApplication.class, "runAny", arguments(property + "=spire"))).singleElement()
					.asString()
					.contains("'" + property + "' names the SSL bundle 'spire' of the SPIRE identity", UNKNOWN);
			}
			// an application without one may still have a child context that serves
			assertThat(moved.call(Application.class, "run", arguments("server.ssl.bundle=spire")))
				.containsExactly(STARTED);
			assertThat(moved.call(ChildServer.class, "run", arguments("server.ssl.bundle=spire"))).singleElement()
				.asString()
				.contains("'server.ssl.bundle' names the SSL bundle 'spire' of the SPIRE identity", UNKNOWN);
		}
	}

	/**
	 * Spring Boot 4.0 has no gRPC, and gives streams of RabbitMQ no bundle.
	 */
	@Test
	void springBootOfThisTestHasAllThatIsNeeded() throws Exception {
		List<String> lacking = classPath().call(Application.class, "lacking");
		if (String.valueOf(SpringBootVersion.getVersion()).startsWith("4.0.")) {
			assertThat(lacking).allMatch((source) -> source.contains(".Grpc") || source.contains(".RabbitStream"));
		}
		else {
			assertThat(lacking).isEmpty();
		}
	}

	/**
	 * Return that of the tests, with Jetty, which it lacks: it lies beside Tomcat.
	 */
	private static SeparateClassPath classPath() throws URISyntaxException {
		String tomcat = Path
			.of(TomcatWebServerFactory.class.getProtectionDomain().getCodeSource().getLocation().toURI())
			.toString();
		return new SeparateClassPath().without("spring-boot-jetty")
			.with(Path.of(tomcat.replace("spring-boot-tomcat", "spring-boot-jetty")));
	}

	private static List<String> run(String... properties) throws Exception {
		return moved.call(Application.class, "run", arguments(properties));
	}

	private static String[] arguments(String... properties) {
		return Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new);
	}

	/**
	 * An application with all auto-configuration that its class path allows.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class Application {

		@Bean
		TestIdentity identity() {
			return new TestIdentity();
		}

		public static List<String> run(String... arguments) {
			return run(new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE), arguments);
		}

		static List<String> run(SpringApplicationBuilder application, String... arguments) {
			try (ConfigurableApplicationContext context = start(application, arguments)) {
				return List.of(STARTED);
			}
			catch (RuntimeException ex) {
				return List.of(NestedExceptionUtils.getMostSpecificCause(ex).toString());
			}
		}

		/**
		 * Return what of ours backs off because it lacks a class.
		 */
		public static List<String> lacking(String... arguments) {
			try (ConfigurableApplicationContext context = start(
					new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE), arguments)) {
				return ConditionEvaluationReport.get(context.getBeanFactory())
					.getConditionAndOutcomesBySource()
					.entrySet()
					.stream()
					.filter((source) -> source.getKey().startsWith("dev.psat."))
					.filter((source) -> source.getValue()
						.stream()
						.anyMatch((condition) -> !condition.getOutcome().isMatch()
								&& condition.getCondition().getClass().getSimpleName().equals("OnClassCondition")))
					.map(Map.Entry::getKey)
					.toList();
			}
		}

		private static ConfigurableApplicationContext start(SpringApplicationBuilder application, String... arguments) {
			return application.registerShutdownHook(false)
				.properties("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
						"spring.main.banner-mode=off", "logging.level.root=off",
						"spring.datasource.url=jdbc:postgresql://127.0.0.1:1/shop")
				.run(arguments);
		}

	}

	/**
	 * The same with a web server, of those that would all be there.
	 */
	public static final class WebApplication {

		private WebApplication() {
		}

		public static List<String> run(String... arguments) {
			return run(Application.class, WebApplicationType.valueOf(arguments[0].substring(2)),
					".x" + arguments[1].substring(3) + ".", Arrays.copyOfRange(arguments, 2, arguments.length));
		}

		public static List<String> runAny(String... arguments) {
			return Application.run(new SpringApplicationBuilder(Application.class).web(WebApplicationType.SERVLET),
					arguments);
		}

		static List<String> run(Class<?> application, WebApplicationType type, String server, String... arguments) {
			String others = StreamSupport
				.stream(ImportCandidates.load(AutoConfiguration.class, WebApplication.class.getClassLoader())
					.spliterator(), false)
				.filter((name) -> name.matches(".*\\.(xomcat|xetty|xeactor\\.netty)\\..*") && !name.contains(server))
				.collect(Collectors.joining(","));
			return Application.run(new SpringApplicationBuilder(application).web(type)
				.properties("server.port=0", "spring.autoconfigure.exclude=" + others), arguments);
		}

	}

	/**
	 * An application with an identity, whose management server is another one.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class ManagementApplication {

		public static List<String> run(String... arguments) {
			// of which a JVM can only have one
			TomcatURLStreamHandlerFactory.disable();
			return WebApplication.run(ManagementApplication.class, WebApplicationType.SERVLET, ".xomcat.", arguments);
		}

	}

	/**
	 * The same with a child context that has nothing of ours.
	 */
	public static final class ChildApplication {

		private ChildApplication() {
		}

		public static List<String> run(String... arguments) {
			try (ConfigurableApplicationContext parent = Application
				.start(new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE), arguments)) {
				return Application.run(new SpringApplicationBuilder(Child.class).web(WebApplicationType.NONE)
					.parent(parent)
					.properties("spring.rabbitmq.ssl.bundle=spire"));
			}
		}

	}

	/**
	 * The same with a child context that has a web server, and nothing of ours.
	 */
	public static final class ChildServer {

		private ChildServer() {
		}

		public static List<String> run(String... arguments) {
			try (ConfigurableApplicationContext parent = Application
				.start(new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE), arguments)) {
				return Application.run(new SpringApplicationBuilder(WebChild.class).web(WebApplicationType.REACTIVE)
					.parent(parent)
					.properties("server.port=0"));
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(NettyReactiveWebServerAutoConfiguration.class)
	static class WebChild {

		@Bean
		HttpHandler handler() {
			return (request, response) -> response.setComplete();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Child {

	}

}
