package dev.psat.spire;

import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * What the application wants of the entries that it may obtain.
 *
 * @param spiffeId the ID, {@code null} if any will do
 * @param hint the hint, {@code null} if any will do
 */
record Wish(@Nullable SpiffeId spiffeId, @Nullable String hint) {

	boolean isMetBy(AuthorizedEntry entry) {
		return (this.spiffeId == null || this.spiffeId.equals(entry.spiffeId()))
				&& (this.hint == null || this.hint.equals(entry.hint()));
	}

}
