package dev.psat.autoconfigure;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.psat.PsatAttestor;
import dev.psat.actuate.endpoint.PsatEndpoint;
import dev.psat.autoconfigure.health.PsatHealthContributorAutoConfiguration;
import dev.psat.autoconfigure.internal.TokenSources;
import dev.psat.autoconfigure.internal.TokenHalf;
import dev.psat.autoconfigure.metrics.PsatMetricsAutoConfiguration;
import dev.psat.health.PsatHealthIndicator;
import dev.psat.support.GeneratedClasses;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenUnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.FileSystemGeneratedFiles;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for a context that was processed ahead of time, without any property of ours, and
 * gets its properties when it runs.
 */
class AheadOfTimeTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@Test
	void processedContextTakesItsPropertiesWhenItRuns(@TempDir Path directory) throws Exception {
		String initializer = process(directory);
		GeneratedClasses.define(directory);
		String path = this.kubelet.tokenPath().toString();
		List<String> enabled = Processed.runEnabled(initializer, path, this.kubelet.token());
		assertThat(enabled)
			.contains("psatTokenSource", "psatAttestor", "psatLifecycle", "psatEndpoint", "psatHealthIndicator",
					"psatTokenMeters", "inventory", "inventoryHealthIndicator")
			.doesNotHaveDuplicates();
		assertThat(Processed.runDisabled(initializer)).isEqualTo(enabled);
		assertThat(Processed.runWithoutToken(initializer)).contains("tokenHalf").containsAll(enabled);
		assertThat(Processed.runWithoutCluster(initializer, path)).isEmpty();
	}

	private static String process(Path directory) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("management.endpoints.web.exposure.include=psat").applyTo(context);
		context.register(FurtherSource.class, EndpointAutoConfiguration.class, MetricsAutoConfiguration.class,
				SimpleMetricsExportAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
				PsatAutoConfiguration.class, PsatEndpointAutoConfiguration.class,
				PsatHealthContributorAutoConfiguration.class, PsatMetricsAutoConfiguration.class);
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("dev.psat.autoconfigure", "Processed")),
				new FileSystemGeneratedFiles((kind) -> directory));
		ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		generation.writeGeneratedContent();
		return initializer.canonicalName();
	}

	/**
	 * What runs the processed context.
	 */
	private static final class Processed {

		private Processed() {
		}

		static List<String> runEnabled(String initializer, String tokenPath, String token) {
			return run(initializer, (context) -> {
				assertThat(TokenSources.byDefault(context.getBeanFactory(), PsatAutoConfiguration.class).replacesOurs())
					.isFalse();
				assertThat(context.getBean(PsatAttestor.class).payload().cluster()).isEqualTo("demo-cluster");
				assertThat(context.getBean(TokenSource.class).value()).isEqualTo(token);
				assertThat(health(context, "psat")).isEqualTo(Status.UP);
				assertThat(health(context, "inventory")).isEqualTo(Status.DOWN);
				assertThat(context.getBean(PsatEndpoint.class).psat().isEnabled()).isTrue();
				assertThat(context.getBean(PsatEndpoint.class).psat().getSources()).containsExactly("psat",
						"inventory");
				assertThat(context.getBean(MeterRegistry.class).find("spire.psat.token.usable").gauges())
					.extracting((gauge) -> gauge.getId().getTag("source"))
					.containsExactlyInAnyOrder("psat", "inventory");
				// the start waits for the token, however busy the machine is
			}, "spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + tokenPath, "spire.psat.fail-fast=true");
		}

		static List<String> runDisabled(String initializer) {
			return run(initializer, (context) -> {
				assertThatExceptionOfType(TokenUnavailableException.class)
					.isThrownBy(context.getBean(PsatAttestor.class)::payload)
					.withMessageContaining("disabled");
				assertThat(health(context, "psat")).isEqualTo(Status.UNKNOWN);
				assertThat(context.getBean(PsatEndpoint.class).psat().isEnabled()).isFalse();
			}, "spire.psat.enabled=false");
		}

		/**
		 * AOT processing knew of nobody who says that no token is needed.
		 */
		static List<String> runWithoutToken(String initializer) {
			return run(initializer, (context) -> {
				assertThatExceptionOfType(TokenUnavailableException.class)
					.isThrownBy(context.getBean(PsatAttestor.class)::payload)
					.withMessage("not needed");
				assertThat(health(context, "psat")).isEqualTo(Status.UP);
				assertThat(health(context, "inventory")).isEqualTo(Status.DOWN);
				assertThat(context.getBean(PsatEndpoint.class).psat().getToken()).isNull();
				assertThat(context.getBean(PsatEndpoint.class).psat().getSources()).containsExactly("inventory");
				assertThat(context.getBean(MeterRegistry.class).find("spire.psat.token.usable").gauges())
					.extracting((gauge) -> gauge.getId().getTag("source"))
					.containsExactly("inventory");
			}, (context) -> context.registerBean("tokenHalf", TokenHalf.class,
					() -> TokenHalf.off("not needed", "none")), "spire.psat.fail-fast=true");
		}

		static List<String> runWithoutCluster(String initializer, String tokenPath) {
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> run(initializer, (context) -> {
			}, "spire.psat.token-path=" + tokenPath)).withStackTraceContaining("'spire.psat.cluster' is not set");
			return List.of();
		}

		private static Status health(GenericApplicationContext context, String name) {
			return context.getBean(name + "HealthIndicator", PsatHealthIndicator.class).health().getStatus();
		}

		private static List<String> run(String initializer, Consumer<GenericApplicationContext> assertions,
				String... properties) {
			return run(initializer, assertions, (context) -> {
			}, properties);
		}

		@SuppressWarnings("unchecked")
		private static List<String> run(String initializer, Consumer<GenericApplicationContext> assertions,
				Consumer<GenericApplicationContext> before, String... properties) {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				TestPropertyValues.of(properties).applyTo(context);
				before.accept(context);
				((ApplicationContextInitializer<GenericApplicationContext>) Class.forName(initializer)
					.getDeclaredConstructor()
					.newInstance()).initialize(context);
				context.refresh();
				assertions.accept(context);
				return Stream.of(context.getBeanDefinitionNames()).sorted().toList();
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FurtherSource {

		@Bean(defaultCandidate = false)
		TokenSource inventory() {
			return TokenSource.builder(Path.of("/no/such/directory/token")).build();
		}

	}

}
