package dev.psat.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.token.Shown;
import dev.psat.token.TokenSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PsatPropertyRules}, {@link PsatStartupException} and
 * {@link PsatStartupFailureAnalyzer}.
 */
class PsatPropertyRulesTests {

	private static final String PATH = "spire.psat.token-path=/no/such/path";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class))
		.withPropertyValues(PATH);

	@Test
	void clusterWhenMissingStopsStartWithWaysOut() {
		FailureAnalysis analysis = analyze(this.contextRunner);
		assertThat(analysis.getDescription()).contains("'spire.psat.cluster' is not set");
		assertThat(analysis.getAction()).contains("k8s_psat")
			.contains("cluster: demo-cluster")
			.contains("SimulatedKubeletConfiguration")
			.contains("psat-spring-boot-test")
			.contains("'spire.psat.enabled' to 'false'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " " })
	void clusterWhenBlankStopsStart(String cluster) {
		FailureAnalysis analysis = analyze(this.contextRunner.withPropertyValues("spire.psat.cluster=" + cluster));
		assertThat(analysis.getDescription()).contains("'spire.psat.cluster' has the value ''");
	}

	@Test
	void clusterWhenLongStopsStartWithoutPrintingAllOfIt() {
		String cluster = String.join("/", Collections.nCopies(20_000, "a"));
		FailureAnalysis analysis = analyze(this.contextRunner.withPropertyValues("spire.psat.cluster=" + cluster));
		assertThat(analysis.getDescription()).contains("longer than 255 characters").hasSizeLessThan(600);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a//b", "/a", "a/", "/", ".", "..", "a/../b", "a/./b", "../a", "a/..", "a b", "a\u00e9",
			"a:b", "a?b", "a%2Fb", "a\\b" })
	void clusterWhenBadStopsStart(String cluster) {
		FailureAnalysis analysis = analyze(this.contextRunner.withPropertyValues("spire.psat.cluster=" + cluster));
		assertThat(analysis.getDescription()).contains("'spire.psat.cluster' has the value '" + cluster + "'")
			.contains("segments joined by '/'");
		assertThat(analysis.getAction()).contains("k8s_psat");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a//b" })
	void clusterWhenBadIsAllThatIsReported(String cluster) {
		ApplicationContextRunner bad = this.contextRunner.withPropertyValues("spire.psat.cluster=" + cluster,
				"spire.psat.audience=");
		for (ApplicationContextRunner runner : List.of(bad, lazy(bad))) {
			try (CapturedLogs logs = new CapturedLogs()) {
				runner.run((context) -> assertThat(context).hasFailed());
				assertThat(logs.all()).isEmpty();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "a/b", "A-1_b.c/x", "...", "a/.b", "1" })
	void clusterWhenGoodIsTaken(String cluster) {
		this.contextRunner.withPropertyValues("spire.psat.cluster=" + cluster)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					spire.psat.token-path=                  | spire.psat.token-path            | /var/run/secrets/tokens/spire-agent
					spire.psat.token-path=\\u0020           | spire.psat.token-path            | /var/run/secrets/tokens/spire-agent
					spire.psat.clock-skew=601s              | spire.psat.clock-skew            | 60s
					spire.psat.clock-skew=-1ms              | spire.psat.clock-skew            | 60s
					spire.psat.refresh.poll-interval=99ms   | spire.psat.refresh.poll-interval | 5s
					spire.psat.refresh.poll-interval=0      | spire.psat.refresh.poll-interval | 5s
					spire.psat.refresh.poll-interval=-5s    | spire.psat.refresh.poll-interval | 5s
					spire.psat.refresh.poll-interval=1441m  | spire.psat.refresh.poll-interval | 5s
					spire.psat.audience[0]=                 | spire.psat.audience[0]           | itself to nothing
					spire.psat.audience=a,,b                | spire.psat.audience              | itself to nothing
					""")
	void propertyWhenBadStopsStart(String property, String name, String fix) {
		ApplicationContextRunner bad = this.contextRunner.withPropertyValues("spire.psat.cluster=demo-cluster",
				property.replace("\\u0020", " "));
		FailureAnalysis analysis = analyze(bad);
		assertThat(analysis.getDescription()).contains("'" + name + "' has the value '");
		assertThat(analysis.getAction()).contains(fix).startsWith("Set ");
		assertThat(analyze(lazy(bad)).getDescription()).isEqualTo(analysis.getDescription());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			clock-skew: -5s               | spire.psat.clock-skew            | -5s
			clock-skew: ${SKEW:11m}       | spire.psat.clock-skew            | ${SKEW:11m}
			cluster: '${CLUSTER: }'       | spire.psat.cluster               | ${CLUSTER: }
			clockSkew: 601                | spire.psat.clock-skew            | 601
			refresh: { poll-interval: 7d } | spire.psat.refresh.poll-interval | 7d
			token-path: ''                | spire.psat.token-path            | ''
			audience: 'a,,b'              | spire.psat.audience              | a,,b
			audience: [ a, ' ' ]          | spire.psat.audience[1]           | ' '
			cluster: a//b                 | spire.psat.cluster               | a//b
			cluster: ' '                  | spire.psat.cluster               | ' '
			""")
	void propertyWhenBadIsShownAsWrittenWithItsPlace(String line, String name, String value, @TempDir Path directory)
			throws IOException {
		FailureAnalysis analysis = analyzeApplicationWith("spire:\n  psat:\n    " + line + "\n", directory);
		assertThat(analysis.getDescription())
			.startsWith("The property '%s' has the value '%s' (originating from '".formatted(name, value))
			.contains(directory.resolve("application.yaml") + "] - 3:");
	}

	@Test
	void propertyWhenBadInTheEnvironmentIsShownWithItsVariable() {
		FailureAnalysis analysis = analyze(this.contextRunner.withPropertyValues("spire.psat.cluster=demo-cluster")
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource(
						"test-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
						Map.of("SPIRE_PSAT_CLOCKSKEW", "7h")))));
		assertThat(analysis.getDescription()).startsWith("The property 'spire.psat.clock-skew' has the value '7h'")
			.contains("SPIRE_PSAT_CLOCKSKEW");
	}

	@ParameterizedTest
	@ValueSource(strings = { "file:/no/such/path", "file:///no/such/path", "FILE:/no/such/path", "file:/no/such%2Fpath",
			"/no/such/path" })
	void tokenPathMayBeUriOfFile(String path) {
		this.contextRunner.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + path)
			.run((context) -> assertThat(Shown.watch(context.getBean(TokenSource.class).status()).path())
				.isEqualTo(Path.of("/no/such/path")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "file:no/such/path", "file://host/no/such/path", "file:/no/such/path?now", "file:/no#such",
			"file:/no such/path", "file:", "https://host/path", "jrt:/java.base" })
	void tokenPathWhenOtherUriStopsStart(String path) {
		FailureAnalysis analysis = analyze(this.contextRunner.withPropertyValues("spire.psat.cluster=demo-cluster",
				"spire.psat.token-path=" + path));
		assertThat(analysis.getDescription()).contains("'spire.psat.token-path' has the value '" + path + "'")
			.contains("neither a file path nor a 'file:' URI");
	}

	@ParameterizedTest
	@ValueSource(strings = { "classpath:/token", "classpath:token", "CLASSPATH:token", "classpath*:token" })
	void tokenPathInClassPathStopsStart(String path) {
		FailureAnalysis analysis = analyze(this.contextRunner.withPropertyValues("spire.psat.cluster=demo-cluster",
				"spire.psat.token-path=" + path));
		assertThat(analysis.getDescription()).contains("'spire.psat.token-path' has the value '" + path + "'")
			.contains("It is a resource of the class path and must be a file");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tokens:v1/spire-agent", "/a:b/c", "tokens:" })
	void tokenPathWithColonIsPathUnlessItBeginsAsUri(String path) {
		this.contextRunner.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + path)
			.run((context) -> assertThat(Shown.watch(context.getBean(TokenSource.class).status()).path())
				.isEqualTo(Path.of(path)));
	}

	@Test
	void durationWithoutUnitIsOfSeconds() {
		this.contextRunner
			.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.clock-skew=60",
					"spire.psat.refresh.poll-interval=5")
			.run((context) -> {
				PsatProperties properties = context.getBean(PsatProperties.class);
				assertThat(properties.getClockSkew()).hasSeconds(60);
				assertThat(properties.getRefresh().getPollInterval()).hasSeconds(5);
			});
	}

	@Test
	void propertyWhenBadStopsStartWithReplacedAttestorToo() {
		ApplicationContextRunner bad = this.contextRunner.withBean(PsatAttestor.class, () -> () -> {
			throw new UnsupportedOperationException();
		}).withPropertyValues("spire.psat.clock-skew=1h");
		assertThat(analyze(bad).getDescription()).contains("'spire.psat.clock-skew'");
		assertThat(analyze(lazy(bad)).getDescription()).contains("'spire.psat.clock-skew'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire.psat.clock-skew=0", "spire.psat.clock-skew=10m",
			"spire.psat.refresh.poll-interval=100ms", "spire.psat.refresh.poll-interval=24h", "spire.psat.audience=",
			"spire.psat.audience=a,b" })
	void propertyWhenAtItsLimitIsTaken(String property) {
		this.contextRunner.withPropertyValues("spire.psat.cluster=demo-cluster", property)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static ApplicationContextRunner lazy(ApplicationContextRunner runner) {
		return runner.withInitializer(
				(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()));
	}

	private static FailureAnalysis analyze(ApplicationContextRunner runner) {
		return Failures.analyze(runner, PsatStartupException.class, PsatStartupFailureAnalyzer::new);
	}

	private static FailureAnalysis analyzeApplicationWith(String yaml, Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("application.yaml"), yaml);
		return analyze(new ApplicationContextRunner().withInitializer(new ConfigDataApplicationContextInitializer())
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addLast(new MapPropertySource("fallback", Map.of("spire.psat.cluster", "demo-cluster"))))
			.withSystemProperties("spring.config.location=" + file)
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class)));
	}

}
