package dev.psat.autoconfigure.internal;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** A property as shown to the user: as written, and where. */
public record WrittenProperty(String name, @Nullable Object value, @Nullable Origin origin) {

	private static final int LONGEST_VALUE = 255;

	/**
	 * Looks it up by the rules of binding, except that placeholders are retained. Of a
	 * comma-separated list, the whole is found. What is not found is this property.
	 */
	public WrittenProperty in(Environment environment) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(this.name);
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			ConfigurationProperty property = find(source, name);
			if (property != null) {
				return new WrittenProperty(property.getName().toString(), property.getValue(), property.getOrigin());
			}
		}
		return this;
	}

	private static @Nullable ConfigurationProperty find(ConfigurationPropertySource source,
			ConfigurationPropertyName name) {
		ConfigurationProperty whole = name.isLastElementIndexed() ? source.getConfigurationProperty(name.getParent())
				: null;
		return (whole != null) ? whole : source.getConfigurationProperty(name);
	}

	@Override
	public String toString() {
		if (this.value == null) {
			return "The property '%s' is not set.".formatted(this.name);
		}
		String value = StringUtils.truncate(this.value.toString(), LONGEST_VALUE);
		String origin = (this.origin != null) ? " (originating from '%s')".formatted(this.origin) : "";
		return "The property '%s' has the value '%s'%s.".formatted(this.name, value, origin);
	}

}
