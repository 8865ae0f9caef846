package dev.psat.spire.actuate.endpoint;

import java.io.UnsupportedEncodingException;
import java.lang.reflect.RecordComponent;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.EngineHandshake;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
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
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SpirePeersEndpointAutoConfiguration}, over HTTP.
 */
class SpirePeersEndpointAutoConfigurationTests {

	private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

	private final JsonMapper mapper = new JsonMapper();

	private final SvidMint mint = new SvidMint("root");

	private final KeyedIdentity identity = new KeyedIdentity();

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
				SpirePeersEndpointAutoConfiguration.class, JacksonAutoConfiguration.class,
				EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				JacksonEndpointAutoConfiguration.class, ManagementContextAutoConfiguration.class,
				HttpMessageConvertersAutoConfiguration.class, WebMvcAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
				"management.endpoints.web.exposure.include=spirepeers")
		.withBean(SpireIdentity.class, () -> this.identity);

	@Test
	void peersAreThoseThatHaveConnectedAndThoseThatWereExpected() {
		this.identity.rotate(this.mint);
		this.contextRunner
			.withPropertyValues(
					"spire.bundle.authorized-clients=" + KeyedIdentity.ID
							+ ",spiffe://example.org/ns/pay/*,spiffe://example.org/bank",
					"spire.bundle.authorized-servers=spiffe://example.org/ns/shop/*")
			.run((context) -> {
				SpiffeSslBundle bundle = context.getBean(SpiffeSslBundle.class);
				EngineHandshake open = EngineHandshake
					.begin(bundle.createSslContext(), bundle.createSslContext(), "TLSv1.3")
					.end();
				refuse(bundle, this.mint, "spiffe://example.org/mailer");
				refuse(bundle, this.mint, "spiffe://example.org/mailer");
				refuse(bundle, new SvidMint("root"), "spiffe://example.org/bank");
				JsonNode document = document(context);
				String times = "\"firstSeenAt\":\"T\",\"lastSeenAt\":\"T\"";
				String key = "\"expiresAt\":\"E\",\"authority\":\"%s\""
					.formatted(new X509Authority(this.mint.certificate(), false).keyId());
				assertThat(text(document)).isEqualTo(
						"""
								{"since":"T",
								"inbound":{"peers":[
								{"id":"spiffe://example.org/mailer",%1$s,"accepted":0,"refused":2,"lastRefusedAt":"T",
								"lastRefusal":"The peer spiffe://example.org/mailer is not listed in 'spire.bundle.authorized-clients'",
								"openConnections":0,%2$s},
								{"id":"spiffe://example.org/ns/shop/sa/orders",%1$s,"accepted":1,"refused":0,"openConnections":1,%2$s}],
								"forgotten":0,
								"untrusted":{"refused":1,"lastRefusedAt":"T",
								"lastRefusal":"The X.509-SVID of spiffe://example.org/bank does not chain to an authority of the trust bundle"},
								"neverSeen":["spiffe://example.org/ns/pay/*","spiffe://example.org/bank"]},
								"outbound":{"peers":[
								{"id":"spiffe://example.org/ns/shop/sa/orders",%1$s,"accepted":1,"refused":0,"openConnections":1,%2$s}],
								"forgotten":0,"untrusted":{"refused":0},"neverSeen":[]}}"""
							.formatted(times, key)
							.replace("\n", ""));
				assertThat(open.client().isInboundDone()).isFalse();
			});
	}

	@Test
	void peersAreTheSameByTheMapperOfTheApplication() {
		this.contextRunner
			.withPropertyValues("management.endpoints.jackson.isolated-json-mapper=false",
					"spring.jackson.default-property-inclusion=ALWAYS",
					"spring.jackson.mapper.sort-properties-alphabetically=true")
			.run((context) -> assertThat(text(document(context))).isEqualTo("{\"since\":\"T\"," + Stream
				.of("inbound", "outbound")
				.map("\"%s\":{\"peers\":[],\"forgotten\":0,\"untrusted\":{\"refused\":0},\"neverSeen\":[]}"::formatted)
				.reduce((one, other) -> one + "," + other)
				.orElseThrow() + "}"));
	}

	@Test
	void endpointOfADisabledIdentityIsEmpty() {
		this.contextRunner.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(document(context).at("/inbound/peers")).isEmpty());
	}

	@Test
	void endpointIsNotExposedByDefault() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SpirePeersEndpoint.class));
	}

	@Test
	void endpointCannotBeWrittenTo() {
		this.contextRunner.run((context) -> {
			assertThat(MockMvcTester.from(context).post().uri("/actuator/spirepeers").exchange()).hasStatus(405);
			assertThat(MockMvcTester.from(context).delete().uri("/actuator/spirepeers").exchange()).hasStatus(405);
		});
	}

	@Test
	void nativeImageIsToldOfAllThatIsWritten() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("management.endpoints.web.exposure.include=spirepeers").applyTo(context);
		context.register(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
				SpirePeersEndpointAutoConfiguration.class);
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("dev.psat.spire.autoconfigure", "Processed")),
				new InMemoryGeneratedFiles());
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		for (Class<?> type : new Class<?>[] { SpirePeersDescriptor.class, SpirePeersDescriptor.Peers.class,
				SpirePeersDescriptor.Peer.class, SpirePeersDescriptor.Untrusted.class }) {
			assertThat(type.getRecordComponents()).isNotEmpty()
				.extracting(RecordComponent::getAccessor)
				.allSatisfy((accessor) -> assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(accessor))
					.accepts(generation.getRuntimeHints()));
		}
	}

	private void refuse(SpiffeSslBundle bundle, SvidMint authority, String peer) {
		KeyedIdentity stranger = new KeyedIdentity();
		stranger.rotate(authority, peer, this.mint.bundle());
		SpiffeSslBundle client = SpiffeSslBundle.of(stranger).authorizing((server) -> true);
		assertThatExceptionOfType(SSLException.class).isThrownBy(
				() -> EngineHandshake.begin(client.createSslContext(), bundle.createSslContext(), "TLSv1.3").end());
	}

	/**
	 * Return a document with a letter in the place of each instant.
	 */
	private static String text(JsonNode document) {
		return document.toString()
			.replaceAll("\"" + TIME + "\"", "\"T\"")
			.replaceAll("\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\"", "\"E\"");
	}

	private JsonNode document(WebApplicationContext context) throws UnsupportedEncodingException {
		MvcTestResult result = MockMvcTester.from(context).get().uri("/actuator/spirepeers").exchange();
		assertThat(result).hasStatusOk();
		return this.mapper.readTree(result.getResponse().getContentAsString());
	}

}
