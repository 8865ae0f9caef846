package dev.psat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import dev.psat.actuate.endpoint.PsatEndpoint;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.health.PsatHealthIndicator;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import dev.psat.token.SourceState;
import dev.psat.token.TokenListener;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.beans.BeansEndpoint;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * No piece of a token is in a log at any level, an exception, a text of an object, an
 * endpoint, a meter or a failure analysis, whatever happens to the token.
 */
class SecretsTests {

	private static final int PIECE = 12;

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@AutoClose
	private final Disclosures disclosed = new Disclosures();

	private final List<String> secrets = new ArrayList<>();

	@BeforeEach
	void keepFirstToken() {
		secret(this.kubelet.token());
	}

	@Test
	void nothingShowsTokenWhateverHappensToIt() throws Exception {
		try (ConfigurableApplicationContext context = run(WholeApplication.class,
				"--spire.psat.token-path=" + this.kubelet.tokenPath())) {
			TokenSource source = context.getBean(TokenSource.class);
			disclose(context);
			source.value();
			source.current().value();
			context.getBean(PsatAttestor.class).payload().toBytes();
			for (int i = 0; i < 3; i++) {
				secret(this.kubelet.rotate());
				expect(source, SourceState.OK);
				disclose(context);
			}
			misbehave(context, source);
			secret(this.kubelet.rotate());
			expect(source, SourceState.OK);
			context.stop();
			context.start();
			disclose(context);
		}
		this.disclosed.expectNone(this.secrets);
		assertThat(this.disclosed.text()).contains("of generation 4", "MISSING", "MALFORMED", "WRONG_AUDIENCE", "STALE",
				"spire.psat.token-path", "TokenRotatedEvent", "TokenStateChangedEvent");
	}

	@Test
	void nothingShowsFirstTokenThatIsNotInForce() throws Exception {
		for (String token : List.of(this.kubelet.rotateExpired(), this.kubelet.rotateNotYetValid(Duration.ofHours(1)),
				this.kubelet.rotateWithAudience("somebody-else"))) {
			secret(token);
			this.kubelet.write(token.getBytes(StandardCharsets.US_ASCII));
			try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build()) {
				source.start();
				this.disclosed.add(source.status());
				this.disclosed.add(endpoint(source).psat());
				this.disclosed.add(new PsatHealthIndicator(source).health());
				assertThatExceptionOfType(TokenUnavailableException.class)
					.isThrownBy(PsatAttestor.of("demo-cluster", source, List.of())::payload)
					.satisfies(this.disclosed::add);
			}
		}
		this.disclosed.expectNone(this.secrets);
		assertThat(this.disclosed.text()).contains("EXPIRED", "NOT_YET_VALID", "somebody-else");
	}

	@Test
	void nothingShowsTokenThatStopsStart() {
		secret(this.kubelet.rotateWithAudience("somebody-else"));
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> run(SmallApplication.class, "--spire.psat.token-path=" + this.kubelet.tokenPath(),
					"--spire.psat.fail-fast=true"))
			.satisfies(this.disclosed::add);
		this.disclosed.expectNone(this.secrets);
		assertThat(this.disclosed.text()).contains("APPLICATION FAILED TO START", "somebody-else",
				"serviceAccountToken");
	}

	@Test
	void nothingShowsTextThatIsNotAToken() {
		String token = this.kubelet.token();
		String[] parts = token.split("\\.");
		String claims = parts[1];
		List<String> texts = List.of(token.substring(0, token.length() / 2), claims, claims + "." + parts[2],
				"." + claims + ".", parts[0] + "." + claims.substring(1) + "." + parts[2],
				parts[0] + "." + claims + "=." + parts[2], parts[0] + "." + claims + "." + parts[2] + "." + parts[2],
				token + "!", token.replace('.', ' '), token + "\n" + token, claims + "." + claims + "." + claims,
				parts[2] + "." + claims + "." + parts[2], parts[0] + "." + parts[2] + "." + claims,
				jwt("{\"alg\":\"HS256\"}", claims), jwt("{\"alg\":\"none\"}", claims), jwt("{\"alg\":[]}", claims),
				jwt("{\"alg\":\"ES256\"", claims), jwt("[]", claims), jwt("{}", claims),
				parts[0] + "." + encode("{\"exp\":\"" + parts[2] + "\"}") + "." + parts[2],
				parts[0] + "." + encode("{\"exp\":1e999,\"x\":\"" + parts[2] + "\"}") + "." + parts[2],
				parts[0] + "." + encode("{\"" + parts[2] + "\":1,\"" + parts[2] + "\":1}") + "." + parts[2],
				parts[0] + "." + encode("{\"exp\":4102444800," + parts[2] + "}") + "." + parts[2],
				parts[0] + "." + encode(parts[2]) + "." + parts[2],
				parts[0] + "." + encode("\"" + parts[2] + "\"") + "." + parts[2]);
		for (String text : texts) {
			assertThatExceptionOfType(TokenUnavailableException.class).as(text)
				.isThrownBy(() -> ProjectedToken.parse(text))
				.satisfies(this.disclosed::add);
			this.kubelet.write(text.getBytes(StandardCharsets.UTF_8));
			try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build()) {
				TokenStatus status = source.refresh();
				assertThat(status.sourceState()).as(text).isEqualTo(SourceState.MALFORMED);
				this.disclosed.add(status);
				this.disclosed.add(endpoint(source).psat());
				assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(source::value)
					.satisfies(this.disclosed::add);
			}
		}
		this.disclosed.expectNone(this.secrets);
	}

	@Test
	void nothingShowsTokenThatSomebodyElseFailsWith() {
		TokenListener listener = (previous, current) -> {
			throw new IllegalStateException("broken on purpose by " + current);
		};
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).observer((outcome, sinceCause) -> {
			throw new IllegalStateException("broken on purpose");
		}).build()) {
			source.addListener(listener);
			source.start();
			secret(this.kubelet.rotate());
			await().untilAsserted(() -> assertThat(this.disclosed.text()).contains("broken on purpose"));
			this.disclosed.add(source);
		}
		this.disclosed.expectNone(this.secrets);
	}

	@Test
	void nothingShowsTokenThatSourceOfTheUsersFailsWith() {
		String token = this.kubelet.token();
		TokenSource broken = () -> {
			throw new IllegalArgumentException("bad token " + token);
		};
		this.disclosed.add(broken.status());
		this.disclosed.add(endpoint(broken).psat());
		this.disclosed.add(endpoint(broken).refresh());
		this.disclosed.add(new PsatHealthIndicator(broken).health());
		this.disclosed
			.add(new PsatHealthIndicator(broken, PsatAttestor.of("demo-cluster", broken, List.of()), true).health());
		this.disclosed.expectNone(this.secrets);
		assertThat(this.disclosed.text()).contains("java.lang.IllegalArgumentException");
	}

	@Test
	void textOfEveryPublicObjectShowsNothing() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
		this.disclosed.add(token);
		this.disclosed.add(token.claims());
		this.disclosed.add(AttestationPayload.of("demo-cluster", token));
		this.disclosed.add(PsatAttestor.of("demo-cluster", () -> token, List.of()));
		this.disclosed.add(TokenSource.builder(this.kubelet.tokenPath()));
		TokenSource own = () -> token;
		this.disclosed.add(own.status());
		this.disclosed.add(endpoint(own).psat());
		this.disclosed.add(Objects.requireNonNull(endpoint(own).source("psat")));
		this.disclosed.add(new PsatHealthIndicator(own).health());
		assertThatExceptionOfType(TokenUnavailableException.class)
			.isThrownBy(PsatAttestor.of("demo-cluster", own, List.of("vault"))::payload)
			.satisfies(this.disclosed::add);
		JsonMapper mapper = new JsonMapper();
		this.disclosed.add(mapper.writeValueAsString(token));
		this.disclosed.add(mapper.writeValueAsString(AttestationPayload.of("demo-cluster", token)));
		this.disclosed.add(mapper.writeValueAsString(token.claims()));
		this.disclosed.add(mapper.writeValueAsString(own.status()));
		this.disclosed.expectNone(this.secrets);
	}

	@Test
	void searchFindsPieceOfToken() {
		Disclosures disclosures = new Disclosures();
		disclosures.close();
		String claims = this.kubelet.token().split("\\.")[1];
		disclosures.add("before " + claims.substring(40, 40 + PIECE) + " after");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> disclosures.expectNone(this.secrets));
	}

	private static PsatEndpoint endpoint(TokenSource source) {
		return new PsatEndpoint(source, PsatAttestor.of("demo-cluster", source, List.of()), true, "demo-cluster",
				Map.of());
	}

	private void misbehave(ConfigurableApplicationContext context, TokenSource source) {
		this.kubelet.removeToken();
		expect(source, SourceState.MISSING);
		disclose(context);
		secret(this.kubelet.rotateWithAudience("somebody-else"));
		expect(source, SourceState.WRONG_AUDIENCE);
		disclose(context);
		secret(this.kubelet.rotateExpired());
		expect(source, SourceState.STALE);
		disclose(context);
		secret(this.kubelet.rotateNotYetValid(Duration.ofHours(1)));
		expect(source, SourceState.STALE);
		disclose(context);
		this.kubelet.write((this.kubelet.token() + "!").getBytes(StandardCharsets.US_ASCII));
		expect(source, SourceState.MALFORMED);
		disclose(context);
		secret(this.kubelet.tearToken());
		source.refresh();
		disclose(context);
		secret(this.kubelet.writeInPlace(Duration.ofMillis(10)));
		expect(source, SourceState.OK);
		disclose(context);
	}

	private ConfigurableApplicationContext run(Class<?> source, String... arguments) {
		SpringApplication application = new SpringApplication(source);
		application.setWebApplicationType(WebApplicationType.NONE);
		application
			.addInitializers((context) -> context.getBeanFactory().registerSingleton("disclosures", this.disclosed));
		application.addInitializers((context) -> this.disclosed.everything());
		return application.run(Stream.concat(Arrays.stream(arguments),
				Stream.of("--spire.psat.cluster=demo-cluster", "--spire.psat.refresh.poll-interval=100ms",
						"--spring.main.banner-mode=off", "--spring.jmx.enabled=true",
						"--management.endpoints.jmx.exposure.include=psat,health,env,configprops,beans",
						"--management.endpoint.env.show-values=ALWAYS",
						"--management.endpoint.configprops.show-values=ALWAYS"))
			.toArray(String[]::new));
	}

	private void disclose(ConfigurableApplicationContext context) {
		JsonMapper mapper = new JsonMapper();
		this.disclosed.add(mapper.writeValueAsString(context.getBean(PsatEndpoint.class).psat()));
		this.disclosed.add(mapper.writeValueAsString(context.getBean(PsatEndpoint.class).refresh()));
		this.disclosed.add(mapper.writeValueAsString(context.getBean(HealthEndpoint.class).healthForPath("psat")));
		this.disclosed.add(context.getBean(PsatHealthIndicator.class).health());
		this.disclosed.add(mapper.writeValueAsString(context.getBean(EnvironmentEndpoint.class).environment(null)));
		this.disclosed.add(mapper.writeValueAsString(
				context.getBean(ConfigurationPropertiesReportEndpoint.class).configurationProperties()));
		this.disclosed.add(mapper.writeValueAsString(context.getBean(BeansEndpoint.class).beans()));
		context.getBean(MeterRegistry.class).getMeters().forEach((meter) -> {
			this.disclosed.add(meter.getId());
			this.disclosed.add(meter.measure());
		});
		for (Class<?> type : List.of(TokenSource.class, PsatAttestor.class, PsatEndpoint.class)) {
			context.getBeansOfType(type).values().forEach(this.disclosed::add);
		}
		this.disclosed.add(context.getBean("psatLifecycle"));
		this.disclosed.add(context.getBean("psatTokenMeters"));
		this.disclosed.add(context.getBean(TokenSource.class).status());
		try {
			this.disclosed.add(context.getBean(TokenSource.class).current());
			this.disclosed.add(context.getBean(PsatAttestor.class).payload());
		}
		catch (TokenUnavailableException ex) {
			this.disclosed.add(ex);
		}
		Thread.getAllStackTraces().keySet().forEach((thread) -> this.disclosed.add(thread.getName()));
	}

	private void secret(String token) {
		this.secrets.add(token);
	}

	private static void expect(TokenSource source, SourceState state) {
		await().pollInterval(Duration.ofMillis(20))
			.untilAsserted(() -> assertThat(source.refresh().sourceState()).isEqualTo(state));
	}

	private static String jwt(String header, String claims) {
		return encode(header) + "." + claims + "." + encode("no signature at all");
	}

	private static String encode(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WholeApplication {

		private final Disclosures disclosures;

		WholeApplication(Disclosures disclosures) {
			this.disclosures = disclosures;
		}

		@Bean
		SimpleMeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

		@EventListener
		void rotated(TokenRotatedEvent event) {
			this.disclosures.add(event);
		}

		@EventListener
		void stateChanged(TokenStateChangedEvent event) {
			this.disclosures.add(event);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(PsatAutoConfiguration.class)
	static class SmallApplication {

	}

	/**
	 * All that is logged at any level, and what is added to it.
	 */
	static final class Disclosures extends AppenderBase<ILoggingEvent> implements AutoCloseable {

		private static final Pattern RUN = Pattern.compile("[A-Za-z0-9_-]{%d,}".formatted(PIECE));

		private final Map<Logger, Level> levels = new LinkedHashMap<>();

		private final List<Appender<ILoggingEvent>> detached = new ArrayList<>();

		private final List<String> texts = new CopyOnWriteArrayList<>();

		Disclosures() {
			for (String name : List.of(org.slf4j.Logger.ROOT_LOGGER_NAME, "dev.psat", "org.springframework")) {
				Logger logger = (Logger) LoggerFactory.getLogger(name);
				this.levels.put(logger, (logger.getLevel() != null) ? logger.getLevel() : Level.INFO);
			}
			everything();
		}

		/**
		 * A starting application resets the log. Its appenders take the place of those
		 * that were there, which nobody stops once they are detached.
		 */
		void everything() {
			this.levels.keySet().forEach((logger) -> logger.setLevel(Level.TRACE));
			Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
			List<Appender<ILoggingEvent>> others = new ArrayList<>();
			root.iteratorForAppenders().forEachRemaining(others::add);
			others.remove(this);
			if (!others.isEmpty()) {
				this.detached.clear();
				this.detached.addAll(others);
				others.forEach(root::detachAppender);
			}
			setContext(root.getLoggerContext());
			start();
			root.addAppender(this);
		}

		@Override
		protected void append(ILoggingEvent event) {
			this.texts.add(event.getFormattedMessage());
			if (event.getThrowableProxy() != null) {
				this.texts.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
			}
		}

		void add(Object disclosed) {
			this.texts.add(String.valueOf(disclosed));
			if (disclosed instanceof Throwable throwable) {
				StringWriter trace = new StringWriter();
				throwable.printStackTrace(new PrintWriter(trace));
				this.texts.add(trace.toString());
			}
			if (disclosed instanceof TokenUnavailableException unavailable) {
				this.texts.add(unavailable.advice());
			}
		}

		String text() {
			return String.join("\n", this.texts);
		}

		void expectNone(List<String> tokens) {
			Set<String> pieces = pieces(tokens);
			for (String text : this.texts) {
				Matcher runs = RUN.matcher(text);
				while (runs.find()) {
					String run = runs.group();
					for (int i = 0; i + PIECE <= run.length(); i++) {
						assertThat(pieces.contains(run.substring(i, i + PIECE))).as("Disclosed: %s", text).isFalse();
					}
				}
			}
		}

		private static Set<String> pieces(List<String> tokens) {
			Set<String> pieces = new HashSet<>();
			for (String token : tokens) {
				for (String part : token.split("\\.")) {
					for (int i = 0; i + PIECE <= part.length(); i++) {
						pieces.add(part.substring(i, i + PIECE));
					}
				}
			}
			return pieces;
		}

		@Override
		public void close() {
			Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
			root.detachAppender(this);
			this.detached.stream().filter(Appender::isStarted).forEach(root::addAppender);
			this.levels.forEach(Logger::setLevel);
			stop();
		}

	}

}
