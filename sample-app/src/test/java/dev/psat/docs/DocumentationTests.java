package dev.psat.docs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.docs.Markdown.Block;
import dev.psat.docs.Markdown.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.convert.DurationStyle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the documentation prints what is compiled, and speaks of what there is.
 */
class DocumentationTests {

	private static final Path SNIPPETS = Path.of("src/test/java/dev/psat/docs");

	private static final List<Markdown> PAGES_OF_PRODUCTS = Stream.of("kafka", "postgresql", "rabbitmq", "redis")
		.map((product) -> Markdown.of("docs/" + product + ".md"))
		.toList();

	private static final String PRODUCTS = "product-tests/";

	private static final String SHOP = "shop/";

	private static final Pattern PACKAGE_AND_IMPORTS = Pattern.compile("\\Apackage .*;\n\n(?:import .*;\n+)*");

	private static final Pattern COORDINATES = Pattern.compile("dev\\.psat:(psat-[a-z-]+):([\\w.-]+)");

	private static final Pattern ENTRY_OPTION = Pattern.compile("-(?:spiffeID|parentID|selector|hint) \\S+");

	private static final Pattern SYMPTOM = Pattern.compile("^\\| ([^|]+) \\|.*\\|$", Pattern.MULTILINE);

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	private static final List<String> MESSAGES_OF_OTHERS = List.of("No appropriate protocol", "Received fatal alert",
			"certificate_required", "PKIX path building failed", "SSLPeerUnverifiedException",
			"Certificate subject for", "SSL bundle name 'spire' cannot be found", "io.netty.", "reactor.netty.",
			"bad_certificate", "No aliases for private keys", "is using [spiffe_jwt] instead",
			"WebClientRequestException", "[invalid_client]", "No subject alternative DNS name matching",
			"No subject alternative names matching IP address", "No name matching");

	@Test
	void readmeIsShort() {
		assertThat(Markdown.of("README.md").words()).isLessThanOrEqualTo(700);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			agent, 600
			aot, 400
			classic-servers, 700
			federation, 1300
			kafka, 500
			kubernetes, 900
			metrics, 1300
			migrate-from-a-classic-ca, 700
			oauth, 1800
			other-systems, 900
			performance, 900
			plain-java, 500
			postgresql, 500
			publishing, 300
			rabbitmq, 500
			redis, 500
			rotate-authorities, 1000
			rotation, 900
			servers-and-clients, 1500
			spire-agent, 1500
			spire-server, 2000
			testing, 1600
			tls, 2500
			token, 600
			two-services, 700
			who-may-call, 1300
			""")
	void pageIsShort(String page, int words) {
		assertThat(Markdown.of("docs/" + page + ".md").words()).isLessThanOrEqualTo(words);
	}

	@Test
	void contributingIsShort() {
		assertThat(Markdown.of("CONTRIBUTING.md").words()).isLessThanOrEqualTo(1800);
	}

	@Test
	void guideIsShort() throws IOException {
		assertThat(Markdown.all().stream().filter(Markdown::isOfTheGuide).mapToInt(Markdown::words).sum())
			.isLessThanOrEqualTo(32_000);
	}

	@ParameterizedTest
	@MethodSource("dev.psat.docs.Markdown#all")
	void sentencesAreShort(Markdown page) {
		assertThat(page.sentencesLongerThan(35)).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("dev.psat.docs.Markdown#all")
	void javaIsCompiled(Markdown page) {
		assertThat(page.blocks("java")).allSatisfy((block) -> assertThat(block.content()).isEqualTo(snippet(block)));
	}

	/**
	 * Recipes for products, which the product tests read from the same files.
	 */
	@Test
	void configurationOfProductsIsThatOfTheirTests() {
		assertThat(Stream.of("yaml", "properties", "ini", "json")
			.flatMap((language) -> PAGES_OF_PRODUCTS.stream().flatMap((page) -> page.blocks(language).stream())))
			.isNotEmpty()
			.allSatisfy((block) -> assertThat(Files.readString(Markdown.ROOT.resolve(block.snippet())))
				.isEqualTo(block.content()));
	}

	@Test
	void configurationOfTheShopIsThatOfItsServices() {
		assertThat(Markdown.of("shop/README.md").blocks("yaml")).isNotEmpty()
			.allSatisfy((block) -> assertThat(Files.readString(Markdown.ROOT.resolve(block.snippet())))
				.isEqualTo(block.content()));
	}

	/**
	 * Whoever reads README has no example to look imports up in.
	 */
	@Test
	void javaInReadmeShowsItsImports() {
		assertThat(Markdown.of("README.md").blocks("java")).isNotEmpty()
			.allSatisfy((block) -> assertThat(block.content()).startsWith("import "));
	}

	@ParameterizedTest
	@CsvSource({ "psat-spring-boot-test, dev/psat/test/SimulatedKubelet, orders/TokenFileTests.java#plain",
			"psat-spring-boot-test, dev/psat/test/SimulatedKubeletConfiguration, orders/LaptopTests.java#laptop",
			"psat-spring-boot-spire-test, dev/psat/spire/test/SimulatedSpireServerConfiguration, spire/LaptopTests.java#laptop" })
	void exampleInJavadocIsCompiled(String module, String type, String snippet) throws IOException {
		String example = Files
			.readString(Markdown.ROOT.resolve(module).resolve("src/main/java").resolve(type + ".java"))
			.transform((source) -> between(source, "<pre class=\"code\">\n", " * </pre>"))
			.lines()
			.map((line) -> line.replaceFirst("^ \\* ?", "").replace("&#064;", "@"))
			.collect(Collectors.joining("\n", "", "\n"));
		assertThat(example).isEqualTo(snippet(new Block(snippet, "")));
	}

	@ParameterizedTest
	@MethodSource("dev.psat.docs.Markdown#all")
	void linksLeadSomewhere(Markdown page) {
		assertThat(page.links()).allSatisfy((link) -> {
			String[] parts = link.split("#", 2);
			Path target = parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]);
			assertThat(target).exists();
			if (parts.length > 1) {
				assertThat(Markdown.of(Markdown.ROOT.relativize(target.normalize()).toString()).anchors())
					.contains(parts[1]);
			}
		});
	}

	@ParameterizedTest
	@MethodSource("dev.psat.docs.Markdown#all")
	void figuresAreThoseThatWereMeasured(Markdown page) {
		assertThat(Stream.concat(page.results().stream(), page.figures().stream())).allSatisfy(
				(quote) -> assertThat(quote.files()).map((file) -> Markdown.of("benchmarks/results/" + file).text())
					.anyMatch(quote::isIn));
	}

	/**
	 * Tables of one result can look alike: one in the place of another would be right by
	 * its figures.
	 */
	@ParameterizedTest
	@MethodSource("dev.psat.docs.Markdown#all")
	void noResultIsQuotedTwice(Markdown page) {
		assertThat(page.results()).doesNotHaveDuplicates();
	}

	@Test
	void propertyTableIsThatOfTheMetadata() throws IOException {
		Map<String, String> documented = new TreeMap<>();
		for (Row row : Markdown.of("docs/properties.md").rows()) {
			if (row.name().startsWith("spire.")) {
				documented.put(row.name(), row.value());
			}
		}
		assertThat(documented).isEqualTo(properties());
	}

	@Test
	void dependencyHasTheVersionOfTheBuild() throws IOException {
		String pom = Files.readString(Markdown.ROOT.resolve("psat-spring-boot-starter/pom.xml"));
		String version = between(pom, "<version>", "</version>");
		assertThat(Markdown.of("README.md").blocks("xml")).singleElement()
			.satisfies(
					(block) -> assertThat(block.content()).contains("<version>" + version + "</version>", "<artifactId>"
							+ between(pom.substring(pom.indexOf("</parent>")), "<artifactId>", "</artifactId>")));
	}

	@ParameterizedTest
	@MethodSource("dev.psat.docs.Markdown#all")
	void coordinatesAreThoseOfTheBuild(Markdown page) {
		assertThat(COORDINATES.matcher(page.text()).results()).allSatisfy((coordinates) -> {
			String pom = Files.readString(Markdown.ROOT.resolve(coordinates.group(1)).resolve("pom.xml"));
			assertThat(coordinates.group(2)).isEqualTo(between(pom, "<version>", "</version>"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "README.md", "docs/kubernetes.md" })
	void podHasTheTokenWhereTheStarterLooksForIt(String page) throws IOException {
		Map<String, String> defaults = properties();
		assertThat(Markdown.of(page).blocks("yaml")).map((block) -> yaml(block.content()))
			.filteredOn((yaml) -> yaml.has("spec"))
			.singleElement()
			.satisfies((yaml) -> {
				JsonNode token = yaml.at("/spec/volumes/0/projected/sources/0/serviceAccountToken");
				JsonNode mount = yaml.at("/spec/containers/0/volumeMounts/0");
				assertThat(mount.at("/name")).isEqualTo(yaml.at("/spec/volumes/0/name"));
				assertThat(mount.at("/mountPath").asString() + "/" + token.at("/path").asString())
					.isEqualTo(defaults.get("spire.psat.token-path"));
				assertThat(token.at("/audience").asString()).isEqualTo(defaults.get("spire.psat.audience"));
				assertThat(token.at("/expirationSeconds").asInt()).isEqualTo(600);
				assertThat(yaml.at("/spec/securityContext/fsGroup").asInt()).isPositive();
			});
	}

	@Test
	void podHasTheTrustBundleWhereTheApplicationLooksForIt() {
		List<JsonNode> yaml = Markdown.of("docs/spire-server.md")
			.blocks("yaml")
			.stream()
			.map((block) -> yaml(block.content()))
			.toList();
		JsonNode server = yaml.get(0).at("/spire/server");
		JsonNode pod = yaml.get(1).at("/spec");
		assertThat(pod.at("/containers/0/volumeMounts/0/name")).isEqualTo(pod.at("/volumes/0/name"));
		assertThat(server.at("/trust-bundle").asString())
			.startsWith(pod.at("/containers/0/volumeMounts/0/mountPath").asString() + "/");
	}

	@Test
	void startupProbeBearsWithTheWaitForTheFirstSvid() throws IOException {
		Duration wait = DurationStyle.detectAndParse(properties().getOrDefault("spire.svid.wait", ""));
		JsonNode service = yaml(Markdown.of("docs/two-services.md").blocks("yaml").get(0).content());
		assertThat(Markdown.of("docs/servers-and-clients.md").blocks("yaml")).map((block) -> yaml(block.content()))
			.filteredOn((block) -> block.has("spec"))
			.singleElement()
			.satisfies((pod) -> {
				JsonNode container = pod.at("/spec/containers/0");
				JsonNode startup = container.at("/startupProbe");
				assertThat(Duration
					.ofSeconds(startup.at("/periodSeconds").asLong() * startup.at("/failureThreshold").asLong()))
					.isEqualTo(wait.plusMinutes(1));
				assertThat(Stream.of("startup", "liveness", "readiness")
					.map((probe) -> container.at("/" + probe + "Probe/httpGet/port")))
					.containsOnly(service.at("/management/server/port"));
			});
	}

	/**
	 * What the first column of the symptoms quotes, but for what others say: holes are
	 * ellipses.
	 */
	@Test
	void messagesAreThoseOfTheCode() throws IOException {
		String code = sources("psat-spring-boot-spire") + sources("psat-spire") + sources("psat-spire-client")
				+ sources("psat-spring-boot-autoconfigure") + sources("psat-token");
		List<String> messages = SYMPTOM.matcher(Markdown.of("docs/troubleshooting.md").text())
			.results()
			.flatMap((row) -> CODE.matcher(row.group(1)).results())
			.map((message) -> message.group(1))
			.filter((message) -> MESSAGES_OF_OTHERS.stream().noneMatch(message::contains))
			.toList();
		assertThat(messages).hasSizeGreaterThan(100)
			.flatMap((message) -> List.of(message.split("…")))
			.allSatisfy((part) -> assertThat(code).contains(part.strip()));
	}

	@Test
	void entriesAreThoseOfTheSample() throws IOException {
		String commands = Files.readString(Path.of("deploy/spire/entries.sh"));
		assertThat(Markdown.of("docs/spire-server.md").blocks("sh")).first()
			.satisfies((block) -> assertThat(options(block.content())).isNotEmpty().isEqualTo(options(commands)));
	}

	/**
	 * What an update leaves out, the server deletes.
	 */
	@Test
	void entryThatFederatesIsThatOfTheSampleInEverythingElse() throws IOException {
		String create = Files.readString(Path.of("deploy/spire/entries.sh")).split("entry create ")[2];
		assertThat(Markdown.of("docs/federation.md").blocks("sh")).first()
			.satisfies((block) -> assertThat(options(block.content())).isNotEmpty().isEqualTo(options(create)));
	}

	@Test
	void alertsAreThoseOfTheSample() throws IOException {
		Map<String, JsonNode> rules = new TreeMap<>();
		yaml(Files.readString(Path.of("deploy/monitoring/prometheus-rules.yaml"))).at("/spec/groups/0/rules")
			.forEach((rule) -> rules.put(rule.at("/alert").asString(), rule));
		assertThat(yaml(Markdown.of("docs/metrics.md").blocks("yaml").get(0).content())).isNotEmpty()
			.allSatisfy((alert) -> {
				JsonNode rule = rules.getOrDefault(alert.at("/alert").asString(), alert.at("/missing"));
				assertThat(alert.at("/expr")).isEqualTo(rule.at("/expr"));
				assertThat(alert.at("/for")).isEqualTo(rule.at("/for"));
			});
	}

	@Test
	void spireServerIsConfiguredAsInTheSample() throws IOException {
		List<String> configuration = Files.readString(Path.of("deploy/spire/server.conf"))
			.lines()
			.map(String::strip)
			.toList();
		assertThat(Markdown.of("docs/spire-server.md").blocks("hcl")).isNotEmpty()
			.allSatisfy((block) -> assertThat(configuration)
				.containsAll(block.content().lines().map(String::strip).toList()));
	}

	/**
	 * Return the Java of a module, with its strings in one piece.
	 */
	private static String sources(String module) throws IOException {
		try (Stream<Path> files = Files.walk(Markdown.ROOT.resolve(module).resolve("src/main/java"))) {
			StringBuilder sources = new StringBuilder();
			for (Path file : files.filter((path) -> path.toString().endsWith(".java")).toList()) {
				sources.append(Files.readString(file));
			}
			return sources.toString().replaceAll("\"\\s*\\+\\s*\"", "");
		}
	}

	private static List<String> options(String commands) {
		return ENTRY_OPTION.matcher(commands).results().map(MatchResult::group).toList();
	}

	/**
	 * Return everything with the tag: imports and what needs them may be far apart. The
	 * code of the shop shows nothing of its documentation, so it is printed in full.
	 */
	private static String snippet(Block block) {
		if (block.snippet().startsWith(SHOP)) {
			return PACKAGE_AND_IMPORTS.matcher(read(source(block.snippet()))).replaceFirst("");
		}
		String[] parts = block.snippet().split("#");
		assertThat(parts).as("file and tag before:%n%s", block.content()).hasSize(2);
		Matcher tagged = tagged("// tag::" + parts[1] + "[]\n", "// end::" + parts[1] + "[]", read(source(parts[0])));
		return tagged.results()
			.map((match) -> match.group(1).stripTrailing().stripIndent())
			.collect(Collectors.joining("\n\n", "", "\n"));
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path source(String file) {
		return (file.startsWith(PRODUCTS) || file.startsWith(SHOP)) ? Markdown.ROOT.resolve(file)
				: SNIPPETS.resolve(file);
	}

	private static String between(String text, String start, String end) {
		Matcher matcher = tagged(start, end, text);
		assertThat(matcher.find()).as("%s…%s", start, end).isTrue();
		return matcher.group(1);
	}

	private static Matcher tagged(String start, String end, String text) {
		return Pattern.compile(Pattern.quote(start) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL).matcher(text);
	}

	private static JsonNode yaml(String text) {
		Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
		return JsonMapper.shared().valueToTree(document);
	}

	/**
	 * Return our properties and what the jars on the class path say of their defaults.
	 */
	private static Map<String, String> properties() throws IOException {
		Map<String, String> defaults = new TreeMap<>();
		for (URL metadata : Collections.list(DocumentationTests.class.getClassLoader()
			.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream content = metadata.openStream()) {
				for (JsonNode property : JsonMapper.shared().readTree(content).at("/properties")) {
					JsonNode value = property.path("defaultValue");
					boolean required = property.path("description").asString("").contains("Required");
					if (property.at("/name").asString().startsWith("spire.") && !property.has("deprecation")) {
						defaults.put(property.at("/name").asString(),
								(value.isArray() ? value.path(0) : value).asString(required ? "required" : "–"));
					}
				}
			}
		}
		return defaults;
	}

}
