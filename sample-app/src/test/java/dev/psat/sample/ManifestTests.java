package dev.psat.sample;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the manifests of {@code deploy/} agree with each other, with the starter's
 * defaults and with {@code application.yaml}.
 */
class ManifestTests {

	private static final Path DEPLOY = Path.of("deploy");

	private final JsonNode deployment = yaml("deployment.yaml");

	private final JsonNode pod = this.deployment.at("/spec/template/spec");

	private final JsonNode container = this.pod.at("/containers/0");

	@ParameterizedTest
	@ValueSource(strings = { ".", "monitoring" })
	void kustomizationListsEveryManifest(String directory) throws IOException {
		List<String> listed = Manifests.texts(yaml(directory + "/kustomization.yaml").at("/resources"));
		try (Stream<Path> files = Files.list(DEPLOY.resolve(directory))) {
			assertThat(files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith(".yaml") && !name.equals("kustomization.yaml")))
				.containsExactlyInAnyOrderElementsOf(listed);
		}
		assertThat(listed).allSatisfy((file) -> {
			JsonNode manifest = yaml(directory + "/" + file);
			assertThat(manifest.at("/kind").asString()).isNotEmpty();
			assertThat(manifest.at("/metadata/namespace").asString("psat-sample")).isEqualTo("psat-sample");
		});
	}

	@Test
	void tokenIsWhereTheStarterLooksForIt() throws IOException {
		JsonNode token = this.pod.at("/volumes/0/projected/sources/0/serviceAccountToken");
		JsonNode mount = this.container.at("/volumeMounts/0");
		assertThat(mount.at("/name")).isEqualTo(this.pod.at("/volumes/0/name"));
		assertThat(mount.at("/mountPath").asString() + "/" + token.at("/path").asString())
			.isEqualTo(defaultValue("spire.psat.token-path").asString());
		assertThat(token.at("/audience").asString()).isEqualTo(defaultAudience());
		assertThat(token.at("/expirationSeconds").asInt()).isEqualTo(600);
		assertThat(this.container.findValues("subPath")).isEmpty();
		assertThat(this.container.findValues("subPathExpr")).isEmpty();
	}

	@Test
	void noOtherTokenIsMounted() {
		assertThat(this.pod.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
		assertThat(yaml("serviceaccount.yaml").at("/automountServiceAccountToken").asBoolean(true)).isFalse();
		assertThat(this.pod.at("/serviceAccountName")).isEqualTo(yaml("serviceaccount.yaml").at("/metadata/name"));
		assertThat(this.pod.at("/volumes").findValues("serviceAccountToken")).hasSize(1);
	}

	@Test
	void podMeetsTheRestrictedProfile() throws IOException {
		assertThat(yaml("namespace.yaml").at("/metadata/labels").get("pod-security.kubernetes.io/enforce").asString())
			.isEqualTo("restricted");
		JsonNode context = this.pod.at("/securityContext");
		assertThat(context.at("/runAsNonRoot").asBoolean()).isTrue();
		assertThat(context.at("/seccompProfile/type").asString()).isEqualTo("RuntimeDefault");
		assertThat(this.container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
		assertThat(this.container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
		assertThat(Manifests.texts(this.container.at("/securityContext/capabilities/drop"))).containsExactly("ALL");
		assertThat(context.at("/fsGroup").asInt()).isEqualTo(context.at("/runAsGroup").asInt()).isPositive();
		assertThat(Files.readAllLines(DEPLOY.resolve("Dockerfile")))
			.contains("USER " + context.at("/runAsUser").asInt() + ":" + context.at("/runAsGroup").asInt());
	}

	@Test
	void portsAgree() throws IOException {
		int port = applicationYaml().at("/server/port").asInt(defaultValue("server.port").asInt());
		assertThat(this.container.at("/ports/0/containerPort").asInt()).isEqualTo(port);
		int tlsPort = applicationYaml().at("/sample/tls-port").asInt();
		assertThat(this.container.at("/ports/1/containerPort").asInt()).isEqualTo(tlsPort);
		assertThat(Files.readAllLines(DEPLOY.resolve("Dockerfile"))).contains("EXPOSE " + port + " " + tlsPort);
		JsonNode service = yaml("service.yaml");
		assertThat(service.at("/spec/ports/0/targetPort")).isEqualTo(this.container.at("/ports/0/name"));
		assertThat(service.at("/spec/ports/1/targetPort")).isEqualTo(this.container.at("/ports/1/name"));
		assertThat(service.at("/spec/selector")).isEqualTo(this.deployment.at("/spec/template/metadata/labels"))
			.isEqualTo(this.deployment.at("/spec/selector/matchLabels"));
		JsonNode monitor = yaml("monitoring/servicemonitor.yaml").at("/spec");
		assertThat(monitor.at("/endpoints/0/port")).isEqualTo(service.at("/spec/ports/0/name"));
		assertThat(monitor.at("/selector/matchLabels")).isEqualTo(service.at("/metadata/labels"));
	}

	@Test
	void networkPolicyPermitsWhatThePodNeeds() {
		JsonNode policy = yaml("networkpolicy.yaml").at("/spec");
		assertThat(policy.at("/podSelector")).isEqualTo(this.deployment.at("/spec/selector"));
		assertThat(Manifests.texts(policy.at("/policyTypes"))).containsExactly("Ingress", "Egress");
		assertThat(ports(policy.at("/ingress/0/ports")))
			.isEqualTo(Manifests.texts(this.container.at("/ports"), "/name"));
		String[] address = applicationYaml().at("/spire/server/address").asString().split("[.:]");
		JsonNode server = policy.at("/egress/0");
		assertThat(server.at("/to/0/namespaceSelector/matchLabels").get("kubernetes.io/metadata.name").asString())
			.isEqualTo(address[1]);
		assertThat(ports(server.at("/ports"))).containsExactly(address[2]);
		JsonNode itself = policy.at("/egress/1");
		assertThat(itself.at("/to/0/podSelector")).isEqualTo(policy.at("/podSelector"));
		assertThat(ports(itself.at("/ports"))).containsExactly(this.container.at("/ports/1/name").asString());
		assertThat(Manifests.texts(policy.at("/egress/2/ports"), "/protocol")).containsExactly("UDP", "TCP");
	}

	@Test
	void podAuthorizesItselfAlone() {
		JsonNode spire = applicationYaml().at("/spire");
		for (String peers : new String[] { "authorized-clients", "authorized-servers" }) {
			assertThat(spire.at("/bundle/" + peers)
				.asString()
				.replace("${spire.server.trust-domain}", spire.at("/server/trust-domain").asString()))
				.isEqualTo(SimulatedPod.SPIFFE_ID);
		}
	}

	@Test
	void probesAskForBootsGroups() {
		assertThat(applicationYaml().at("/management/endpoint/health/group/readiness/include").asString())
			.isEqualTo("readinessState,spire");

		assertThat(probe("startupProbe")).isEqualTo(probe("livenessProbe")).isEqualTo("http/actuator/health/liveness");
		assertThat(probe("readinessProbe")).isEqualTo("http/actuator/health/readiness");
	}

	@Test
	void spireServerKnowsThePod() throws IOException {
		String cluster = this.container.at("/env/0/value").asString();
		assertThat(this.container.at("/env/0/name").asString()).isEqualTo("SPIRE_PSAT_CLUSTER");
		assertThat(applicationYaml().at("/spire/psat/cluster").asString()).isEqualTo(cluster);
		JsonNode account = yaml("serviceaccount.yaml").at("/metadata");
		String listed = account.at("/namespace").asString() + ":" + account.at("/name").asString();
		assertThat(Files.readString(DEPLOY.resolve("spire/server.conf"))).contains("\"" + cluster + "\" = {",
				"service_account_allow_list = [\"" + listed + "\"]", "audience = [\"" + defaultAudience() + "\"]",
				"use_pod_uid_for_agent_id = true");
	}

	@Test
	void trustBundleIsWhereTheApplicationLooksForIt() throws IOException {
		JsonNode volume = this.pod.at("/volumes/1");
		JsonNode item = volume.at("/configMap/items/0");
		JsonNode mount = this.container.at("/volumeMounts/1");
		assertThat(mount.at("/name")).isEqualTo(volume.at("/name"));
		assertThat(mount.at("/mountPath").asString() + "/" + item.at("/path").asString())
			.isEqualTo(applicationYaml().at("/spire/server/trust-bundle").asString());
		assertThat(Files.readString(DEPLOY.resolve("spire/server.conf"))).contains(
				"namespace = \"" + this.deployment.at("/metadata/namespace").asString() + "\"",
				"configmap_name = \"" + volume.at("/configMap/name").asString() + "\"",
				"configmap_key = \"" + item.at("/key").asString() + "\"", "format = \"pem\"");
	}

	@Test
	void spireServerMayReadThePodAndPublishTheTrustBundle() {
		List<JsonNode> documents = documents("spire/rbac.yaml");
		assertThat(documents).extracting((manifest) -> manifest.at("/kind").asString())
			.containsExactly("Role", "RoleBinding");
		assertThat(documents).extracting((manifest) -> manifest.at("/metadata/namespace"))
			.containsOnly(this.deployment.at("/metadata/namespace"));
		String configMap = this.pod.at("/volumes/1/configMap/name").asString();
		assertThat(documents.get(0).at("/rules").valueStream())
			.extracting((rule) -> Manifests.texts(rule.at("/resources")) + " "
					+ Manifests.texts(rule.at("/resourceNames")) + " " + Manifests.texts(rule.at("/verbs")))
			.containsExactlyInAnyOrder("[pods] [] [get]", "[configmaps] [" + configMap + "] [get, patch]",
					"[configmaps] [] [create]");
		JsonNode binding = documents.get(1);
		assertThat(binding.at("/roleRef/kind").asString()).isEqualTo("Role");
		assertThat(binding.at("/roleRef/name")).isEqualTo(documents.get(0).at("/metadata/name"));
		JsonNode server = binding.at("/subjects/0");
		assertThat(applicationYaml().at("/spire/server/address").asString())
			.startsWith(server.at("/name").asString() + "." + server.at("/namespace").asString() + ":");
	}

	@Test
	void spireServerIsThatOfTheApplication() {
		JsonNode server = applicationYaml().at("/spire/server");
		assertThat(this.container.at("/env/1/name").asString()).isEqualTo("SPIRE_SERVER_ADDRESS");
		assertThat(this.container.at("/env/1/value")).isEqualTo(server.at("/address"));
		assertThat(this.container.at("/env/2/name").asString()).isEqualTo("SPIRE_SERVER_TRUSTDOMAIN");
		assertThat(this.container.at("/env/2/value")).isEqualTo(server.at("/trust-domain"));
	}

	@Test
	void aliasStandsForThePodsOfTheServiceAccountAndHasOneEntry() {
		List<Entry> entries = entriesOfTheController();
		JsonNode account = yaml("serviceaccount.yaml").at("/metadata");
		String namespace = account.at("/namespace").asString();
		String name = account.at("/name").asString();
		assertThat(entries).hasSize(2);
		Entry alias = entries.get(0);
		assertThat(alias.parentId())
			.isEqualTo("spiffe://" + applicationYaml().at("/spire/server/trust-domain").asString() + "/spire/server");
		assertThat(alias.selectors()).containsExactly(
				"k8s_psat:cluster:" + applicationYaml().at("/spire/psat/cluster").asString(),
				"k8s_psat:agent_ns:" + namespace, "k8s_psat:agent_sa:" + name);
		assertThat(entries.get(1)).isEqualTo(new Entry(alias.spiffeId(), SimulatedPod.SPIFFE_ID, name,
				List.of("k8s:ns:" + namespace, "k8s:sa:" + name)));
	}

	@Test
	void commandsCreateTheEntriesOfTheController() throws IOException {
		String commands = Files.readString(DEPLOY.resolve("spire/entries.sh")).replace("\\\n", " ");
		assertThat(commands.lines()
			.filter((line) -> line.startsWith("$SPIRE_SERVER entry create"))
			.map(ManifestTests::entryOfTheCommand)).containsExactlyElementsOf(entriesOfTheController());
		assertThat(DEPLOY.resolve("spire/entries.sh")).isExecutable();
	}

	@Test
	void dashboardIsInTheConfigMap() throws IOException {
		JsonNode generator = yaml("monitoring/kustomization.yaml").at("/configMapGenerator/0");
		assertThat(Manifests.texts(generator.at("/files"))).containsExactly("grafana-dashboard.json");
		JsonNode dashboard = JsonMapper.shared()
			.readTree(Files.readString(DEPLOY.resolve("monitoring/grafana-dashboard.json")));
		assertThat(dashboard.at("/panels").findValues("expr")).hasSizeGreaterThanOrEqualTo(8);
	}

	private static List<Entry> entriesOfTheController() {
		List<Entry> entries = new ArrayList<>();
		for (JsonNode manifest : documents("spire/entries.yaml")) {
			assertThat(manifest.at("/kind").asString()).isEqualTo("ClusterStaticEntry");
			JsonNode spec = manifest.at("/spec");
			entries.add(new Entry(spec.at("/parentID").asString(), spec.at("/spiffeID").asString(),
					spec.at("/hint").asString(""), Manifests.texts(spec.at("/selectors"))));
		}
		return entries;
	}

	private static List<JsonNode> documents(String file) {
		return Manifests.readAll(DEPLOY.resolve(file));
	}

	private static Entry entryOfTheCommand(String command) {
		String parentId = command.contains(" -node ") ? "spiffe://example.org/spire/server"
				: Manifests.options(command, "parentID").get(0);
		return new Entry(parentId, Manifests.options(command, "spiffeID").get(0),
				String.join("", Manifests.options(command, "hint")), Manifests.options(command, "selector"));
	}

	private String probe(String name) {
		JsonNode request = this.container.at("/" + name + "/httpGet");
		return request.at("/port").asString() + request.at("/path").asString();
	}

	private static JsonNode yaml(String file) {
		return Manifests.read(DEPLOY.resolve(file));
	}

	private static JsonNode applicationYaml() {
		return Manifests.read(Path.of("src/main/resources/application.yaml"));
	}

	private static String defaultAudience() throws IOException {
		JsonNode audience = defaultValue("spire.psat.audience");
		return (audience.isArray() ? audience.get(0) : audience).asString();
	}

	/**
	 * Return what the jars on the class path document as a property's default.
	 */
	private static JsonNode defaultValue(String property) throws IOException {
		for (URL metadata : Collections
			.list(ManifestTests.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream content = metadata.openStream()) {
				for (JsonNode candidate : JsonMapper.shared().readTree(content).at("/properties")) {
					if (property.equals(candidate.at("/name").asString()) && candidate.has("defaultValue")) {
						return candidate.get("defaultValue");
					}
				}
			}
		}
		throw new IllegalStateException("No default for " + property);
	}

	private static List<String> ports(JsonNode rules) {
		return Manifests.texts(rules, "/port");
	}

	private record Entry(String parentId, String spiffeId, String hint, List<String> selectors) {

	}

}
