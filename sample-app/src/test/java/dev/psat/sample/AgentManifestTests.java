package dev.psat.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code deploy-agent/} changes what {@code deploy/} has.
 */
class AgentManifestTests {

	private static final Path DEPLOY = Path.of("deploy-agent");

	private static final Path BASE = Path.of("deploy");

	private static final String PATCH = "$patch";

	/** Who may apply it decides about identities. */
	private static final String ENTRY = "clusterspiffeid.yaml";

	private static final String COMMANDS = "entry.sh";

	private final JsonNode pod = pod(DEPLOY);

	private final JsonNode container = this.pod.at("/containers/0");

	private final JsonNode basePod = pod(BASE);

	private final JsonNode baseContainer = this.basePod.at("/containers/0");

	@Test
	void kustomizationListsEveryPatch() throws IOException {
		JsonNode kustomization = Manifests.read(DEPLOY.resolve("kustomization.yaml"));
		assertThat(DEPLOY.resolve(kustomization.at("/resources/0").asString()).normalize()).isEqualTo(BASE);
		try (Stream<Path> files = Files.list(DEPLOY)) {
			assertThat(files.map((file) -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(
					Stream.concat(Stream.of("kustomization.yaml", ENTRY, COMMANDS), patches(kustomization)).toList());
		}
		JsonNode base = Manifests.read(BASE.resolve("deployment.yaml"));
		JsonNode patch = Manifests.read(DEPLOY.resolve("deployment.yaml"));
		assertThat(patch.at("/kind")).isEqualTo(base.at("/kind"));
		assertThat(patch.at("/metadata/name")).isEqualTo(base.at("/metadata/name"));
		assertThat(this.container.at("/name")).isEqualTo(this.baseContainer.at("/name"));
	}

	private static Stream<String> patches(JsonNode kustomization) {
		return Manifests.texts(kustomization.at("/patches"), "/path").stream();
	}

	@Test
	void whatIsRemovedIsThere() {
		assertThat(removed(this.container.at("/env"), "name"))
			.isSubsetOf(Manifests.texts(this.baseContainer.at("/env"), "/name"));
		assertThat(removed(this.container.at("/volumeMounts"), "mountPath"))
			.isSubsetOf(Manifests.texts(this.baseContainer.at("/volumeMounts"), "/mountPath"));
		assertThat(removed(this.pod.at("/volumes"), "name"))
			.isSubsetOf(Manifests.texts(this.basePod.at("/volumes"), "/name"));
	}

	@Test
	void neitherTokenNorTrustBundleIsLeft() {
		List<String> volumes = left(this.basePod.at("/volumes"), this.pod.at("/volumes"), "name");
		assertThat(volumes).containsExactly("tmp");
		List<String> mounts = left(this.baseContainer.at("/volumeMounts"), this.container.at("/volumeMounts"),
				"mountPath");
		assertThat(this.baseContainer.at("/volumeMounts")
			.valueStream()
			.filter((mount) -> mounts.contains(mount.at("/mountPath").asString()))
			.map((mount) -> mount.at("/name").asString())).containsExactlyElementsOf(volumes);
	}

	/**
	 * Two doors in one property source stop the start.
	 */
	@Test
	void environmentNamesOneDoor() {
		assertThat(left(this.baseContainer.at("/env"), this.container.at("/env"), "name"))
			.containsExactly("SPIRE_SERVER_TRUSTDOMAIN");
		assertThat(added(this.container.at("/env"), "name")).containsExactly("SPIRE_WORKLOADAPI_SOCKET");
	}

	@Test
	void socketIsInTheDirectoryOfTheDriver() {
		JsonNode mount = this.container.at("/volumeMounts/0");
		JsonNode volume = this.pod.at("/volumes/0");
		assertThat(mount.at("/name")).isEqualTo(volume.at("/name"));
		assertThat(mount.at("/readOnly").asBoolean()).isTrue();
		assertThat(mount.has("subPath")).isFalse();
		assertThat(volume.at("/csi/driver").asString()).isEqualTo("csi.spiffe.io");
		assertThat(volume.at("/csi/readOnly").asBoolean()).isTrue();
		assertThat(this.pod.findValues("hostPath")).isEmpty();
		assertThat(this.container.at("/env/0/value").asString())
			.matches("unix://" + mount.at("/mountPath").asString() + "/[^/]+");
	}

	@Test
	void networkPolicyClosesTheWayToTheServer() {
		JsonNode patch = Manifests.read(DEPLOY.resolve("networkpolicy.yaml"));
		JsonNode base = Manifests.read(BASE.resolve("networkpolicy.yaml"));
		assertThat(Manifests.texts(patch, "/op")).containsExactly("test", "remove");
		assertThat(base.at(patch.at("/0/path").asString())).isEqualTo(patch.at("/0/value"));
		assertThat(patch.at("/0/path").asString()).startsWith(patch.at("/1/path").asString() + "/");
		assertThat(base.at(patch.at("/1/path").asString() + "/to/0/namespaceSelector/matchLabels")
			.get("kubernetes.io/metadata.name")
			.asString()).isEqualTo("spire");
		assertThat(base.at(patch.at("/1/path").asString() + "/to")).hasSize(1);
	}

	@Test
	void entryIsThatOfThePod() {
		JsonNode spec = Manifests.read(DEPLOY.resolve(ENTRY)).at("/spec");
		JsonNode deployment = Manifests.read(BASE.resolve("deployment.yaml"));
		JsonNode namespace = deployment.at("/metadata/namespace");
		assertThat(spec.at("/spiffeIDTemplate")
			.asString()
			.replace("{{ .TrustDomain }}", "example.org")
			.replace("{{ .PodMeta.Namespace }}", namespace.asString())
			.replace("{{ .PodSpec.ServiceAccountName }}", this.basePod.at("/serviceAccountName").asString()))
			.isEqualTo(SimulatedPod.SPIFFE_ID);
		assertThat(spec.at("/podSelector")).isEqualTo(deployment.at("/spec/selector"));
		assertThat(spec.at("/namespaceSelector/matchLabels").get("kubernetes.io/metadata.name")).isEqualTo(namespace);
	}

	@Test
	void commandsCreateTheEntryOfThePod() throws IOException {
		String[] commands = Files.readString(DEPLOY.resolve(COMMANDS)).replace("\\\n", " ").split("entry create");
		assertThat(commands).hasSize(3);
		assertThat(Manifests.options(commands[1], "spiffeID")).isEqualTo(Manifests.options(commands[2], "parentID"));
		assertThat(Manifests.options(commands[2], "spiffeID")).containsExactly(SimulatedPod.SPIFFE_ID);
		assertThat(Manifests.options(commands[2], "selector")).containsExactly(
				"k8s:ns:" + Manifests.read(BASE.resolve("deployment.yaml")).at("/metadata/namespace").asString(),
				"k8s:sa:" + this.basePod.at("/serviceAccountName").asString());
		assertThat(DEPLOY.resolve(COMMANDS)).isExecutable();
	}

	private static JsonNode pod(Path directory) {
		return Manifests.read(directory.resolve("deployment.yaml")).at("/spec/template/spec");
	}

	private static List<String> left(JsonNode base, JsonNode patch, String key) {
		List<String> removed = removed(patch, key);
		return Manifests.texts(base, "/" + key).stream().filter((name) -> !removed.contains(name)).toList();
	}

	private static List<String> removed(JsonNode list, String key) {
		return list.valueStream()
			.filter((item) -> item.path(PATCH).asString("").equals("delete"))
			.map((item) -> item.path(key).asString())
			.toList();
	}

	private static List<String> added(JsonNode list, String key) {
		return list.valueStream().filter((item) -> !item.has(PATCH)).map((item) -> item.path(key).asString()).toList();
	}

}
