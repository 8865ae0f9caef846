package dev.psat.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.psat.PsatAttestor;
import dev.psat.actuate.endpoint.PsatEndpoint;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenUnavailableException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PsatEndpointAutoConfiguration}, also over HTTP.
 */
class PsatEndpointAutoConfigurationTests {

	private static final String MEDIA_TYPE = "application/vnd.spring-boot.actuator.v3+json";

	private static final AutoConfigurations OURS = AutoConfigurations.of(PsatAutoConfiguration.class,
			PsatEndpointAutoConfiguration.class);

	private static final AutoConfigurations ACTUATOR = AutoConfigurations.of(JacksonAutoConfiguration.class,
			EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class, JacksonEndpointAutoConfiguration.class,
			ManagementContextAutoConfiguration.class);

	private static final String EXPOSED = "management.endpoints.web.exposure.include=psat";

	private static final String UNRESTRICTED = "management.endpoint.psat.access=UNRESTRICTED";

	private final JsonMapper mapper = new JsonMapper();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	private final String[] properties = { "spire.psat.cluster=demo-cluster",
			"spire.psat.token-path=" + this.kubelet.tokenPath() };

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(OURS)
		.withPropertyValues(this.properties);

	private final WebApplicationContextRunner servletRunner = new WebApplicationContextRunner().withConfiguration(OURS)
		.withConfiguration(ACTUATOR)
		.withConfiguration(AutoConfigurations.of(HttpMessageConvertersAutoConfiguration.class,
				WebMvcAutoConfiguration.class, DispatcherServletAutoConfiguration.class))
		.withPropertyValues(this.properties)
		.withPropertyValues(EXPOSED);

	private final ReactiveWebApplicationContextRunner reactiveRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(OURS)
		.withConfiguration(ACTUATOR)
		.withConfiguration(AutoConfigurations.of(CodecsAutoConfiguration.class, WebFluxAutoConfiguration.class,
				HttpHandlerAutoConfiguration.class))
		.withPropertyValues(this.properties)
		.withPropertyValues(EXPOSED);

	@Test
	void runWhenNotExposedHasNoEndpoint() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(PsatEndpoint.class));
	}

	@Test
	void runWhenOthersAreExposedHasNoEndpoint() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=health,info")
			.run((context) -> assertThat(context).doesNotHaveBean(PsatEndpoint.class));
	}

	@Test
	void runWhenExposedHasEndpoint() {
		this.contextRunner.withPropertyValues(EXPOSED)
			.run((context) -> assertThat(context).hasSingleBean(PsatEndpoint.class).hasBean("psatEndpoint"));
	}

	@Test
	void runWhenAccessIsNoneHasNoEndpoint() {
		this.contextRunner.withPropertyValues(EXPOSED, "management.endpoint.psat.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(PsatEndpoint.class));
	}

	@Test
	void runWhenUserHasEndpointKeepsIt() {
		this.contextRunner.withPropertyValues(EXPOSED).withBean("mine", PsatEndpoint.class, () -> {
			TokenSource source = () -> {
				throw new UnsupportedOperationException();
			};
			return new PsatEndpoint(source, PsatAttestor.of("mine", source, List.of()), false, null, Map.of());
		}).run((context) -> assertThat(context).hasSingleBean(PsatEndpoint.class).hasBean("mine"));
	}

	@Test
	void getWithMvcShowsDocument() {
		this.servletRunner.run((context) -> {
			MvcTestResult result = MockMvcTester.from(context).get().uri("/actuator/psat").exchange();
			assertThat(result).hasStatusOk().hasContentType(MEDIA_TYPE);
			assertDocument(result.getResponse().getContentAsString(), this.kubelet.token());
		});
	}

	@Test
	void getWithWebFluxShowsDocument() {
		this.reactiveRunner.run((context) -> {
			WebTestClient client = WebTestClient.bindToApplicationContext(context).build();
			EntityExchangeResult<byte[]> result = client.get()
				.uri("/actuator/psat")
				.exchange()
				.expectStatus()
				.isOk()
				.expectHeader()
				.contentType(MEDIA_TYPE)
				.expectBody()
				.returnResult();
			assertDocument(text(result), this.kubelet.token());
		});
	}

	@Test
	void getWhenMapperIsThatOfApplicationShowsSameDocument() {
		this.servletRunner.withPropertyValues("management.endpoints.jackson.isolated-json-mapper=false",
				"spring.jackson.default-property-inclusion=ALWAYS", "spring.jackson.serialization.indent-output=true")
			.run((context) -> {
				MvcTestResult result = MockMvcTester.from(context).get().uri("/actuator/psat").exchange();
				assertThat(result).hasStatusOk();
				String json = result.getResponse().getContentAsString();
				assertThat(json).contains("\n");
				assertDocument(json, this.kubelet.token());
			});
	}

	@Test
	void postWithMvcByDefaultIsNotAllowed() {
		this.servletRunner.run((context) -> assertThat(MockMvcTester.from(context).post().uri("/actuator/psat"))
			.hasStatus(HttpStatus.METHOD_NOT_ALLOWED));
	}

	@Test
	void postWithWebFluxByDefaultIsNotAllowed() {
		this.reactiveRunner.run((context) -> WebTestClient.bindToApplicationContext(context)
			.build()
			.post()
			.uri("/actuator/psat")
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.METHOD_NOT_ALLOWED));
	}

	@Test
	void postWithMvcWhenGrantedLooksNow() {
		this.servletRunner.withPropertyValues(UNRESTRICTED).run((context) -> {
			TokenSource source = context.getBean(TokenSource.class);
			source.stop();
			String before = source.value();
			String token = this.kubelet.rotate();
			assertThat(source.value()).isEqualTo(before);
			MvcTestResult result = MockMvcTester.from(context).post().uri("/actuator/psat").exchange();
			assertThat(result).hasStatusOk().hasContentType(MEDIA_TYPE);
			assertDocument(result.getResponse().getContentAsString(), token);
			assertThat(source.value()).isEqualTo(token);
		});
	}

	@Test
	void postWithWebFluxWhenGrantedLooksNow() {
		this.reactiveRunner.withPropertyValues(UNRESTRICTED).run((context) -> {
			context.getBean(TokenSource.class).stop();
			WebTestClient client = WebTestClient.bindToApplicationContext(context).build();
			String token = this.kubelet.rotate();
			EntityExchangeResult<byte[]> result = client.post()
				.uri("/actuator/psat")
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody()
				.returnResult();
			assertDocument(text(result), token);
		});
	}

	@Test
	void getWhenDisabledSaysSo() {
		this.servletRunner.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(MockMvcTester.from(context).get().uri("/actuator/psat")).bodyJson()
				.isStrictlyEqualTo("{\"enabled\":false,\"cluster\":\"demo-cluster\"}"));
	}

	@Test
	void getWhenDisabledAndClusterIsNotSetSaysSo() {
		this.servletRunner.withPropertyValues("spire.psat.enabled=false", "spire.psat.cluster=")
			.run((context) -> assertThat(MockMvcTester.from(context).get().uri("/actuator/psat")).bodyJson()
				.isStrictlyEqualTo("{\"enabled\":false}"));
	}

	@Test
	void getWhenDisabledShowsFurtherSourcesAlone() {
		this.servletRunner.withPropertyValues("spire.psat.enabled=false")
			.withUserConfiguration(Extras.class)
			.withBean("mine", TokenSource.class,
					() -> TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build())
			.run((context) -> {
				MockMvcTester mvc = MockMvcTester.from(context);
				assertThat(mvc.get().uri("/actuator/psat")).bodyJson()
					.isStrictlyEqualTo("{\"enabled\":false,\"cluster\":\"demo-cluster\"}");
				assertThat(mvc.get().uri("/actuator/psat/psat")).hasStatus(HttpStatus.NOT_FOUND);
				assertThat(mvc.get().uri("/actuator/psat/inventory")).bodyJson()
					.extractingPath("source.message")
					.isEqualTo("none");
			});
	}

	@Test
	void getWhenSourceOfUserIsForAnotherAudienceShowsRefusal() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.rotateWithAudience("vault"));
		this.servletRunner.withBean("mine", TokenSource.class, () -> () -> token)
			.run((context) -> assertThat(MockMvcTester.from(context).get().uri("/actuator/psat")).bodyJson()
				.extractingPath("source.state")
				.isEqualTo("WRONG_AUDIENCE"));
	}

	@Test
	void runWithoutSourceHasNoEndpoint() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PsatEndpointAutoConfiguration.class))
			.withPropertyValues(EXPOSED)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PsatEndpoint.class));
	}

	@Test
	void getWithMvcShowsEachSourceByItsName() {
		this.servletRunner.withUserConfiguration(Extras.class).run((context) -> {
			MockMvcTester mvc = MockMvcTester.from(context);
			assertThat(mvc.get().uri("/actuator/psat")).bodyJson()
				.extractingPath("sources")
				.asArray()
				.containsExactly("psat", "inventory");
			assertThat(mvc.get().uri("/actuator/psat/psat")).bodyJson().extractingPath("source.state").isEqualTo("OK");
			assertThat(mvc.get().uri("/actuator/psat/inventory")).bodyJson()
				.isStrictlyEqualTo(
						"{\"token\":{\"state\":\"NONE\"},\"source\":{\"message\":\"none\",\"advice\":\"wait\"}}");
			assertThat(mvc.get().uri("/actuator/psat/other")).hasStatus(HttpStatus.NOT_FOUND);
		});
	}

	@Test
	void getWithWebFluxShowsEachSourceByItsName() {
		this.reactiveRunner.withUserConfiguration(Extras.class).run((context) -> {
			WebTestClient client = WebTestClient.bindToApplicationContext(context).build();
			client.get()
				.uri("/actuator/psat/inventory")
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody()
				.jsonPath("$.source.message")
				.isEqualTo("none");
			client.get().uri("/actuator/psat/other").exchange().expectStatus().isNotFound();
		});
	}

	@Test
	void postToOneSourceIsNotAllowed() {
		this.servletRunner.withPropertyValues(UNRESTRICTED)
			.withUserConfiguration(Extras.class)
			.run((context) -> assertThat(MockMvcTester.from(context).post().uri("/actuator/psat/inventory"))
				.hasStatus(HttpStatus.METHOD_NOT_ALLOWED));
	}

	private void assertDocument(String json, String expected) {
		ProjectedToken token = ProjectedToken.parse(expected);
		JsonNode document = this.mapper.readTree(json);
		assertThat(document.propertyNames()).containsExactly("enabled", "cluster", "token", "source");
		assertThat(document.get("token").propertyNames()).containsExactly("state", "generation", "fingerprint",
				"issuedAt", "expiresAt", "expiresIn", "rotationDueAt", "claims");
		assertThat(document.get("token").get("state").stringValue()).isEqualTo("VALID");
		assertThat(document.get("token").get("fingerprint").stringValue()).isEqualTo(token.fingerprint());
		assertThat(document.get("token").get("expiresAt").stringValue()).isEqualTo(token.expiresAt().toString());
		assertThat(document.get("token").get("claims").propertyNames()).containsExactly("issuer", "subject",
				"audiences", "id", "namespace", "serviceAccount", "pod", "node");
		assertThat(document.get("source").propertyNames()).contains("path", "state", "watch", "rotations",
				"lastCheckedAt", "rejectedReads", "missedEvents");
		for (String part : List.of(expected.split("\\."))) {
			assertThat(json).doesNotContain(part);
		}
	}

	private static String text(EntityExchangeResult<byte[]> result) {
		byte[] body = result.getResponseBody();
		return (body != null) ? new String(body, StandardCharsets.UTF_8) : "";
	}

	@Configuration(proxyBeanMethods = false)
	static class Extras {

		@Bean(defaultCandidate = false)
		TokenSource inventory() {
			return () -> {
				throw new TokenUnavailableException("none", TokenState.NONE, null, "wait");
			};
		}

	}

}
