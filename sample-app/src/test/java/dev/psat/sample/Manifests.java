package dev.psat.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads YAML and commands.
 */
final class Manifests {

	private Manifests() {
	}

	static JsonNode read(Path file) {
		List<JsonNode> documents = readAll(file);
		if (documents.size() != 1) {
			throw new IllegalStateException("%d documents in %s".formatted(documents.size(), file));
		}
		return documents.get(0);
	}

	static List<JsonNode> readAll(Path file) {
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

	static List<String> texts(JsonNode array, String member) {
		return array.valueStream().map((element) -> element.at(member).asString()).toList();
	}

	static List<String> texts(JsonNode array) {
		return array.valueStream().map(JsonNode::asString).toList();
	}

	/**
	 * Return the values of an option of {@code spire-server}.
	 */
	static List<String> options(String command, String name) {
		return Pattern.compile(" -" + name + " (\\S+)")
			.matcher(command)
			.results()
			.map((option) -> option.group(1))
			.toList();
	}

}
