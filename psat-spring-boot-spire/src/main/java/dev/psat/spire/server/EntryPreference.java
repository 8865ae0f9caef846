package dev.psat.spire.server;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.client.AuthorizedEntry;
import org.jspecify.annotations.Nullable;

/**
 * Criteria by which the application chooses an entry.
 *
 * @param spiffeId the ID, {@code null} for any
 * @param hint the hint, {@code null} for any
 */
record EntryPreference(@Nullable SpiffeId spiffeId, @Nullable String hint) {

	/**
	 * Return the corresponding properties.
	 * @return the names and values of those that are set
	 */
	Map<String, String> properties() {
		Map<String, String> properties = new LinkedHashMap<>();
		if (this.spiffeId != null) {
			properties.put("spire.psat.svid.spiffe-id", this.spiffeId.toString());
		}
		if (this.hint != null) {
			properties.put("spire.psat.svid.hint", this.hint);
		}
		return properties;
	}

	boolean isMetBy(AuthorizedEntry entry) {
		return (this.spiffeId == null || this.spiffeId.equals(entry.spiffeId()))
				&& (this.hint == null || this.hint.equals(entry.hint()));
	}

}
