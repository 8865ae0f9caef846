package dev.psat.spire.jdbc.internal;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The settings of a connection as its URL and properties write them, each as often as it
 * is written: the driver decides which one has effect.
 */
public final class ConnectionSettings {

	private final List<Map.Entry<String, String>> entries;

	private ConnectionSettings(Stream<Map.Entry<String, String>> entries) {
		this.entries = entries.toList();
	}

	/**
	 * Return the settings of properties, including their defaults.
	 * @param properties the properties
	 * @return the settings
	 */
	public static ConnectionSettings of(Properties properties) {
		return new ConnectionSettings(properties.stringPropertyNames()
			.stream()
			.map((name) -> Map.entry(name, properties.getProperty(name, ""))));
	}

	/**
	 * Return these settings, and those of the URLs among their values, which setters of a
	 * {@code DataSource} accept.
	 * @return the settings
	 */
	public ConnectionSettings withThoseOfUrls() {
		return new ConnectionSettings(Stream.concat(this.entries.stream(),
				this.entries.stream()
					.map(Map.Entry::getValue)
					.filter((value) -> value.startsWith("jdbc:"))
					.flatMap((url) -> ofUrl(url).entries.stream())));
	}

	/**
	 * Return the settings of a URL as the driver reads it, even if it is one that the
	 * driver never sees, but another one that wraps it.
	 * @param url the URL
	 * @return the settings
	 */
	public static ConnectionSettings ofUrl(String url) {
		int query = url.indexOf('?');
		return new ConnectionSettings(
				Stream.of(((query != -1) ? url.substring(query + 1) : "").split("&")).map((setting) -> {
					int equals = setting.indexOf('=');
					return (equals != -1)
							? Map.entry(setting.substring(0, equals), decode(setting.substring(equals + 1)))
							: Map.entry(setting, "");
				}));
	}

	private static String decode(String value) {
		try {
			return URLDecoder.decode(value, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return value;
		}
	}

	/**
	 * Return these settings and others.
	 * @param other the other settings
	 * @return the settings of both
	 */
	public ConnectionSettings and(ConnectionSettings other) {
		return new ConnectionSettings(Stream.concat(this.entries.stream(), other.entries.stream()));
	}

	/**
	 * Return these settings under the names that they have in a URL. Setters of a
	 * {@code DataSource} exist in several spellings, such as {@code sslMode}.
	 * @param names the names in a URL
	 * @return the settings
	 */
	public ConnectionSettings named(String... names) {
		return new ConnectionSettings(this.entries.stream()
			.map((entry) -> Stream.of(names)
				.filter(entry.getKey()::equalsIgnoreCase)
				.findFirst()
				.map((name) -> Map.entry(name, entry.getValue()))
				.orElse(entry)));
	}

	/**
	 * Return the values of a setting.
	 * @param name the name, whose case matters
	 * @return the values
	 */
	public List<String> values(String name) {
		return this.entries.stream()
			.filter((entry) -> entry.getKey().equals(name))
			.map(Map.Entry::getValue)
			.distinct()
			.toList();
	}

	/**
	 * Return whether there is a setting with a value, whichever way its name is spelled.
	 * @param name the name
	 * @param value the value
	 * @return whether there is one
	 */
	boolean hasIgnoringCase(String name, String value) {
		return this.entries.stream()
			.anyMatch((entry) -> entry.getKey().equalsIgnoreCase(name) && entry.getValue().trim().equals(value));
	}

}
