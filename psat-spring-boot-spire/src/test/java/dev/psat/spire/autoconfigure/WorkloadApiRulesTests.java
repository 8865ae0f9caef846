package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.autoconfigure.internal.TokenHalf;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import dev.psat.spire.test.SimulatedWorkloadApiConfiguration;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.CompositePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WorkloadApiRules}, {@link IdentityDoor} and their failure analyses.
 */
@ExtendWith(OutputCaptureExtension.class)
class WorkloadApiRulesTests {

	private static final String SOCKET = "unix:///no/such/agent.sock";

	private static final Map<String, Object> SERVER = Map.of("spire.psat.cluster", "demo-cluster",
			"spire.psat.token-path", "/no/such/token", "spire.server.address", "127.0.0.1:1",
			"spire.server.trust-domain", "example.org", "spire.server.trust-bundle", "/no/such/bundle");

	private static final String[] SERVER_PROPERTIES = SERVER.entrySet()
		.stream()
		.map((property) -> property.getKey() + "=" + property.getValue())
		.toArray(String[]::new);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class));

	private final ApplicationContextRunner withServer = this.contextRunner.withPropertyValues(SERVER_PROPERTIES);

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/run/agent.sock                     | neither of the form unix:///absolute/path nor tcp://IP:port
			http://127.0.0.1:8080               | neither of the form unix:///absolute/path nor tcp://IP:port
			unix:/                              | names a directory
			unix://run/agent.sock               | three slashes
			unix:run/agent.sock                 | three slashes
			unix:///run/agent.sock?x=1          | query or a fragment
			tcp://10.0.0.1:8080                 | private keys would travel in the clear
			tcp://0.0.0.0:8080                  | private keys would travel in the clear
			tcp://localhost:8080                | IPv6 address in brackets
			tcp://127.0.0.1                     | IP:port
			tcp://127.0.0.1:0                   | between 1 and 65535
			agent sock                          | is not a URI
			${NO_SUCH_VARIABLE}                 | placeholder has no value
			""")
	void socketWhenBadStopsStartAlsoWhenLazy(String socket, String reason) {
		ApplicationContextRunner bad = this.contextRunner.withPropertyValues("spire.workload-api.socket=" + socket);
		for (ApplicationContextRunner runner : List.of(bad, lazy(bad), bad.withBean(TestIdentity.class))) {
			runner.run((context) -> assertThat(rootOf(context)).isInstanceOf(PsatStartupException.class)
				.hasMessageStartingWith("The property 'spire.workload-api.socket' has the value '" + socket + "'.")
				.hasMessageContaining(reason)
				.hasMessageEndingWith("."));
		}
	}

	@Test
	void socketWhosePathIsTooLongForASocketStopsStart() {
		String socket = "unix:///" + "a".repeat(110);
		this.contextRunner.withPropertyValues("spire.workload-api.socket=" + socket)
			.run((context) -> assertThat(rootOf(context)).isInstanceOf(PsatStartupException.class)
				.hasMessageContaining("has a path of 111 bytes"));
	}

	@ParameterizedTest
	@ValueSource(strings = { SOCKET, "unix:/run/agent.sock", "tcp://127.0.0.1:8000", "tcp://[::1]:8000",
			"tcp://169.254.1.1:8000" })
	void socketWhenGoodIsAllThatIsNeeded(String socket) {
		this.contextRunner.withPropertyValues("spire.workload-api.socket=" + socket)
			.run((context) -> assertThat(workloadApi(context)).isNotNull());
	}

	@Test
	void socketWhenBadIsShownAsWrittenWithItsPlaceAndWhatToDo(@TempDir Path directory, CapturedOutput output)
			throws IOException {
		Path file = write(directory, "spire.workload-api.socket: '${SOCKET:nowhere}'");
		fail("spring.config.location=" + file);
		assertThat(output).contains("APPLICATION FAILED TO START",
				"The property 'spire.workload-api.socket' has the value '${SOCKET:nowhere}' (originating from '",
				file + "] - 1:", "'nowhere' is neither of the form",
				"Set it to the socket of the Workload API, such as 'unix:///run/spire/agent-sockets/spire-agent.sock'");
	}

	@Test
	void placeholderWithoutAValueIsToldWithItsMend(CapturedOutput output) {
		fail("spire.workload-api.socket=${SPIFFE_ENDPOINT_SOCKET}");
		assertThat(output).contains("The placeholder has no value here.", "'${SPIFFE_ENDPOINT_SOCKET:}'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "${SPIFFE_ENDPOINT_SOCKET:}" })
	void blankSocketCountsAsNotSet(String socket, CapturedOutput output) {
		this.withServer.withPropertyValues("spire.workload-api.socket=" + socket).run((context) -> {
			assertThat(workloadApi(context)).isNull();
			assertThat(server(context)).isEqualTo("127.0.0.1:1");
		});
		assertThat(output).doesNotContain("have no effect");
	}

	@Test
	void switchedOffSocketCountsAsNotSet() {
		this.withServer.withPropertyValues("spire.workload-api.socket=nonsense", "spire.workload-api.enabled=false")
			.run((context) -> assertThat(server(context)).isEqualTo("127.0.0.1:1"));
	}

	@Test
	void switchedOffSocketAloneIsToldWhereServerIsMissing(CapturedOutput output) {
		fail("spire.psat.cluster=demo", "spire.workload-api.socket=" + SOCKET, "spire.workload-api.enabled=false");
		assertThat(output).contains("The property 'spire.server.address' is not set.",
				"set 'spire.workload-api.enabled' to 'true'");
	}

	@Test
	void socketWinsOverServerOfAnotherSourceWhicheverIsFirst(CapturedOutput output) {
		for (ApplicationContextRunner runner : List.of(
				this.withServer.withInitializer((context) -> first(context, map(SOCKET))),
				this.contextRunner.withPropertyValues("spire.workload-api.socket=" + SOCKET)
					.withInitializer((context) -> first(context, new MapPropertySource("server", SERVER))))) {
			runner.run((context) -> assertThat(workloadApi(context)).isEqualTo(SOCKET));
		}
		assertThat(output.toString().split("The identity comes from the Workload API", -1)).hasSize(3);
		assertThat(output).contains("The identity comes from the Workload API at " + SOCKET
				+ ", so these have no effect: spire.psat.cluster, spire.psat.token-path, spire.server.address, "
				+ "spire.server.trust-domain, spire.server.trust-bundle");
	}

	@Test
	void whatHasNoEffectIsNotCheckedEither(CapturedOutput output) {
		this.contextRunner.withPropertyValues("spire.workload-api.socket=" + SOCKET, "spire.psat.cluster=a//b",
				"spire.psat.token-path=", "spire.psat.audience[0]=", "spire.psat.clock-skew=1h",
				"spire.psat.fail-fast=true", "spire.psat.refresh.watch=false", "spire.psat.refresh.poll-interval=1ms",
				"spire.server.enabled=false", "spire.server.trust-domain=A", "spire.server.trust-bundle=classpath:x",
				"spire.server.attest-timeout=0s", "spire.server.allow-node-identity=true",
				"spire.svid.key-type=rsa-2048", "spire.svid.refresh-interval=1ms")
			.run((context) -> assertThat(workloadApi(context)).isEqualTo(SOCKET));
		assertThat(output).contains("so these have no effect: spire.psat.cluster, spire.psat.token-path, "
				+ "spire.psat.audience, spire.psat.clock-skew, spire.psat.fail-fast, spire.psat.refresh.watch, "
				+ "spire.psat.refresh.poll-interval, spire.server.enabled, spire.server.trust-domain, "
				+ "spire.server.trust-bundle, spire.server.attest-timeout, "
				+ "spire.server.allow-node-identity, spire.svid.key-type, spire.svid.refresh-interval");
	}

	@Test
	void nothingIsSaidWhereAllHasItsEffect(CapturedOutput output) {
		this.contextRunner
			.withPropertyValues("spire.workload-api.socket=" + SOCKET, "spire.svid.hint=internal",
					"spire.svid.spiffe-id=spiffe://any.org/orders", "spire.federates-with=partner.org",
					"spire.bundle.authorized-clients=spiffe://any.org/ns/*,spiffe://partner.org/bank")
			.run((context) -> assertThat(workloadApi(context)).isEqualTo(SOCKET));
		assertThat(output).doesNotContain("have no effect");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			svid.spiffe-id=orders                              | not a valid SPIFFE ID
			svid.spiffe-id=spiffe://any.org                    | whole trust domain
			svid.spiffe-id=spiffe://any.org/spire/agent        | under '/spire'
			svid.hint=                                         | blank
			svid.wait=0s                                       | from 1s to 1h
			federates-with=Partner.org                         | may only contain
			bundle.name=                                       | blank
			bundle.authorized-clients=spiffe://any.org/*       | whole trust domain
			bundle.authorized-servers=spiffe://any.org/spire/x | under '/spire'
			""")
	void whatHasItsEffectIsCheckedAsFarAsPossible(String property, String reason) {
		this.contextRunner.withPropertyValues("spire.workload-api.socket=" + SOCKET, "spire." + property)
			.run((context) -> assertThat(rootOf(context)).isInstanceOf(PsatStartupException.class)
				.hasMessageContaining(reason));
	}

	@Test
	void sameFileStopsStartAndTellsWhatToDo(@TempDir Path directory, CapturedOutput output) throws IOException {
		Path file = write(directory, "spire:", "  psat.cluster: demo", "  server.address: spire-server:8081",
				"  workload-api.socket: " + SOCKET);
		fail("spring.config.location=" + file);
		assertThat(output).contains("The property 'spire.workload-api.socket' has the value '" + SOCKET + "'",
				file + "] - 4:", "The same property source also sets 'spire.server.address'", "Remove one of the two.",
				"SPIRE_WORKLOADAPI_SOCKET");
	}

	@Test
	void documentsOfAFileAndFilesOfProfilesAreOtherSources(@TempDir Path directory) throws IOException {
		write(directory, "spire.psat.cluster: demo", "spire.server.address: spire-server:8081", "---",
				"spring.config.activate.on-profile: document", "spire.workload-api.socket: " + SOCKET);
		Files.writeString(directory.resolve("application-file.yaml"), "spire.workload-api.socket: " + SOCKET);
		for (String profile : List.of("document", "file")) {
			try (ConfigurableApplicationContext context = run("spring.config.location=" + directory + "/",
					"spring.profiles.active=" + profile)) {
				assertThat(context.getBean(SpireIdentity.class).status().workloadApi()).isEqualTo(SOCKET);
			}
		}
	}

	@Test
	void directoriesOfFilesAreOneSourceEach(@TempDir Path directory) throws IOException {
		Path one = tree(directory.resolve("one"), "spire.server.address", "spire-server:8081");
		Path other = tree(directory.resolve("other"), "spire.workload-api.socket", SOCKET);
		String none = "spring.config.location=optional:file:" + directory + "/none/";
		try (ConfigurableApplicationContext context = run(none,
				"spring.config.import=configtree:%s/,configtree:%s/".formatted(one, other))) {
			assertThat(context.getBean(SpireIdentity.class).status().workloadApi()).isEqualTo(SOCKET);
		}
		tree(other, "spire.server.address", "spire-server:8081");
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> run(none, "spring.config.import=configtree:%s/".formatted(other)))
			.withStackTraceContaining("The same property source");
	}

	/**
	 * By the names that a shell can write, of which the older one has an underscore for
	 * each dash.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "SPIRE_WORKLOADAPI_SOCKET", "SPIRE_WORKLOAD_API_SOCKET" })
	void environmentIsOneSource(String variable) {
		this.contextRunner.withInitializer((context) -> environment(context, Map.of(variable, SOCKET)))
			.run((context) -> assertThat(workloadApi(context)).isEqualTo(SOCKET));
		this.withServer.withInitializer((context) -> environment(context, Map.of(variable, SOCKET)))
			.run((context) -> assertThat(workloadApi(context)).isEqualTo(SOCKET));
		this.contextRunner
			.withInitializer((context) -> environment(context,
					Map.of(variable, SOCKET, "SPIRE_SERVER_ADDRESS", "spire-server:8081")))
			.run((context) -> assertThat(rootOf(context)).hasMessageContaining("The same property source"));
	}

	@Test
	void environmentSwitchesTheSocketOfAnImageOff() {
		for (Map<String, Object> variables : List.<Map<String, Object>>of(Map.of("SPIRE_WORKLOADAPI_SOCKET", ""),
				Map.of("SPIRE_WORKLOADAPI_ENABLED", "false"))) {
			this.contextRunner.withInitializer((context) -> {
				environment(context, variables);
				context.getEnvironment().getPropertySources().addLast(map(SOCKET));
				context.getEnvironment().getPropertySources().addLast(new MapPropertySource("server", SERVER));
			}).run((context) -> assertThat(server(context)).isEqualTo("127.0.0.1:1"));
		}
	}

	@Test
	void systemPropertiesAndCommandLineAreSourcesOfTheirOwn() {
		this.withServer.withSystemProperties("spire.workload-api.socket=" + SOCKET)
			.run((context) -> assertThat(workloadApi(context)).isEqualTo(SOCKET));
		this.contextRunner
			.withSystemProperties("spire.workload-api.socket=" + SOCKET, "spire.server.address=server:8081")
			.run((context) -> assertThat(rootOf(context)).hasMessageContaining("The same property source"));
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> run("spire.workload-api.socket=" + SOCKET, "spire.server.address=server:8081"))
			.withStackTraceContaining("The same property source");
	}

	/**
	 * As of several files that are merged under one name.
	 */
	@Test
	void partsOfACompositeAreSourcesOfTheirOwn() {
		CompositePropertySource composite = new CompositePropertySource("composite");
		composite.addPropertySource(new MapPropertySource("server", SERVER));
		composite.addPropertySource(map(SOCKET));
		this.contextRunner.withInitializer((context) -> first(context, composite))
			.run((context) -> assertThat(workloadApi(context)).isEqualTo(SOCKET));
		CompositePropertySource both = new CompositePropertySource("both");
		both.addPropertySource(new MapPropertySource("one",
				Map.of("spire.server.address", "server:8081", "spire.workload-api.socket", SOCKET)));
		this.contextRunner.withInitializer((context) -> first(context, both))
			.run((context) -> assertThat(rootOf(context)).hasMessageContaining("The same property source"));
	}

	/**
	 * What counts is where the value comes from, not where else the property is set.
	 */
	@Test
	void propertyOfTwoSourcesIsOfTheOneThatWins() {
		this.contextRunner.withPropertyValues("spire.workload-api.socket=" + SOCKET, "spire.server.address=server:8081")
			.withInitializer((context) -> environment(context, Map.of("SPIRE_SERVER_ADDRESS", "server:8082")))
			.run((context) -> assertThat(rootOf(context)).hasMessageContaining("The same property source"));
		this.contextRunner.withPropertyValues("spire.workload-api.socket=" + SOCKET, "spire.server.address=server:8081")
			.withInitializer((context) -> first(context,
					new MapPropertySource("other", Map.of("spire.server.address", "server:8082"))))
			.run((context) -> assertThat(workloadApi(context)).isEqualTo(SOCKET));
	}

	@Test
	void blankAddressBesideTheSocketIsNone() {
		this.contextRunner.withPropertyValues("spire.workload-api.socket=" + SOCKET, "spire.server.address= ")
			.run((context) -> assertThat(workloadApi(context)).isEqualTo(SOCKET));
	}

	@Test
	void variableOfTheStandardNeverChoosesTheDoor() {
		this.withServer.withPropertyValues("SPIFFE_ENDPOINT_SOCKET=" + SOCKET)
			.run((context) -> assertThat(server(context)).isEqualTo("127.0.0.1:1"));
		this.contextRunner.withPropertyValues("SPIFFE_ENDPOINT_SOCKET=" + SOCKET)
			.run((context) -> assertThat(rootOf(context)).hasMessageContaining("'spire.psat.cluster' is not set"));
	}

	@Test
	void bothSimulatorsTogetherAreToldAsSuch(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class,
				SimulatedSpireServerConfiguration.class, SimulatedWorkloadApiConfiguration.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatExceptionOfType(Exception.class).isThrownBy(application::run);
		assertThat(output)
			.contains("APPLICATION FAILED TO START",
					"SimulatedSpireServerConfiguration and SimulatedWorkloadApiConfiguration are both imported",
					"Import one of the two: ")
			.doesNotContain("application.yaml");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire.psat.fail-fast=true", "spire.psat.cluster=demo" })
	void analysisOfNeitherDoorPrintsTheLineToAdd(String property, CapturedOutput output) {
		fail(property, "SPIFFE_ENDPOINT_SOCKET=" + SOCKET);
		assertThat(output).contains("APPLICATION FAILED TO START", "The environment has SPIFFE_ENDPOINT_SOCKET",
				"    spire.workload-api.socket: ${SPIFFE_ENDPOINT_SOCKET}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire.psat.fail-fast=true", "spire.psat.cluster=demo" })
	void analysisOfNeitherDoorTellsOfBoth(String property, CapturedOutput output) {
		fail(property);
		assertThat(output).contains("APPLICATION FAILED TO START", "cluster", "Or an agent may serve the Workload API",
				"    spire.workload-api.socket: unix:///run/spire/agent-sockets/spire-agent.sock");
	}

	@Test
	void analysisOfTheOneDoorDoesNotTellOfTheOther(CapturedOutput output) {
		fail("spire.server.address=server:8081", "SPIFFE_ENDPOINT_SOCKET=" + SOCKET);
		fail("spire.server.address=server:8081", "spire.psat.cluster=demo", "SPIFFE_ENDPOINT_SOCKET=" + SOCKET);
		fail("spire.server.enabled=false");
		assertThat(output).contains("'spire.psat.cluster' is not set", "'spire.server.trust-domain' is not set")
			.doesNotContain("workload-api", "SPIFFE_ENDPOINT_SOCKET");
	}

	@Test
	void disabledIdentityChecksNoSocketAndStillDoesWithoutAToken() {
		this.contextRunner.withPropertyValues("spire.enabled=false", "spire.workload-api.socket=nonsense")
			.run((context) -> {
				assertThat(context.getBean(SpireIdentity.class).status())
					.isEqualTo(TestIdentity.bare(SpireState.DISABLED));
				assertThat(context.getBean(TokenHalf.class).needed()).isFalse();
			});
	}

	@Test
	void disabledIdentityOfAServerLeavesTheTokenAsItIs() {
		this.contextRunner
			.withPropertyValues("spire.enabled=false", "spire.psat.cluster=demo",
					"spire.psat.token-path=/no/such/token")
			.run((context) -> {
				assertThat(context.getBean(SpireIdentity.class).status())
					.isEqualTo(TestIdentity.bare(SpireState.DISABLED));
				assertThat(context.getBean(TokenHalf.class).needed()).isTrue();
				assertThat(context.getBean(TokenSource.class).status().sourceState()).isNotNull();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "false" })
	void disabledTokenDisablesTheDoorOfTheServerAlone(boolean agent) {
		this.contextRunner
			.withPropertyValues("spire.psat.enabled=false", "spire.workload-api.socket=" + SOCKET,
					"spire.workload-api.enabled=" + agent)
			.run((context) -> {
				assertThat(context.getBean(SpireIdentity.class).status())
					.returns(agent ? SOCKET : null, SpireStatus::workloadApi)
					.returns(!agent, (status) -> status.state() == SpireState.DISABLED);
				// what is disabled is not merely not needed
				assertThat(context.getBean(TokenHalf.class).needed()).isTrue();
			});
	}

	private static MapPropertySource map(String socket) {
		return new MapPropertySource("agent", Map.of("spire.workload-api.socket", socket));
	}

	private static void first(ConfigurableApplicationContext context, PropertySource<?> source) {
		context.getEnvironment().getPropertySources().addFirst(source);
	}

	private static void environment(ConfigurableApplicationContext context, Map<String, Object> variables) {
		context.getEnvironment()
			.getPropertySources()
			.replace("systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment", variables));
	}

	private static @Nullable String workloadApi(AssertableApplicationContext context) {
		return status(context).workloadApi();
	}

	private static @Nullable String server(AssertableApplicationContext context) {
		return status(context).server();
	}

	private static SpireStatus status(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		return context.getBean(SpireIdentity.class).status();
	}

	private static Throwable rootOf(AssertableApplicationContext context) {
		Throwable failure = context.getStartupFailure();
		assertThat(failure).isNotNull();
		return NestedExceptionUtils.getMostSpecificCause(failure);
	}

	private static ApplicationContextRunner lazy(ApplicationContextRunner runner) {
		return runner.withInitializer(
				(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()));
	}

	private static Path write(Path directory, String... lines) throws IOException {
		return Files.write(directory.resolve("application.yaml"), List.of(lines));
	}

	private static Path tree(Path directory, String name, String value) throws IOException {
		Files.createDirectories(directory);
		Files.writeString(directory.resolve(name), value);
		return directory;
	}

	private static void fail(String... properties) {
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> run(properties));
	}

	/**
	 * Start as a person does, so that it is seen which analyzer has the word.
	 */
	private static ConfigurableApplicationContext run(String... properties) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		List<String> arguments = new ArrayList<>(Stream.of(properties).map("--"::concat).toList());
		return application.run(arguments.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PsatAutoConfiguration.class, SpireAutoConfiguration.class })
	static class Application {

	}

}
