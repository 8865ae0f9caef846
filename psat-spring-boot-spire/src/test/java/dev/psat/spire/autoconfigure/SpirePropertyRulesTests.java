package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.client.KeyType;
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
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link SpirePropertyRules} and its failure analyses.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpirePropertyRulesTests {

	private static final String[] GOOD = { "spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
			"spire.server.address=spire-server:8081", "spire.server.trust-domain=example.org",
			"spire.server.trust-bundle=/no/such/bundle" };

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class))
		.withPropertyValues(GOOD);

	@ParameterizedTest
	@ValueSource(strings = { "server.address", "server.trust-domain", "server.trust-bundle" })
	void requiredPropertyWhenMissingStopsStartWithWaysOut(String name, CapturedOutput output) {
		start(without("spire." + name));
		assertThat(output).contains("APPLICATION FAILED TO START",
				"The property 'spire.%s' is not set.".formatted(name), "It is required",
				"address: spire-server.spire:8081", "trust-domain: example.org",
				"trust-bundle: /run/spire/bundle/bundle.crt", "psat-spring-boot-spire-test",
				"@Import(SimulatedSpireServerConfiguration.class)", "'spire.server.enabled' to 'false'");
	}

	@Test
	void clusterWhenMissingTooIsToldFirst(CapturedOutput output) {
		start(List.of());
		assertThat(output).contains("The property 'spire.psat.cluster' is not set.")
			.doesNotContain("spire.server.address");
	}

	@Test
	void addressWhenAllIsMissingIsToldFirst(CapturedOutput output) {
		start(List.of("spire.psat.cluster=demo-cluster"));
		assertThat(output).contains("The property 'spire.server.address' is not set.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					server.address=_                                     | It is required
					server.address=spire-server                          | host:port
					server.address=https://spire-server:8081             | host:port
					server.address=::1:8081                              | host:port
					server.address=spire-server:0                        | between 1 and 65535
					server.address=spire-server:65536                    | between 1 and 65535
					server.trust-domain=                                 | It is required
					server.trust-domain=Example.org                      | may only contain
					server.trust-domain=spiffe://example.org/path        | may only contain
					server.trust-domain=https://example.org              | may only contain
					server.trust-bundle=                                 | It is required
					server.trust-bundle=https://example.org/bundle.pem   | nor a 'file:' URI
					server.trust-bundle=classpath:bundle.pem             | resource of the class path
					server.trust-bundle=classpath:/bundle.pem            | resource of the class path
					server.trust-bundle=classpath*:bundle.pem            | resource of the class path
					server.attest-timeout=999ms                          | from 1s to 1h
					server.attest-timeout=-1s                            | from 1s to 1h
					server.attest-timeout=3601                           | from 1s to 1h
					svid.refresh-interval=4                              | from 5s to 1h
					svid.refresh-interval=61m                            | from 5s to 1h
					svid.spiffe-id=                                      | not a valid SPIFFE ID
					svid.spiffe-id=orders                                | not a valid SPIFFE ID
					svid.spiffe-id=spiffe://example.com/orders           | trust domain 'example.org'
					svid.spiffe-id=spiffe://example.org                  | whole trust domain
					svid.spiffe-id=spiffe://example.org/spire            | under '/spire'
					svid.spiffe-id=spiffe://example.org/spire/server     | under '/spire'
					svid.spiffe-id=spiffe://example.org/spire/agent/x    | under '/spire'
					svid.hint=                                           | blank
					svid.hint=_                                          | blank
					svid.wait=999ms                                      | from 1s to 1h
					svid.wait=61m                                        | from 1s to 1h
					bundle.name=                                         | blank
					bundle.name=_                                        | blank
					bundle.authorized-clients=orders                     | not a valid SPIFFE ID
					bundle.authorized-clients=spiffe://example.com/bank  | does not belong to the trust domain 'example.org', and 'spire.federates-with' does not list 'example.com'
					federates-with=Partner.org                           | may only contain
					federates-with=spiffe://partner.org/bank             | may only contain
					federates-with=example.org                           | is the trust domain of the SPIRE Server itself
					bundle.authorized-clients=spiffe://example.org/*     | whole trust domain
					bundle.authorized-servers=spiffe://example.org       | whole trust domain
					bundle.authorized-servers=spiffe://example.org/*/a   | may only be the whole last segment
					bundle.authorized-servers=spiffe://example.org/spire/* | under '/spire'
					bundle.authorized-clients-file=                      | blank
					bundle.authorized-servers-file=classpath:/servers    | resource of the class path
					bundle.authorized-servers-file=https://example.org/a | nor a 'file:' URI
					bundle.options.enabled-protocols=TLSv1.1             | not a protocol, or not a secure one
					bundle.options.enabled-protocols=TLSv1.3,tls         | not a protocol, or not a secure one
					bundle.options.ciphers=TLS_NONE                      | is not a cipher suite of this Java platform
					""")
	void propertyWhenBadStopsStartAlsoWhenLazy(String property, String reason) {
		String name = "spire." + property.substring(0, property.indexOf('='));
		String value = property.substring(property.indexOf('=') + 1).replace('_', ' ');
		ApplicationContextRunner bad = this.contextRunner.withPropertyValues(name + "=" + value);
		for (ApplicationContextRunner runner : List.of(bad, lazy(bad))) {
			runner.run((context) -> assertThat(NestedExceptionUtils.getMostSpecificCause(failureOf(context)))
				.isInstanceOf(PsatStartupException.class)
				.hasMessageMatching("(?s)The property '\\Q%s\\E(\\[0])?' has the value '.*".formatted(name))
				.hasMessageContaining(reason)
				.hasMessageEndingWith("."));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					server: { address: '${HOST:nowhere}' }             | server.address        | ${HOST:nowhere}
					server: { trustDomain: Example.org }               | server.trust-domain   | Example.org
					server: { trust-bundle: 'https://example.org/b' }  | server.trust-bundle   | https://example.org/b
					server: { attest-timeout: 2h }                     | server.attest-timeout | 2h
					svid: { refreshInterval: 1 }                       | svid.refresh-interval | 1
					svid: { spiffe-id: 'spiffe://example.com/orders' } | svid.spiffe-id        | spiffe://example.com/orders
					svid: { hint: ' ' }                                | svid.hint             | ' '
					bundle: { authorized-clients: ['spiffe://example.org/bank', orders] } | bundle.authorized-clients[1] | orders
					bundle: { authorizedServers: 'spiffe://example.org/bank, orders' } | bundle.authorized-servers | spiffe://example.org/bank, orders
					""")
	void propertyWhenBadIsShownAsWrittenWithItsPlaceAndWhatToDo(String line, String name, String value,
			@TempDir Path directory, CapturedOutput output) throws IOException {
		Path file = Files.writeString(directory.resolve("application.yaml"), "spire:\n  " + line + "\n");
		List<String> properties = without("spire." + name);
		properties.add("spring.config.location=" + file);
		start(properties);
		assertThat(output)
			.contains("The property 'spire.%s' has the value '%s' (originating from '".formatted(name, value))
			.contains(file + "] - 2:")
			.containsPattern("Action:\\s+(Set it to|List SPIFFE IDs) ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.address=spire-server:1", "server.address=[fe80::1%eth0]:65535",
			"server.address=10.0.0.1:8081", "server.trust-domain=spiffe://example.org",
			"server.trust-bundle=file:/no/such/bundle", "server.trust-bundle=bundle.pem", "server.attest-timeout=1",
			"server.attest-timeout=1h", "server.allow-node-identity=true", "svid.refresh-interval=5s",
			"svid.refresh-interval=60m", "svid.key-type=rsa-2048", "svid.hint=internal",
			"svid.spiffe-id=spiffe://example.org/spires", "svid.spiffe-id=spiffe://example.org/orders/spire/x" })
	void propertyWhenGoodIsTaken(String property) {
		SpireProperties properties = bind(property);
		assertThatNoException().isThrownBy(() -> SpirePropertyRules.identityBuilder(properties, () -> {
			throw new UnsupportedOperationException();
		}, server(properties)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "bundle.name=mine", "svid.wait=1", "svid.wait=1h", "bundle.authorize-any-client=true",
			"bundle.authorized-clients=spiffe://example.org/spires/*,spiffe://example.org/bank",
			"bundle.authorized-servers[0]=spiffe://example.org/ns/shop/sa/orders",
			"bundle.authorized-clients-file=/no/such/clients", "bundle.authorized-servers-file=file:/no/such/servers",
			"bundle.options.enabled-protocols=TLSv1.3",
			"bundle.options.ciphers=TLS_AES_256_GCM_SHA384,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" })
	void propertyOfTheBundleWhenGoodIsTaken(String property) {
		SpireProperties properties = bind(property);
		assertThatNoException().isThrownBy(() -> {
			policies(properties);
			SpirePropertyRules.options(properties);
			SpirePropertyRules.bundleName(properties);
			SpirePropertyRules.svidWait(properties);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "authorized-clients", "authorized-servers" })
	void listTakesWorkloadsOfFederatedTrustDomainsAndNoOthers(String list) {
		String federated = "federates-with=partner.org,spiffe://third.org";
		assertThatNoException().isThrownBy(() -> policies(bind(federated, "bundle." + list + "=spiffe://example.org/"
				+ "bank,spiffe://partner.org/ns/pay/*,spiffe://third.org/bank")));
		Map.of("spiffe://partner.org", "names a whole trust domain", "spiffe://partner.org/*",
				"names a whole trust domain", "spiffe://partner.org/spire/*", "is under '/spire'",
				"spiffe://fourth.org/bank",
				"does not belong to the trust domain 'example.org', and 'spire.federates-with' does not list 'fourth.org'")
			.forEach((pattern, reason) -> assertThatExceptionOfType(PsatStartupException.class)
				.isThrownBy(() -> policies(bind(federated, "bundle." + list + "=" + pattern)))
				.withMessageContaining("spire.bundle." + list)
				.withMessageContaining(reason)
				.satisfies((ex) -> assertThat(ex.action()).contains("'spire.federates-with'")));
	}

	@Test
	void listsDecideOnFederatedTrustDomainsWhetherOrNotTheyNameThem() {
		TrustDomain partner = TrustDomain.of("partner.org");
		PeerLists policies = policies(bind("federates-with=partner.org",
				"bundle.authorized-clients=spiffe://partner.org/bank", "bundle.authorize-any-server=true"));
		assertThat(policies.inbound().trustDomains()).containsExactly(partner);
		assertThat(policies.outbound().trustDomains()).containsExactly(partner);
		SpiffeId bank = SpiffeId.parse("spiffe://partner.org/bank");
		assertThat(policies.inbound().refusal(bank)).isNull();
		assertThat(policies.outbound().refusal(bank)).contains("'spire.bundle.authorized-servers'");
		assertThat(policies.outbound().refusal(SpiffeId.parse("spiffe://example.org/bank"))).isNull();
	}

	/**
	 * An identity of the application knows its own trust domain only once it is there.
	 */
	@Test
	void listOfAnUnknownTrustDomainTakesAnyOtherAndOnlyDecidesOnThoseThatAreNamed() {
		SpireProperties properties = bind("server.trust-domain=", "federates-with=partner.org",
				"bundle.authorized-clients=spiffe://ours.org/bank,spiffe://partner.org/bank,spiffe://fourth.org/bank");
		assertThat(policies(properties).inbound().trustDomains()).containsExactly(TrustDomain.of("partner.org"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "client", "server" })
	void listOfOtherTrustDomainsBesideEverybodyIsNoDryRun(String peer, CapturedOutput output) {
		String any = "bundle.authorize-any-" + peer + "=true";
		String list = "bundle.authorized-" + peer + "s=spiffe://partner.org/bank";
		policies(bind("federates-with=partner.org", any, list));
		assertThat(output).doesNotContain("dry run");
		policies(bind("federates-with=partner.org", any, list + ",spiffe://example.org/bank"));
		assertThat(output).containsOnlyOnce("A dry run of 'spire.bundle.authorized-%ss'".formatted(peer));
	}

	@Test
	void listsAndWaysIntoOneDirectionAreNotThoseOfTheOther() {
		SpiffeId bank = SpiffeId.parse("spiffe://example.org/bank");
		PeerLists listed = policies(bind("bundle.authorized-clients=" + bank));
		assertThat(listed.inbound().refusal(bank)).isNull();
		assertThat(listed.outbound().refusal(bank)).contains("'spire.bundle.authorized-servers', which is empty");
		PeerLists any = policies(bind("bundle.authorize-any-server=true"));
		assertThat(any.outbound().refusal(bank)).isNull();
		assertThat(any.inbound().refusal(bank)).contains("'spire.bundle.authorized-clients', which is empty");
	}

	@ParameterizedTest
	@CsvSource({ "client, server", "server, client" })
	void listBesideEverybodyIsToldToBeADryRun(String any, String other, CapturedOutput output) {
		String list = "=spiffe://example.org/bank";
		policies(bind("bundle.authorize-any-" + other + "=true", "bundle.authorized-" + any + "s" + list));
		assertThat(output).doesNotContain("dry run");
		policies(bind("bundle.authorize-any-" + any + "=true", "bundle.authorized-" + any + "s" + list));
		assertThat(output).containsOnlyOnce(
				"A dry run of 'spire.bundle.authorized-%1$ss': since 'spire.bundle.authorize-any-%1$s' is true, it refuses nobody of the own trust domain"
					.formatted(any));
		policies(bind("bundle.authorize-any-" + any + "=true", "bundle.authorized-" + any + "s-file=/no/such/list"));
		assertThat(output)
			.containsOnlyOnce("A dry run of the file of 'spire.bundle.authorized-%ss-file'".formatted(any));
	}

	@Test
	void durationsWithoutUnitAreOfSecondsAndKeyTypesAreRelaxed() {
		SpireProperties properties = bind("server.attest-timeout=20", "svid.refresh-interval=30",
				"svid.key-type=ec-p384");
		assertThat(properties.getServer().getAttestTimeout()).hasSeconds(20);
		assertThat(properties.getSvid().getRefreshInterval()).hasSeconds(30);
		assertThat(properties.getSvid().getKeyType()).isEqualTo(KeyType.EC_P384);
	}

	private static PeerLists policies(SpireProperties properties) {
		return SpirePropertyRules.peers(properties, properties.getServer().getTrustDomain());
	}

	private static ServerConnection server(SpireProperties properties) {
		return ServerConnection.of(properties.getServer(), null);
	}

	private static SpireProperties bind(String... more) {
		MapConfigurationPropertySource source = new MapConfigurationPropertySource();
		for (String property : GOOD) {
			put(source, property);
		}
		for (String property : more) {
			put(source, "spire." + property);
		}
		return new Binder(source).bindOrCreate("spire", SpireProperties.class);
	}

	private static void put(MapConfigurationPropertySource source, String property) {
		String[] parts = property.split("=", 2);
		source.put(parts[0], parts[1]);
	}

	private static List<String> without(String name) {
		return new ArrayList<>(List.of(GOOD).stream().filter((property) -> !property.startsWith(name + "=")).toList());
	}

	private static ApplicationContextRunner lazy(ApplicationContextRunner runner) {
		return runner.withInitializer(
				(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()));
	}

	private static Throwable failureOf(AssertableApplicationContext context) {
		Throwable failure = context.getStartupFailure();
		assertThat(failure).isNotNull();
		return failure;
	}

	/**
	 * Start as a person does, so that it is seen which analyzer has the word.
	 */
	private static void start(List<String> properties) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatExceptionOfType(Exception.class).isThrownBy(
				() -> application.run(properties.stream().map((property) -> "--" + property).toArray(String[]::new)));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PsatAutoConfiguration.class, SpireAutoConfiguration.class })
	static class Application {

	}

}
