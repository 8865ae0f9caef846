package dev.psat.spire.client;

import java.time.Instant;
import java.util.List;

import dev.psat.spiffe.SpiffeId;
import org.jspecify.annotations.Nullable;

record EntryValues(String id, SpiffeId spiffeId, List<Selector> selectors, List<String> federatesWith, boolean admin,
		boolean downstream, boolean storeSvid, long revisionNumber, @Nullable String hint, Instant createdAt,
		boolean jwtSvidIncludesJti) implements AuthorizedEntry {

}
