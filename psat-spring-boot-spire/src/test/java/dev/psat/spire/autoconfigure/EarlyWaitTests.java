package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

import javax.sql.DataSource;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.support.Patience;
import dev.psat.token.TokenSource;
import jakarta.servlet.Filter;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.SpringProperties;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.http.server.reactive.HttpHandler;

import org.springframework.mock.env.MockEnvironment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link EarlyWait}: beans that are created before there is an X.509-SVID.
 */
@ExtendWith(OutputCaptureExtension.class)
class EarlyWaitTests {

	private static final String ALWAYS = "spire.svid.wait-for=always";

	private static final String WAITING = "for the first X.509-SVID, since 'spire.svid.wait-for' is 'always'";

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				SpireAutoConfiguration.class))
		.withBean(Log.class)
		.withPropertyValues(this.world.properties());

	/**
	 * Nothing of the identity is created before the beans, as ever.
	 */
	@Test
	void byDefaultNothingWaitsAndNothingStartsEarlier() {
		this.world.server().stop();
		this.contextRunner.withUserConfiguration(Database.class, NosyClient.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(lines(context)).containsExactly("dataSource without SVID", "client without identity");
		});
	}

	@ParameterizedTest
	@ValueSource(
			classes = { Database.class, FromFactory.class, Client.class, ScopedDatabase.class, InBackground.class })
	void beanIsCreatedOnceThereIsAnSvid(Class<?> configuration) {
		this.contextRunner.withPropertyValues(ALWAYS)
			.withUserConfiguration(configuration)
			.run((context) -> assertThat(lines(context)).singleElement().asString().endsWith(" with SVID"));
	}

	@Test
	void beanWithLazyInitializationFindsAnSvid(CapturedOutput output) {
		this.contextRunner.withPropertyValues(ALWAYS)
			.withUserConfiguration(Database.class, Client.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThatItWaitsOnce(output);
				assertThat(lines(context)).isEmpty();
				context.getBean(DataSource.class);
				assertThat(lines(context)).containsExactly("dataSource with SVID");
			});
	}

	/**
	 * On a busy machine, there may be an X.509-SVID before anybody asks.
	 */
	private static void assertThatItWaitsOnce(CapturedOutput output) {
		assertThat(output.getOut().lines()).filteredOn((line) -> line.contains(WAITING)).hasSizeLessThanOrEqualTo(1);
	}

	@Test
	void startWaitsForAServerThatComesLate(CapturedOutput output) throws Exception {
		this.world.server().stop();
		CompletableFuture<ConfigurableApplicationContext> start = start(WebApplicationType.NONE, Database.class);
		await().until(() -> output.getOut().contains(WAITING));
		assertThat(start).isNotDone();
		this.world.server().restart();
		try (ConfigurableApplicationContext context = start.get(Patience.SECONDS, TimeUnit.SECONDS)) {
			assertThat(lines(context)).containsExactly("dataSource with SVID");
			assertThat(output).containsOnlyOnce("Waiting up to 300 s " + WAITING);
		}
	}

	/**
	 * Tomcat creates the filters, and what they use, before all other beans.
	 */
	@Test
	void filterOfAWebServerIsCreatedBeforeTheWait() throws Exception {
		try (ConfigurableApplicationContext context = start(WebApplicationType.SERVLET, Database.class, Filters.class,
				Client.class)
			.get(Patience.SECONDS, TimeUnit.SECONDS)) {
			assertThat(lines(context)).containsExactly("dataSource without SVID", "filter", "client with SVID");
		}
	}

	@Test
	void reactiveApplicationWaits(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = start(WebApplicationType.REACTIVE, Database.class, Client.class,
				Handler.class)
			.get(Patience.SECONDS, TimeUnit.SECONDS)) {
			assertThat(lines(context)).containsExactly("dataSource with SVID", "client with SVID");
			assertThatItWaitsOnce(output);
		}
	}

	private CompletableFuture<ConfigurableApplicationContext> start(WebApplicationType type, Class<?>... sources) {
		return CompletableFuture
			.supplyAsync(() -> new SpringApplicationBuilder(sources).sources(Log.class, Automatic.class)
				.web(type)
				.run(this.world.arguments("server.port=0", "server.ssl.enabled=false", ALWAYS)));
	}

	@Test
	void policyMayUseARepository() {
		this.contextRunner.withPropertyValues(ALWAYS)
			.withUserConfiguration(Database.class, Policy.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(lines(context)).containsExactly("dataSource with SVID", "repository", "registrar");
				assertThat(context.getBean(SslBundles.class).getBundle("by-repository"))
					.isInstanceOf(SpiffeSslBundle.class);
			});
	}

	/**
	 * In whatever order they are declared.
	 */
	@ParameterizedTest
	@ValueSource(classes = { AttestorOfDatabase.class, AttestorAfterDatabase.class, LazyAttestorOfDatabase.class })
	void databaseThatTheAttestorNeedsDoesNotWaitAndAllOthersDo(Class<?> configuration, CapturedOutput output) {
		this.contextRunner.withPropertyValues(ALWAYS)
			.withUserConfiguration(configuration, Client.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(lines(context)).containsExactly("dataSource without SVID", "client with SVID");
				assertThatItWaitsOnce(output);
			});
	}

	@Test
	void databaseThatAnIdentityOfTheApplicationNeedsDoesNotWait() {
		this.contextRunner.withPropertyValues(ALWAYS)
			.withUserConfiguration(Client.class, IdentityOfDatabase.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(lines(context)).containsExactly("dataSource without SVID", "client with SVID");
			});
	}

	@Test
	void identityThatCannotBeCreatedStopsTheStartAtOnce(CapturedOutput output) {
		this.contextRunner.withPropertyValues(ALWAYS, "spire.server.address=")
			.withUserConfiguration(Database.class)
			.run((context) -> {
				assertThat(context).getFailure().rootCause().isInstanceOf(PsatStartupException.class);
				assertThat(output).doesNotContain(WAITING);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire.psat.enabled=false", "spire.server.enabled=false" })
	void nothingWaitsWhereSpireIsDisabled(String disabled, CapturedOutput output) {
		this.contextRunner.withPropertyValues(ALWAYS, disabled).withUserConfiguration(Database.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(lines(context)).containsExactly("dataSource without SVID");
			assertThat(output).doesNotContain(WAITING);
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "BANNED", "READY" })
	@Timeout(Patience.SECONDS)
	void startThatCannotSucceedFailsAtOnce(SpireState state) {
		TestIdentity identity = new TestIdentity();
		identity.become(TestIdentity.bare(state));
		this.contextRunner.withPropertyValues(ALWAYS)
			.withBean(SpireIdentity.class, () -> identity)
			.withUserConfiguration(Database.class)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("There is no X.509-SVID for this application to connect with"));
	}

	@Test
	void waitThatRunsOutStopsTheStart() {
		this.world.server().stop();
		this.contextRunner.withPropertyValues(ALWAYS, "spire.svid.wait=1s")
			.withUserConfiguration(Database.class)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("There is no X.509-SVID for this application to connect with"));
	}

	@Test
	void contextThatIsClosedWhileItWaitsLeavesNothingBehind(CapturedOutput output) {
		this.world.server().stop();
		AtomicReference<ConfigurableApplicationContext> starting = new AtomicReference<>();
		CompletableFuture<?> start = CompletableFuture.runAsync(() -> this.contextRunner.withPropertyValues(ALWAYS)
			.withUserConfiguration(Database.class)
			.withInitializer(starting::set)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("Interrupted while waiting for the first X.509-SVID")));
		await().until(() -> output.getOut().contains(WAITING));
		await().until(() -> {
			starting.get().close();
			return start.isDone();
		});
		assertThat(start).isCompleted();
	}

	/**
	 * Beans of a parent context are there before the identity.
	 */
	@Test
	void databaseOfAParentContextIsLeftAlone(CapturedOutput output) {
		new ApplicationContextRunner().withUserConfiguration(PlainDatabase.class)
			.run((parent) -> this.contextRunner.withPropertyValues(ALWAYS)
				.withParent(parent)
				.withUserConfiguration(Client.class)
				.run((context) -> {
					assertThat(lines(context)).containsExactly("client with SVID");
					assertThatItWaitsOnce(output);
				}));
	}

	/**
	 * The parent may have stopped it.
	 */
	@Test
	void childContextStartsNoIdentityOfItsParent() {
		AtomicInteger starts = new AtomicInteger();
		KeyedIdentity identity = new KeyedIdentity() {

			@Override
			public void start() {
				starts.incrementAndGet();
			}

		};
		identity.rotate();
		ApplicationContextRunner runner = this.contextRunner.withPropertyValues(ALWAYS);
		runner.withBean(SpireIdentity.class, () -> identity)
			.run((parent) -> runner.withParent(parent).run((child) -> assertThat(child).hasNotFailed()));
		assertThat(starts).as("by the early wait, and by the life cycle").hasValue(2);
	}

	@Test
	void childContextFindsTheSvidOfItsParent(CapturedOutput output) {
		this.contextRunner.withPropertyValues(ALWAYS)
			.run((parent) -> this.contextRunner.withPropertyValues(ALWAYS)
				.withParent(parent)
				.withUserConfiguration(Database.class)
				.run((context) -> {
					assertThat(lines(context)).containsExactly("dataSource with SVID");
					assertThatItWaitsOnce(output);
				}));
	}

	/**
	 * As for a checkpoint, after which the life cycle waits.
	 */
	@Test
	void nothingWaitsWhereTheLifecycleIsPutOff() {
		SpringProperties.setProperty("spring.context.checkpoint", "onRefresh");
		try {
			EarlyWait wait = new EarlyWait(new DefaultListableBeanFactory(),
					new MockEnvironment().withProperty("spire.svid.wait-for", "always"));
			assertThatNoException().isThrownBy(() -> wait.initialize(new DefaultListableBeanFactory()));
		}
		finally {
			SpringProperties.setProperty("spring.context.checkpoint", null);
		}
	}

	@Test
	void lifecycleWaitsForAnSvidThatHasExpiredMeanwhile(CapturedOutput output) {
		ExpiringIdentity identity = new ExpiringIdentity();
		identity.rotate();
		this.contextRunner.withPropertyValues(ALWAYS).withBean(SpireIdentity.class, () -> identity).run((context) -> {
			assertThat(output).doesNotContain(WAITING);
			ConfigurableApplicationContext source = context.getSourceApplicationContext();
			source.stop();
			identity.expired = true;
			CompletableFuture<?> start = CompletableFuture.runAsync(source::start);
			await().until(() -> output.getOut().contains(WAITING));
			assertThat(start).isNotDone();
			identity.expired = false;
			assertThat(start).succeedsWithin(Patience.LIMIT);
		});
	}

	@Test
	void beanThatIsCreatedLaterWaitsForNothing(CapturedOutput output) {
		ExpiringIdentity identity = new ExpiringIdentity();
		identity.rotate();
		this.contextRunner.withPropertyValues(ALWAYS)
			.withBean(SpireIdentity.class, () -> identity)
			.withUserConfiguration(LateDatabase.class)
			.run((context) -> {
				identity.expired = true;
				assertThat(context.getBean(DataSource.class)).hasToString("dataSource");
				assertThat(output).doesNotContain(WAITING);
			});
	}

	private static List<String> lines(org.springframework.context.ApplicationContext context) {
		return context.getBean(Log.class).lines;
	}

	private static ConditionFactory await() {
		return Awaitility.await().pollInterval(Duration.ofMillis(20));
	}

	/**
	 * What is created when.
	 */
	static final class Log {

		final List<String> lines = new CopyOnWriteArrayList<>();

		private final SpiffeSslBundle bundle;

		Log(SpiffeSslBundle bundle) {
			this.bundle = bundle;
		}

		DataSource connected(String bean) {
			connect(bean);
			return StubDatabase.named(bean);
		}

		void connect(String bean) {
			this.lines.add(bean + (this.bundle.isEmpty() ? " without SVID" : " with SVID"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Automatic {

	}

	@Configuration(proxyBeanMethods = false)
	static class Database {

		@Bean
		DataSource dataSource(Log log) {
			return log.connected("dataSource");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LateDatabase {

		@Bean
		@Lazy
		DataSource dataSource(Log log) {
			return log.connected("dataSource");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PlainDatabase {

		@Bean
		DataSource dataSource() {
			return StubDatabase.named("dataSource");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedDatabase {

		@Bean
		@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.INTERFACES)
		DataSource dataSource(Log log) {
			return log.connected("dataSource");
		}

		@Bean
		String user(DataSource dataSource) {
			return dataSource + " is used";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InBackground {

		@Bean
		Executor bootstrapExecutor() {
			return new SimpleAsyncTaskExecutor();
		}

		@Bean(bootstrap = Bean.Bootstrap.BACKGROUND)
		DataSource dataSource(Log log) {
			return log.connected("dataSource");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FromFactory {

		@Bean
		DataSourceFactory dataSource(Log log) {
			return new DataSourceFactory(log);
		}

	}

	record DataSourceFactory(Log log) implements FactoryBean<DataSource> {

		DataSourceFactory {
			log.connect("factory");
		}

		@Override
		public DataSource getObject() {
			return this.log.connected("dataSource");
		}

		@Override
		public Class<?> getObjectType() {
			return DataSource.class;
		}

	}

	/**
	 * Connects, by whatever means.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Client {

		@Bean
		Object client(Log log) {
			log.connect("client");
			return new Object();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NosyClient {

		@Bean
		Object client(Log log, ConfigurableListableBeanFactory beanFactory) {
			log.lines.add(beanFactory.containsSingleton("spireIdentity") ? "client with identity"
					: "client without identity");
			return new Object();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Filters {

		@Bean
		Filter filter(DataSource dataSource, Log log) {
			log.lines.add("filter");
			return (request, response, chain) -> chain.doFilter(request, response);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Handler {

		@Bean
		HttpHandler handler() {
			return (request, response) -> response.setComplete();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Policy {

		@Bean
		SslBundleRegistrar byRepository(SpiffeSslBundle bundle, Predicate<SpiffeId> repository, Log log) {
			log.lines.add("registrar");
			return (registry) -> registry.registerBundle("by-repository", bundle.authorizing(repository));
		}

		@Bean
		Predicate<SpiffeId> repository(DataSource dataSource, Log log) {
			log.lines.add("repository");
			return (peer) -> dataSource != null;
		}

	}

	/**
	 * The attestor comes first.
	 */
	@Configuration(proxyBeanMethods = false)
	static class AttestorOfDatabase {

		@Bean
		PsatAttestor attestor(DataSource dataSource, TokenSource tokens) {
			return () -> AttestationPayload.of("demo", tokens.current());
		}

		@Bean
		DataSource dataSource(Log log) {
			return log.connected("dataSource");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Database.class)
	static class AttestorAfterDatabase {

		@Bean
		PsatAttestor attestor(DataSource dataSource, TokenSource tokens) {
			return () -> AttestationPayload.of("demo", tokens.current());
		}

	}

	/**
	 * The identity asks for the database on a thread of its own.
	 */
	@Configuration(proxyBeanMethods = false)
	@Import(Database.class)
	static class LazyAttestorOfDatabase {

		@Bean
		PsatAttestor attestor(@Lazy DataSource dataSource, TokenSource tokens) {
			return () -> {
				assertThat(dataSource.toString()).isEqualTo("dataSource");
				return AttestationPayload.of("demo", tokens.current());
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Database.class)
	static class IdentityOfDatabase {

		@Bean
		SpireIdentity identity(DataSource dataSource) {
			return new KeyedIdentity() {

				@Override
				public void start() {
					rotate();
				}

			};
		}

	}

	static final class ExpiringIdentity extends KeyedIdentity {

		private volatile boolean expired;

		@Override
		public SpireStatus status() {
			return this.expired ? TestIdentity.bare(SpireState.EXPIRED) : super.status();
		}

	}

}
