package dev.psat.autoconfigure;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.autoconfigure.internal.TokenHalf;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.SourceState;
import dev.psat.token.TokenSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TokenSourceBuilderCustomizer}.
 */
class TokenSourceBuilderCustomizerTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	private final AtomicInteger calls = new AtomicInteger();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + this.kubelet.tokenPath());

	private final ApplicationContextRunner counting = this.contextRunner.withBean("counting",
			TokenSourceBuilderCustomizer.class, () -> (builder) -> this.calls.incrementAndGet());

	@Test
	void takesPrecedenceOverPropertiesAndTheLastOverTheOthers() {
		this.contextRunner.withPropertyValues("spire.psat.audience=of-the-properties")
			.withUserConfiguration(Ordered.class)
			.run((context) -> {
				TokenSource source = context.getBean(TokenSource.class);
				await().until(() -> source.status().sourceState() != null);
				assertThat(source.value()).isEqualTo(this.kubelet.token());
			});
	}

	@Test
	void isCalledOnce() {
		this.counting.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(this.calls).hasValue(1);
		});
	}

	@Test
	void isCalledOnceWithLazyInitialization() {
		this.counting
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.calls).hasValue(1);
			});
	}

	@Test
	void ofAParentContextCountsForTheSourceOfAChild() {
		new ApplicationContextRunner()
			.withBean("counting", TokenSourceBuilderCustomizer.class, () -> (builder) -> this.calls.incrementAndGet())
			.run((parent) -> this.contextRunner.withParent(parent).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.calls).hasValue(1);
			}));
	}

	@Test
	void isNotCalledWhereThereIsNoDefaultSourceOfOurs() {
		this.counting.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
		this.counting.withBean(TokenHalf.class, () -> TokenHalf.off("There is none", "Do without"))
			.run((context) -> assertThat(context).hasNotFailed());
		try (TokenSource own = TokenSource.builder(this.kubelet.tokenPath()).build()) {
			this.counting.withBean("own", TokenSource.class, () -> own)
				.run((context) -> assertThat(context).hasNotFailed());
		}
		assertThat(this.calls).hasValue(0);
	}

	@Test
	void isNotCalledBeforePropertiesHaveBeenChecked() {
		this.counting.withPropertyValues("spire.psat.clock-skew=1h").run((context) -> {
			assertThat(context).getFailure().rootCause().isInstanceOf(PsatStartupException.class);
			assertThat(this.calls).hasValue(0);
		});
	}

	@Test
	void thatFailsStopsTheStartAndIsNamed() {
		this.contextRunner.withBean("broken", TokenSourceBuilderCustomizer.class, () -> (builder) -> {
			throw new IllegalArgumentException("of the application");
		})
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("The TokenSourceBuilderCustomizer bean 'broken' failed")
				.rootCause()
				.hasMessage("of the application"));
	}

	@Test
	void failureIsShownWithItsBeanAndWhatToDo() {
		FailureAnalysis analysis = Failures
			.analyze(this.contextRunner.withBean("broken", TokenSourceBuilderCustomizer.class, () -> (builder) -> {
				throw new IllegalArgumentException("of the application");
			}), IllegalArgumentException.class, PsatStartupFailureAnalyzer::new);
		assertThat(analysis.getDescription()).isEqualToNormalizingNewlines("""
				The TokenSourceBuilderCustomizer bean 'broken' failed.

				java.lang.IllegalArgumentException: of the application""");
		assertThat(analysis.getAction()).contains("Correct the bean", "'debug' to 'true'");
	}

	@Test
	void failureWithWhatToDoIsShownAsItIs() {
		FailureAnalysis analysis = Failures
			.analyze(this.contextRunner.withBean("broken", TokenSourceBuilderCustomizer.class, () -> (builder) -> {
				throw new PsatStartupException("of the application", "Do without");
			}), PsatStartupException.class, PsatStartupFailureAnalyzer::new);
		assertThat(analysis.getDescription()).isEqualTo("of the application");
		assertThat(analysis.getAction()).isEqualTo("Do without");
	}

	@Test
	void failureOfABeanThatItAsksForIsLeftToTheAnalysisOfThatBean() {
		assertThat(Failures
			.analyze(this.contextRunner.withBean("broken", TokenSourceBuilderCustomizer.class, () -> (builder) -> {
				throw new BeanCreationException("other", "failed",
						new PsatStartupException("of the other", "Do without"));
			}), PsatStartupException.class, PsatStartupFailureAnalyzer::new)
			.getDescription()).isEqualTo("of the other");
		this.contextRunner.withBean("broken", TokenSourceBuilderCustomizer.class, () -> (builder) -> {
			throw new NoSuchBeanDefinitionException("other");
		}).run((context) -> {
			Throwable failure = Objects.requireNonNull(context.getStartupFailure());
			assertThat(failure).hasStackTraceContaining("The TokenSourceBuilderCustomizer bean 'broken' failed")
				.hasRootCauseInstanceOf(NoSuchBeanDefinitionException.class);
			assertThat(new PsatStartupFailureAnalyzer(new StandardEnvironment()).analyze(failure)).isNull();
		});
	}

	@Test
	void thatNeedsTheSourceStopsTheStart() {
		this.contextRunner.withUserConfiguration(Circular.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(BeanCurrentlyInCreationException.class));
	}

	@Test
	void leavesFurtherSourcesAlone() {
		try (TokenSource further = TokenSource.builder(this.kubelet.tokenPath()).build()) {
			this.contextRunner
				.withBean("wrong", TokenSourceBuilderCustomizer.class, () -> (builder) -> builder.audience("wrong"))
				.withBean("further", TokenSource.class, () -> further,
						(bean) -> ((AbstractBeanDefinition) bean).setDefaultCandidate(false))
				.run((context) -> {
					assertThat(context.getBean("further", TokenSource.class).value()).isEqualTo(this.kubelet.token());
					await().until(() -> context.getBean("psatTokenSource", TokenSource.class)
						.status()
						.sourceState() == SourceState.WRONG_AUDIENCE);
				});
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Ordered {

		@Bean
		@Order(2)
		TokenSourceBuilderCustomizer last() {
			return (builder) -> builder.audience("spire-server");
		}

		@Bean
		@Order(1)
		TokenSourceBuilderCustomizer first() {
			return (builder) -> builder.audience("wrong");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Circular {

		@Bean
		TokenSourceBuilderCustomizer circular(TokenSource source) {
			return (builder) -> builder.audience(source.toString());
		}

	}

}
