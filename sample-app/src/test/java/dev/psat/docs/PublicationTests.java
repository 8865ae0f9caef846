package dev.psat.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that what is said in several places about what is published is the same, and that
 * the page on versions tells of what there is.
 */
class PublicationTests {

	private static final Pattern OWNER = Pattern.compile("<publish\\.(?:repository|developer|email)>.*");

	private static final Pattern SECTIONS = Pattern.compile("\t<url>\\$.*?</issueManagement>", Pattern.DOTALL);

	private static final Pattern PLUGIN = Pattern.compile("<artifactId>([\\w-]+)</artifactId>\\s+<version>([^<]+)<");

	private static final Pattern DEPENDENCY = Pattern
		.compile("<dependency>.*?<artifactId>([\\w-]+)</artifactId>(.*?)</dependency>", Pattern.DOTALL);

	private static final Pattern SKIPPED = Pattern
		.compile("^\t\t<(?:skip\\.published\\.jars|maven\\.(?:install|deploy)\\.skip)>true<", Pattern.MULTILINE);

	private static final Pattern PACKAGE = Pattern.compile("^\\| `(dev\\.psat[\\w.]*)` \\| (.+) \\|$",
			Pattern.MULTILINE);

	private static final Pattern PUBLIC_TYPE = Pattern.compile("^public ", Pattern.MULTILINE);

	/**
	 * The BOM has no parent to inherit it from.
	 */
	@Test
	void ownerOfTheBomIsThatOfTheRest() {
		String root = Markdown.of("pom.xml").text();
		String bom = Markdown.of("psat-spring-boot-bom/pom.xml").text();
		assertThat(Markdown.found(OWNER, bom)).hasSize(3).isEqualTo(Markdown.found(OWNER, root));
		assertThat(Markdown.of("CONTRIBUTING.md").text()).contains("publish.repository", "publish.developer",
				"publish.email");
		assertThat(sections(bom)).contains("<scm>", "<developers>").isEqualTo(sections(root));
	}

	@ParameterizedTest
	@ValueSource(strings = { "psat-spring-boot-bom", ".ci/published-application" })
	void pluginsHaveTheVersionsOfTheRest(String project) {
		Map<String, String> root = plugins("pom.xml");
		assertThat(plugins(project + "/pom.xml")).hasSizeGreaterThan(2)
			.allSatisfy((name, version) -> assertThat(version).as(name).isEqualTo(root.get(name)));
	}

	@Test
	void everyPackageIsSaidToBeApiOrNot() throws Exception {
		Map<String, Boolean> packages = new TreeMap<>();
		for (String module : new String[] { "psat-token", "psat-spring-boot-autoconfigure", "psat-spire",
				"psat-spring-boot-spire", "psat-spire-client", "psat-spring-boot-test",
				"psat-spring-boot-spire-test" }) {
			Path sources = Markdown.ROOT.resolve(module).resolve("src/main/java");
			try (Stream<Path> files = Files.walk(sources)) {
				for (Path file : files.filter((path) -> path.toString().endsWith(".java")).toList()) {
					if (PUBLIC_TYPE.matcher(Files.readString(file)).find()) {
						packages.merge(sources.relativize(file.resolveSibling("")).toString().replace('/', '.'),
								file.toString().endsWith("AutoConfiguration.java"), Boolean::logicalAnd);
					}
				}
			}
		}
		Map<String, String> documented = new TreeMap<>();
		PACKAGE.matcher(Markdown.of("docs/versions.md").text())
			.results()
			.forEach((row) -> documented.put(row.group(1), row.group(2)));
		assertThat(documented.keySet()).isEqualTo(packages.keySet());
		assertThat(documented).allSatisfy((name, api) -> {
			if (name.contains("internal")) {
				assertThat(api).isEqualTo("no");
			}
			else if (name.contains("autoconfigure") || Boolean.TRUE.equals(packages.get(name))) {
				assertThat(api).isEqualTo("only class names");
			}
			else {
				assertThat(api).isIn("yes", "no");
			}
		});
	}

	/**
	 * Above all, no Spring.
	 */
	@ParameterizedTest
	@CsvSource({ "psat-token, jspecify slf4j-api jackson-databind",
			"psat-spire, psat-token psat-spire-client jspecify slf4j-api" })
	void coresRequireNothingElse(String core, String required) {
		assertThat(Markdown.of("pom.xml").text()).doesNotContain("\n\t<dependencies>");
		assertThat(DEPENDENCY.matcher(Markdown.of(core + "/pom.xml").text()).results())
			.filteredOn((dependency) -> !dependency.group(2).contains("<scope>test<"))
			.map((dependency) -> dependency.group(1))
			.containsExactly(required.split(" "));
	}

	/**
	 * By one of three properties alone, something of it would be signed and uploaded.
	 */
	@Test
	void whatIsNotPublishedIsNotPublishedInPart() throws Exception {
		List<Path> unpublished = new ArrayList<>();
		try (Stream<Path> files = Files.find(Markdown.ROOT, 3, (file, attributes) -> file.endsWith("pom.xml"))) {
			for (Path file : files.toList()) {
				Set<String> skipped = Markdown.found(SKIPPED, Files.readString(file));
				if (!skipped.isEmpty()) {
					assertThat(skipped).as(file.toString()).hasSize(3);
					unpublished.add(file);
				}
			}
		}
		assertThat(unpublished).hasSizeGreaterThan(20);
	}

	/**
	 * The plugin that uploads demands credentials even where it skips everything.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "pom.xml", "psat-spring-boot-bom/pom.xml" })
	void uploadIsNoPartOfADeploymentUnlessAskedFor(String file) {
		String pom = Markdown.of(file).text();
		assertThat(pom.split("central-publishing-maven-plugin</artifactId>\\s+<version>|</plugin>"))
			.filteredOn((part) -> part.contains("<goal>publish</goal>"))
			.singleElement()
			.asString()
			.contains("<phase>${publish.phase}</phase>");
		assertThat(property(pom, "publish.phase")).isEqualTo("none");
		assertThat(property(pom.substring(pom.lastIndexOf("<id>publish</id>")), "publish.phase")).isEqualTo("deploy");
	}

	@Test
	void versionsAreThoseOfTheBuild() {
		String page = Markdown.of("docs/versions.md").text();
		String ci = Markdown.of(".ci/run").text();
		assertThat(page).contains("compiled against " + property(Markdown.of("pom.xml").text(), "spring-boot.version"))
			.contains(" on " + variable(ci, "boot40") + " and " + variable(ci, "boot41"));
	}

	/**
	 * Return what is said of the project, but for how modules inherit it.
	 */
	private static String sections(String pom) {
		return String.join("", Markdown.found(SECTIONS, pom)).replaceAll("\\s+child\\.[\\w.]+=\"false\"", "");
	}

	private static Map<String, String> plugins(String pom) {
		Map<String, String> plugins = new TreeMap<>();
		PLUGIN.matcher(Markdown.of(pom).text()).results().forEach((plugin) -> {
			if (plugin.group(1).contains("plugin")) {
				plugins.put(plugin.group(1), resolved(plugin.group(2)));
			}
		});
		return plugins;
	}

	private static String resolved(String version) {
		return version.startsWith("${")
				? property(Markdown.of("pom.xml").text(), version.substring(2, version.length() - 1)) : version;
	}

	private static String property(String pom, String name) {
		return pom.split("<" + name + ">")[1].split("<")[0];
	}

	private static String variable(String script, String name) {
		return script.split("\n" + name + "=")[1].split("\n")[0];
	}

}
