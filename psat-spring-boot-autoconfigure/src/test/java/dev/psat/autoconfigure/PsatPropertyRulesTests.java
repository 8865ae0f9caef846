package dev.psat.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.psat.PsatAttestor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PsatPropertyRules}, {@link InvalidPsatPropertyException} and
 * {@link InvalidPsatPropertyFailureAnalyzer}.
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
		assertThat(analysis.getDescription()).contains("'spire.psat.cluster'");
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
					spire.psat.audience[0]=                 | spire.psat.audience              | audience
					spire.psat.audience=a,,b                | spire.psat.audience              | audience
					""")
	void propertyWhenBadStopsStart(String property, String name, String fix) {
		ApplicationContextRunner bad = this.contextRunner.withPropertyValues("spire.psat.cluster=demo-cluster",
				property.replace("\\u0020", " "));
		FailureAnalysis analysis = analyze(bad);
		assertThat(analysis.getDescription()).contains("'" + name + "'");
		assertThat(analysis.getAction()).contains(fix).startsWith("Set ");
		assertThat(analyze(lazy(bad)).getDescription()).isEqualTo(analysis.getDescription());
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
		List<FailureAnalysis> analyses = new ArrayList<>();
		runner.run((context) -> {
			Throwable failure = context.getStartupFailure();
			assertThat(failure).rootCause().isInstanceOf(InvalidPsatPropertyException.class);
			FailureAnalysis analysis = (failure != null) ? new InvalidPsatPropertyFailureAnalyzer().analyze(failure)
					: null;
			if (analysis != null) {
				analyses.add(analysis);
			}
		});
		assertThat(analyses).hasSize(1);
		assertThat(analyses.get(0).getDescription()).doesNotContain("null");
		assertThat(analyses.get(0).getAction()).doesNotContain("null");
		return analyses.get(0);
	}

}
