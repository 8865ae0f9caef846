package dev.psat.spire.actuate.endpoint;

import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatEndpointAutoConfiguration;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link SpireEndpointAutoConfiguration}, over HTTP.
 */
class SpireEndpointAutoConfigurationTests {

	private final JsonMapper mapper = new JsonMapper();

	private final TestIdentity identity = new TestIdentity();

	private final WebApplicationContextRunner withoutIdentity = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, PsatEndpointAutoConfiguration.class,
				SpireAutoConfiguration.class, SpireEndpointAutoConfiguration.class, JacksonAutoConfiguration.class,
				EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				JacksonEndpointAutoConfiguration.class, ManagementContextAutoConfiguration.class,
				HttpMessageConvertersAutoConfiguration.class, WebMvcAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
				"management.endpoints.web.exposure.include=psat,spire");

	private final WebApplicationContextRunner contextRunner = this.withoutIdentity.withBean(SpireIdentity.class,
			() -> this.identity);

	@Test
	void documentWhenReadyIsThatOfTheContract() {
		assertDocument(TestIdentity.ready(1), """
				{
					"state": "READY", "server": "[::1]:8081", "trustDomain": "example.org",
					"agentId": "spiffe://example.org/spire/agent/k8s_psat/demo-cluster/pod/1",
					"agentExpiresAt": "2026-11-25T20:10:00Z", "candidates": 2,
					"svid": {
						"id": "spiffe://example.org/orders", "serialNumber": "1", "generation": 3,
						"issuedAt": "2026-11-25T20:00:00Z", "expiresAt": "2026-11-25T21:00:00Z",
						"renewalDueAt": "2026-11-25T20:30:00Z"
					},
					"trustBundle": {"authorities": 1, "sequenceNumber": 7, "refreshedAt": "2026-11-25T20:00:00.123Z"},
					"clockSkew": "PT31S"
				}""");
	}

	@Test
	void documentFromTheWorkloadApiNamesThatInsteadOfWhatAServerTells() {
		assertDocument(TestIdentity.handedOut(), """
				{
					"state": "READY", "workloadApi": "unix:///run/agent.sock", "trustDomain": "example.org",
					"candidates": 2,
					"svid": {
						"id": "spiffe://example.org/orders", "serialNumber": "1", "generation": 3,
						"issuedAt": "2026-11-25T20:00:00Z", "expiresAt": "2026-11-25T21:00:00Z"
					},
					"trustBundle": {"authorities": 1, "refreshedAt": "2026-11-25T20:00:00.123Z"}
				}""");
		assertDocument(TestIdentity.connecting(), """
				{"state": "CONNECTING", "workloadApi": "unix:///run/agent.sock"}""");
	}

	@Test
	void documentWhenSomethingIsWrongSaysWhatAndWhatToDo() {
		assertDocument(TestIdentity.failing(SpireState.ATTESTING, false), """
				{
					"state": "ATTESTING", "server": "[::1]:8081", "trustDomain": "example.org",
					"agentId": "spiffe://example.org/spire/agent/k8s_psat/demo-cluster/pod/1",
					"agentExpiresAt": "2026-11-25T20:10:00Z", "candidates": 2,
					"trustBundle": {"authorities": 1, "sequenceNumber": 7, "refreshedAt": "2026-11-25T20:00:00.123Z"},
					"clockSkew": "PT31S",
					"lastError": {
						"reason": "UNREACHABLE", "at": "2026-11-25T20:00:00.123Z",
						"message": "The SPIRE Server cannot be reached", "advice": "Check that it runs."
					}
				}""");
	}

	@Test
	void documentWhenNothingIsKnownIsTheStateAlone() {
		for (SpireState state : SpireState.values()) {
			assertDocument(TestIdentity.bare(state), "{\"state\": \"%s\"}".formatted(state));
		}
	}

	@Test
	void documentWhenBundleIsOfTheFileLeavesOutWhatTheServerDidNotTell() {
		SpireStatus bare = TestIdentity.bare(SpireState.ATTESTING);
		assertDocument(SpireStatus.builder(bare.state()).trustBundle(SpireStatus.Bundle.builder(2, 1).build()).build(),
				"{\"state\": \"ATTESTING\", \"trustBundle\": {\"authorities\": 2}}");
	}

	@Test
	void documentWhenFederatingTellsOfEachTrustDomainInThatOrder() {
		SpireStatus status = TestIdentity.federating(TestIdentity.trusted("partner.org"),
				TestIdentity.untrusted("other.org", FederationState.UNKNOWN), TestIdentity.trusted("a.org"));
		assertDocument(status, """
				{
					"state": "READY", "server": "[::1]:8081", "trustDomain": "example.org",
					"agentId": "spiffe://example.org/spire/agent/k8s_psat/demo-cluster/pod/1",
					"agentExpiresAt": "2026-11-25T20:10:00Z", "candidates": 2,
					"svid": {
						"id": "spiffe://example.org/orders", "serialNumber": "1", "generation": 3,
						"issuedAt": "2026-11-25T20:00:00Z", "expiresAt": "2026-11-25T21:00:00Z",
						"renewalDueAt": "2026-11-25T20:30:00Z"
					},
					"trustBundle": {"authorities": 1, "sequenceNumber": 7, "refreshedAt": "2026-11-25T20:00:00.123Z"},
					"federation": [
						{
							"trustDomain": "partner.org", "state": "TRUSTED", "x509AuthorityCount": 1,
							"jwtAuthorityCount": 2, "refreshedAt": "2026-11-25T20:00:00.123Z"
						},
						{
							"trustDomain": "other.org", "state": "UNKNOWN", "x509AuthorityCount": 0,
							"jwtAuthorityCount": 0,
							"lastError": {
								"reason": "TIMED_OUT", "at": "2026-11-25T20:00:00.123Z",
								"message": "The SPIRE Server does not answer", "advice": "Check its load."
							}
						},
						{
							"trustDomain": "a.org", "state": "TRUSTED", "x509AuthorityCount": 1,
							"jwtAuthorityCount": 2, "refreshedAt": "2026-11-25T20:00:00.123Z"
						}
					],
					"clockSkew": "PT31S"
				}""");
	}

	@Test
	void documentTellsOfTheFilesThatListPeers(@TempDir Path directory) throws IOException {
		Path clients = Files.writeString(directory.resolve("clients"), "spiffe://example.org/orders\n");
		Files.setLastModifiedTime(clients, FileTime.fromMillis(0));
		this.identity.become(TestIdentity.bare(SpireState.STARTING));
		this.contextRunner
			.withPropertyValues("spire.bundle.authorized-clients-file=" + clients,
					"spire.bundle.authorized-servers-file=/no/such/servers",
					"spring.jackson.default-property-inclusion=ALWAYS")
			.run((context) -> {
				JsonNode document = document(context);
				assertThat(document.propertyNames()).containsExactly("state", "authorizedClientsFile",
						"authorizedServersFile");
				JsonNode file = document.get("authorizedClientsFile");
				assertThat(file.propertyNames()).containsExactly("path", "state", "entries", "readAt");
				assertThat(file.get("readAt").stringValue()).matches("20.*T.*\\.\\d{3}Z");
				assertThat(file.toString())
					.startsWith("{\"path\":\"%s\",\"state\":\"OK\",\"entries\":1,".formatted(clients));
				assertThat(document.get("authorizedServersFile"))
					.hasToString("{\"path\":\"/no/such/servers\",\"state\":\"MISSING\",\"entries\":0,"
							+ "\"error\":\"There is no file /no/such/servers\"}");
			});
	}

	@Test
	void federationIsTheSameByTheMapperOfTheApplication() {
		this.identity.become(TestIdentity.federating(TestIdentity.trusted("partner.org")));
		this.contextRunner
			.withPropertyValues("management.endpoints.jackson.isolated-json-mapper=false",
					"spring.jackson.default-property-inclusion=ALWAYS",
					"spring.jackson.mapper.sort-properties-alphabetically=true")
			.run((context) -> assertThat(document(context).get("federation")).hasToString(
					"[{\"trustDomain\":\"partner.org\",\"state\":\"TRUSTED\",\"x509AuthorityCount\":1,\"jwtAuthorityCount\":2,"
							+ "\"refreshedAt\":\"2026-11-25T20:00:00.123Z\"}]"));
	}

	@Test
	void documentWhenServerIsDisabledSaysSo() {
		this.withoutIdentity.withPropertyValues("spire.server.enabled=false").run((context) -> {
			assertThat(document(context)).hasToString("{\"state\":\"DISABLED\"}");
		});
	}

	@Test
	void documentWhenTheTokenIsDisabledSaysSo() {
		this.withoutIdentity.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(document(context)).hasToString("{\"state\":\"DISABLED\"}"));
	}

	@Test
	void documentIsTheSameByTheMapperOfTheApplication() {
		this.identity.become(TestIdentity.bare(SpireState.STARTING));
		this.contextRunner
			.withPropertyValues("management.endpoints.jackson.isolated-json-mapper=false",
					"spring.jackson.default-property-inclusion=ALWAYS")
			.run((context) -> assertThat(document(context)).hasToString("{\"state\":\"STARTING\"}"));
	}

	@Test
	void failureOfAnIdentityOfTheApplicationIsToldByItsTypeAlone() {
		SpireIdentity failing = mock(SpireIdentity.class);
		given(failing.status()).willThrow(new IllegalArgumentException("some secret"));
		assertThatIllegalStateException().isThrownBy(() -> new SpireEndpoint(failing, null).spire())
			.withMessageEndingWith("java.lang.IllegalArgumentException")
			.withNoCause();
	}

	@Test
	void runWhenNotExposedHasNoEndpoint() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SpireEndpoint.class));
	}

	@Test
	void nativeImageIsToldOfAllThatIsWritten() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("management.endpoints.web.exposure.include=psat,spire").applyTo(context);
		context.register(PsatAutoConfiguration.class, PsatEndpointAutoConfiguration.class, SpireAutoConfiguration.class,
				SpireEndpointAutoConfiguration.class);
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("dev.psat.spire.autoconfigure", "Processed")),
				new InMemoryGeneratedFiles());
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		RuntimeHints hints = generation.getRuntimeHints();
		for (Class<?> type : new Class<?>[] { SpireDescriptor.class, SpireDescriptor.Svid.class,
				SpireDescriptor.TrustBundle.class, SpireDescriptor.Federation.class, SpireDescriptor.PeersFile.class,
				SpireDescriptor.LastError.class }) {
			assertThat(type.getRecordComponents()).isNotEmpty()
				.allSatisfy((component) -> assertThat(
						RuntimeHintsPredicates.reflection().onMethodInvocation(component.getAccessor()))
					.accepts(hints));
		}
	}

	private void assertDocument(SpireStatus status, String expected) {
		this.identity.become(status);
		this.contextRunner
			.run((context) -> assertThat(document(context)).hasToString(this.mapper.readTree(expected).toString()));
	}

	private JsonNode document(WebApplicationContext context) throws UnsupportedEncodingException {
		MvcTestResult result = MockMvcTester.from(context).get().uri("/actuator/spire").exchange();
		assertThat(result).hasStatusOk();
		return this.mapper.readTree(result.getResponse().getContentAsString());
	}

}
