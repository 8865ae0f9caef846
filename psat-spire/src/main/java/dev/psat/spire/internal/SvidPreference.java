package dev.psat.spire.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import dev.psat.spiffe.SpiffeId;
import org.jspecify.annotations.Nullable;

/** By what the application chooses one of several identities. */
public record SvidPreference(@Nullable SpiffeId spiffeId, @Nullable String hint) {

	public static final String SEVERAL_ADVICE = "Set 'spire.svid.spiffe-id' or 'spire.svid.hint' to that "
			+ "of the one to take.";

	public boolean isMetBy(SpiffeId spiffeId, @Nullable String hint) {
		return (this.spiffeId == null || this.spiffeId.equals(spiffeId))
				&& (this.hint == null || this.hint.equals(hint));
	}

	public String shown() {
		return properties().entrySet()
			.stream()
			.map((property) -> "'%s=%s'".formatted(property.getKey(), property.getValue()))
			.collect(Collectors.joining(" and "));
	}

	public String advice() {
		return "Set %s to what an entry has, or create an entry that has it."
			.formatted(properties().keySet().stream().map("'%s'"::formatted).collect(Collectors.joining(" and ")));
	}

	private Map<String, String> properties() {
		Map<String, String> properties = new LinkedHashMap<>();
		if (this.spiffeId != null) {
			properties.put("spire.svid.spiffe-id", this.spiffeId.toString());
		}
		if (this.hint != null) {
			properties.put("spire.svid.hint", this.hint);
		}
		return properties;
	}

}
