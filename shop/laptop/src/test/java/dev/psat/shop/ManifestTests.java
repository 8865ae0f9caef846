package dev.psat.shop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the manifests of {@code deploy/} agree with each other and with the
 * services.
 */
class ManifestTests {

	private static final Pattern OPTION = Pattern.compile("-(spiffeID|parentID|selector|hint) (\\S+)");

	@Test
	void kustomizationListsEveryManifest() throws IOException {
		try (Stream<Path> files = Files.list(Manifests.DEPLOY)) {
			assertThat(files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith(".yaml") && !name.equals("kustomization.yaml")))
				.containsExactlyInAnyOrderElementsOf(Manifests.texts(kustomization().at("/resources")));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders", "inventory" })
	void everythingIsOfTheService(String service) {
		assertThat(Manifests.documents(service + ".yaml")).hasSize(3).allSatisfy((manifest) -> {
			assertThat(manifest.at("/metadata/name").asString()).isEqualTo(service);
			assertThat(manifest.at("/metadata/namespace").asString()).isEqualTo("shop");
		});
		JsonNode spec = Manifests.manifest(service + ".yaml", "Deployment").at("/spec");
		assertThat(pod(service).at("/serviceAccountName").asString()).isEqualTo(service);
		assertThat(container(service).at("/image").asString()).isEqualTo("shop-" + service);
		assertThat(kustomization().at("/images").findValuesAsString("name")).contains("shop-" + service);
		assertThat(Manifests.manifest(service + ".yaml", "Service").at("/spec/selector"))
			.isEqualTo(spec.at("/selector/matchLabels"))
			.isEqualTo(spec.at("/template/metadata/labels"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders", "inventory" })
	void tokenAndTrustBundleAreWhereTheServiceLooksForThem(String service) {
		JsonNode token = volume(service, "spire-token").at("/projected/sources/0/serviceAccountToken");
		assertThat(mountPath(service, "spire-token") + "/" + token.at("/path").asString())
			.isEqualTo("/var/run/secrets/tokens/spire-agent");
		assertThat(token.at("/audience").asString()).isEqualTo("spire-server");
		assertThat(mountPath(service, "spire-bundle") + "/bundle.crt")
			.isEqualTo(Manifests.application(service).at("/spire/server/trust-bundle").asString());
		assertThat(container(service).findValues("subPath")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders", "inventory" })
	void podMeetsTheRestrictedProfile(String service) throws IOException {
		JsonNode context = pod(service).at("/securityContext");
		JsonNode own = container(service).at("/securityContext");
		assertThat(context.at("/runAsNonRoot").asBoolean()).isTrue();
		assertThat(context.at("/seccompProfile/type").asString()).isEqualTo("RuntimeDefault");
		assertThat(context.at("/fsGroup").asInt()).isEqualTo(context.at("/runAsGroup").asInt()).isPositive();
		assertThat(own.at("/allowPrivilegeEscalation").asBoolean(true)).isFalse();
		assertThat(Manifests.texts(own.at("/capabilities/drop"))).containsExactly("ALL");
		assertThat(pod(service).at("/automountServiceAccountToken").asBoolean(true)).isFalse();
		assertThat(Files.readAllLines(Manifests.DEPLOY.resolve("Dockerfile")))
			.contains("USER " + context.at("/runAsUser").asInt() + ":" + context.at("/runAsGroup").asInt());
	}

	@Test
	void portsAreThoseOfTheServices() {
		JsonNode inventory = Manifests.application("inventory");
		assertThat(port("inventory", "tls")).isEqualTo(inventory.at("/server/port").asInt());
		assertThat(port("inventory", "management")).isEqualTo(inventory.at("/management/server/port").asInt());
		assertThat(port("orders", "http")).isEqualTo(Manifests.application("orders").at("/server/port").asInt(8080));
		JsonNode service = Manifests.manifest("inventory.yaml", "Service");
		assertThat(service.at("/spec/ports/0/targetPort").asString()).isEqualTo("tls");
		assertThat(Manifests.application("orders").at("/inventory.url").asString())
			.isEqualTo("https://inventory.%s:%d".formatted(service.at("/metadata/namespace").asString(),
					port("inventory", "tls")))
			.endsWith(":" + service.at("/spec/ports/0/port").asInt());
	}

	@Test
	void probesNeedNoCertificateAndBearWithTheWait() {
		for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
			assertThat(container("inventory").at("/" + probe + "/httpGet/port").asString()).isEqualTo("management");
			assertThat(container("orders").at("/" + probe + "/httpGet/port").asString()).isEqualTo("http");
		}
		JsonNode startup = container("inventory").at("/startupProbe");
		assertThat(startup.at("/periodSeconds").asInt() * startup.at("/failureThreshold").asInt()).isEqualTo(6 * 60);
	}

	@Test
	void listIsWhereTheInventoryLooksForIt() {
		JsonNode generator = kustomization().at("/configMapGenerator/0");
		assertThat(volume("inventory", "peers").at("/configMap/name")).isEqualTo(generator.at("/name"));
		Path file = Path.of(generator.at("/files/0").asString());
		assertThat(Manifests.DEPLOY.resolve(file)).exists();
		assertThat(mountPath("inventory", "peers") + "/" + file.getFileName())
			.isEqualTo(Manifests.application("inventory").at("/spire/bundle/authorized-clients-file").asString());
	}

	@Test
	void listsNameThoseWhoHaveAnEntry() throws IOException {
		assertThat(Files.readAllLines(Manifests.DEPLOY.resolve("peers/clients"))).contains(spiffeId("orders"));
		assertThat(Manifests.application("orders").at("/spire/bundle/authorized-servers").asString())
			.isEqualTo(spiffeId("inventory"));
		assertThat(Manifests.documents("spire/entries.yaml"))
			.extracting((entry) -> entry.at("/spec/spiffeID").asString())
			.contains(spiffeId("orders"), spiffeId("inventory"));
	}

	@Test
	void commandsCreateTheEntriesOfTheController() throws IOException {
		String commands = Files.readString(Manifests.DEPLOY.resolve("spire/entries.sh"));
		String loop = commands.substring(commands.indexOf("; do\n"), commands.indexOf("done"));
		assertThat(Stream.of("orders", "inventory")
			.flatMap((account) -> OPTION.matcher(loop.replace("$account", account))
				.results()
				.map((option) -> option.group(1) + " " + option.group(2))))
			.containsExactlyElementsOf(Manifests.documents("spire/entries.yaml")
				.stream()
				.flatMap((entry) -> options(entry.at("/spec")))
				.toList());
	}

	@Test
	void spireServerKnowsBothAndPublishesTheTrustBundle() throws IOException {
		JsonNode spire = Manifests.application("orders").at("/spire");
		assertThat(Manifests.application("inventory").at("/spire/server")).isEqualTo(spire.at("/server"));
		assertThat(Files.readString(Manifests.DEPLOY.resolve("spire/server.conf"))).contains(
				"\"" + spire.at("/psat/cluster").asString() + "\" = {",
				"service_account_allow_list = [\"shop:orders\", \"shop:inventory\"]", "audience = [\"spire-server\"]",
				"use_pod_uid_for_agent_id = true", "namespace = \"shop\"",
				"configmap_name = \"" + volume("orders", "spire-bundle").at("/configMap/name").asString() + "\"",
				"configmap_key = \"bundle.crt\"");
		assertThat(Files.readString(Manifests.DEPLOY.resolve("spire/rbac.yaml"))).isEqualTo(
				Files.readString(Path.of("../../sample-app/deploy/spire/rbac.yaml")).replace("psat-sample", "shop"));
	}

	private static Stream<String> options(JsonNode entry) {
		boolean alias = entry.at("/parentID").asString().endsWith("/spire/server");
		Stream<String> parent = alias ? Stream.of() : Stream.of("parentID " + entry.at("/parentID").asString());
		Stream<String> hint = alias ? Stream.of() : Stream.of("hint " + entry.at("/hint").asString());
		Stream<String> selectors = Manifests.texts(entry.at("/selectors")).stream().map("selector "::concat);
		return Stream.of(parent, Stream.of("spiffeID " + entry.at("/spiffeID").asString()), hint, selectors)
			.flatMap((part) -> part);
	}

	private static String spiffeId(String account) {
		return "spiffe://%s/ns/shop/sa/%s"
			.formatted(Manifests.application(account).at("/spire/server/trust-domain").asString(), account);
	}

	private static JsonNode kustomization() {
		return Manifests.documents("kustomization.yaml").get(0);
	}

	private static JsonNode pod(String service) {
		return Manifests.manifest(service + ".yaml", "Deployment").at("/spec/template/spec");
	}

	private static JsonNode container(String service) {
		return pod(service).at("/containers/0");
	}

	private static int port(String service, String name) {
		return named(container(service).at("/ports"), name).at("/containerPort").asInt();
	}

	private static JsonNode volume(String service, String name) {
		return named(pod(service).at("/volumes"), name);
	}

	private static String mountPath(String service, String volume) {
		return named(container(service).at("/volumeMounts"), volume).at("/mountPath").asString();
	}

	private static JsonNode named(JsonNode array, String name) {
		return array.valueStream()
			.filter((element) -> element.at("/name").asString().equals(name))
			.findFirst()
			.orElseThrow();
	}

}
