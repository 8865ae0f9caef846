package dev.psat.shop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what is deployed.
 */
final class Manifests {

	static final Path DEPLOY = Path.of("../deploy");

	private Manifests() {
	}

	/**
	 * Return the application's properties.
	 */
	static JsonNode application(String service) {
		return documents(Path.of("..", service, "src/main/resources/application.yaml")).get(0);
	}

	/**
	 * Return the manifest of a kind.
	 */
	static JsonNode manifest(String file, String kind) {
		return documents(file).stream()
			.filter((document) -> document.at("/kind").asString().equals(kind))
			.findFirst()
			.orElseThrow();
	}

	static List<JsonNode> documents(String file) {
		return documents(DEPLOY.resolve(file));
	}

	static List<String> texts(JsonNode array) {
		return array.valueStream().map(JsonNode::asString).toList();
	}

	private static List<JsonNode> documents(Path file) {
		LoaderOptions options = new LoaderOptions();
		options.setAllowDuplicateKeys(false);
		List<JsonNode> documents = new ArrayList<>();
		try (InputStream content = Files.newInputStream(file)) {
			for (Object document : new Yaml(new SafeConstructor(options)).loadAll(content)) {
				documents.add(JsonMapper.shared().valueToTree(document));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return documents;
	}

}
