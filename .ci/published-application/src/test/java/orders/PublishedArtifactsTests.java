package orders;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a repository would get of a release.
 */
class PublishedArtifactsTests {

	private static final Path GROUP = Path.of(URI.create(System.getProperty("published"))).resolve("dev/psat");

	private static final List<String> BUILD_PATHS = List
		.of(System.getProperty("build.paths").split(File.pathSeparator));

	private static final List<String> WITHOUT_JAR = List.of("psat-spring-boot", "psat-spring-boot-bom");

	private static final List<String> JARS = List.of("psat-spire", "psat-spire-client", "psat-spring-boot-autoconfigure",
			"psat-spring-boot-spire", "psat-spring-boot-spire-test", "psat-spring-boot-starter",
			"psat-spring-boot-starter-spire", "psat-spring-boot-test", "psat-token");

	@Test
	void areThoseOfTheBillOfMaterialsAndNoOthers() throws Exception {
		List<String> published = new ArrayList<>(JARS);
		published.addAll(WITHOUT_JAR);
		try (Stream<Path> artifacts = Files.list(GROUP)) {
			assertThat(artifacts.filter(Files::isDirectory).map((artifact) -> artifact.getFileName().toString()))
				.containsExactlyInAnyOrderElementsOf(published);
		}
		assertThat(dependencies(pom("psat-spring-boot-bom"))).extracting(Dependency::artifactId)
			.containsExactlyInAnyOrderElementsOf(JARS);
	}

	@ParameterizedTest
	@MethodSource("jars")
	void haveSourcesAndJavadocAndEachTheLicense(String artifact) throws IOException {
		for (String classifier : List.of("", "-sources", "-javadoc")) {
			try (JarFile jar = new JarFile(file(artifact, classifier + ".jar").toFile())) {
				assertThat(jar.getEntry("META-INF/LICENSE")).as(jar.getName()).isNotNull();
				assertThat(jar.stream().filter((entry) -> entry.getName().endsWith(switch (classifier) {
					case "-sources" -> ".java";
					case "-javadoc" -> ".html";
					default -> ".class";
				})).findAny().isPresent()).as(jar.getName()).isEqualTo(!artifact.contains("-starter"));
			}
		}
	}

	@ParameterizedTest
	@MethodSource("jars")
	void sayWhatTheyBringAndWhatTheyMayUse(String artifact) throws Exception {
		try (JarFile jar = new JarFile(file(artifact, ".jar").toFile())) {
			assertThat(jar.stream()
				.map(JarEntry::getName)
				.filter((name) -> name.startsWith("META-INF/sbom/"))
				.filter((name) -> !name.endsWith("/"))).allMatch(("META-INF/sbom/" + artifact + ".cdx.json")::equals);
			JsonNode sbom;
			try (InputStream content = jar.getInputStream(jar.getEntry("META-INF/sbom/" + artifact + ".cdx.json"))) {
				sbom = JsonMapper.shared().readTree(content);
			}
			assertThat(sbom.at("/bomFormat").asString()).isEqualTo("CycloneDX");
			assertThat(sbom.at("/metadata/component/name").asString()).isEqualTo(artifact);
			assertThat(sbom.at("/metadata/component/version").asString()).isEqualTo(version());
			assertThat(sbom.has("serialNumber")).isFalse();
			assertThat(sbom.at("/metadata").has("timestamp")).isFalse();
			List<Dependency> declared = dependencies(pom(artifact)).stream()
				.filter((dependency) -> !dependency.scope().equals("test"))
				.toList();
			assertThat(direct(sbom)).containsExactlyInAnyOrderElementsOf(declared.stream()
				.map((dependency) -> dependency.groupId() + ":" + dependency.artifactId())
				.toList());
			for (JsonNode component : sbom.at("/components")) {
				String name = component.at("/group").asString() + ":" + component.at("/name").asString();
				assertThat(name).doesNotContainIgnoringCase("junit")
					.doesNotContain("test-support", "archunit", "assertj");
				assertThat(component.at("/version").asString()).as(name).isNotEmpty();
				assertThat(component.at("/hashes").isEmpty()).as(name).isFalse();
				declared.stream()
					.filter((dependency) -> name.equals(dependency.groupId() + ":" + dependency.artifactId()))
					.forEach((dependency) -> assertThat(component.at("/scope").asString()).as(name)
						.isEqualTo(dependency.optional() ? "optional" : "required"));
			}
		}
	}

	@Test
	void nameNoPathOfTheMachineThatBuiltThem() throws IOException {
		List<String> findings = new ArrayList<>();
		try (Stream<Path> files = Files.walk(GROUP)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				if (file.toString().endsWith(".jar")) {
					try (JarFile jar = new JarFile(file.toFile())) {
						for (JarEntry entry : jar.stream().toList()) {
							find(file.getFileName() + "!" + entry.getName(), jar.getInputStream(entry), findings);
						}
					}
				}
				else {
					find(file.getFileName().toString(), Files.newInputStream(file), findings);
				}
			}
		}
		assertThat(findings).isEmpty();
	}

	private static void find(String name, InputStream stream, List<String> findings) throws IOException {
		try (InputStream content = stream) {
			String text = new String(content.readAllBytes(), StandardCharsets.ISO_8859_1);
			BUILD_PATHS.stream().filter(text::contains).forEach((path) -> findings.add(name + " names " + path));
		}
	}

	static List<String> jars() {
		return JARS;
	}

	private static TreeSet<String> direct(JsonNode sbom) {
		TreeSet<String> direct = new TreeSet<>();
		String root = sbom.at("/metadata/component/bom-ref").asString();
		for (JsonNode dependency : sbom.at("/dependencies")) {
			if (dependency.at("/ref").asString().equals(root)) {
				for (JsonNode on : dependency.path("dependsOn")) {
					String[] parts = on.asString().replaceFirst("^pkg:maven/", "").split("[/@]");
					direct.add(parts[0] + ":" + parts[1]);
				}
			}
		}
		return direct;
	}

	private static String version() throws IOException {
		try (Stream<Path> versions = Files.list(GROUP.resolve("psat-spring-boot-bom"))) {
			return versions.filter(Files::isDirectory)
				.map((version) -> version.getFileName().toString())
				.findFirst()
				.orElseThrow();
		}
	}

	private static Path pom(String artifact) throws IOException {
		return file(artifact, ".pom");
	}

	/**
	 * Return the only file of this kind: that of a snapshot has a timestamp in its name.
	 */
	private static Path file(String artifact, String suffix) throws IOException {
		String name = Pattern.quote(artifact + "-" + version()).replace("SNAPSHOT", "\\E[0-9]{8}\\.[0-9]{6}-[0-9]+\\Q")
				+ Pattern.quote(suffix);
		try (Stream<Path> files = Files.list(GROUP.resolve(artifact).resolve(version()))) {
			List<Path> found = files.filter((file) -> file.getFileName().toString().matches(name)).toList();
			assertThat(found).as(name).hasSize(1);
			return found.get(0);
		}
	}

	private static List<Dependency> dependencies(Path pom) throws Exception {
		NodeList elements = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(pom.toFile())
			.getElementsByTagName("dependency");
		List<Dependency> dependencies = new ArrayList<>();
		for (int i = 0; i < elements.getLength(); i++) {
			Element element = (Element) elements.item(i);
			dependencies.add(new Dependency(text(element, "groupId"), text(element, "artifactId"),
					text(element, "scope"), text(element, "optional").equals("true")));
		}
		return dependencies;
	}

	private static String text(Element element, String name) {
		NodeList children = element.getElementsByTagName(name);
		return (children.getLength() != 0) ? children.item(0).getTextContent() : "";
	}

	record Dependency(String groupId, String artifactId, String scope, boolean optional) {

	}

}
