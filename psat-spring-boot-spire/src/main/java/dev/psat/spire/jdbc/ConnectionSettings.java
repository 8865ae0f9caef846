package dev.psat.spire.jdbc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What URL and properties say of a connection, each as often as they do: the driver
 * decides which one has effect.
 */
final class ConnectionSettings {

	static final ConnectionSettings NONE = new ConnectionSettings(Stream.empty());

	private final List<Map.Entry<String, String>> entries;

	private ConnectionSettings(Stream<Map.Entry<String, String>> entries) {
		this.entries = entries.toList();
	}

	static ConnectionSettings of(Properties properties) {
		return new ConnectionSettings(properties.stringPropertyNames()
			.stream()
			.map((name) -> Map.entry(name, properties.getProperty(name, ""))));
	}

	/** As this driver reads them, even if another one wraps it. */
	static ConnectionSettings ofUrls(List<String> urls) {
		return new ConnectionSettings(urls.stream()
			.filter((url) -> url.contains("?"))
			.map((url) -> url.substring(url.indexOf('?') + 1))
			.flatMap((query) -> Stream.of(query.split("&")))
			.map(ConnectionSettings::written));
	}

	private static Map.Entry<String, String> written(String setting) {
		int equals = setting.indexOf('=');
		return (equals != -1) ? Map.entry(setting.substring(0, equals), decode(setting.substring(equals + 1)))
				: Map.entry(setting, "");
	}

	private static String decode(String value) {
		try {
			return URLDecoder.decode(value, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return value;
		}
	}

	ConnectionSettings and(ConnectionSettings other) {
		return new ConnectionSettings(Stream.concat(this.entries.stream(), other.entries.stream()));
	}

	/**
	 * Setters exist in several spellings, such as {@code sslMode}, and one may take a
	 * URL.
	 */
	ConnectionSettings ofSetters(List<String> names) {
		Stream<Map.Entry<String, String>> named = this.entries.stream()
			.map((entry) -> names.stream()
				.filter(entry.getKey()::equalsIgnoreCase)
				.findFirst()
				.map((name) -> Map.entry(name, entry.getValue()))
				.orElse(entry));
		List<String> urls = this.entries.stream()
			.map(Map.Entry::getValue)
			.filter((value) -> value.startsWith("jdbc:"))
			.toList();
		return new ConnectionSettings(named).and(ofUrls(urls));
	}

	/** The case of the name matters. */
	List<String> values(String name) {
		return this.entries.stream()
			.filter((entry) -> entry.getKey().equals(name))
			.map(Map.Entry::getValue)
			.distinct()
			.toList();
	}

	boolean hasIgnoringCase(String name, String value) {
		return this.entries.stream()
			.anyMatch((entry) -> entry.getKey().equalsIgnoreCase(name) && entry.getValue().trim().equals(value));
	}

}
