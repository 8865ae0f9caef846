package dev.psat.spire.client;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * A registration entry that an agent is authorized for.
 *
 * @param id the ID of the entry
 * @param spiffeId the SPIFFE ID of the entry's SVIDs
 * @param selectors the selectors that a workload must match
 * @param federatesWith the trust domains that the entry federates with, by the names that
 * the server uses
 * @param admin whether the workload may administer the server
 * @param downstream whether the workload is a server that may sign SVIDs
 * @param storeSvid whether agents should put the SVID into a store
 * @param revisionNumber a number that changes whenever the entry does
 * @param hint a hint that distinguishes the entry from others of the same workload,
 * {@code null} if there is none
 * @param createdAt when the entry was created, in whole seconds
 * @param jwtSvidIncludesJti whether each JWT-SVID carries a unique ID
 * @since 0.1.0
 */
public record AuthorizedEntry(String id, SpiffeId spiffeId, List<Selector> selectors, List<String> federatesWith,
		boolean admin, boolean downstream, boolean storeSvid, long revisionNumber, @Nullable String hint,
		Instant createdAt, boolean jwtSvidIncludesJti) {

	public AuthorizedEntry {
		Objects.requireNonNull(id, "'id' must not be null");
		Objects.requireNonNull(spiffeId, "'spiffeId' must not be null");
		Objects.requireNonNull(selectors, "'selectors' must not be null");
		Objects.requireNonNull(federatesWith, "'federatesWith' must not be null");
		Objects.requireNonNull(createdAt, "'createdAt' must not be null");
		selectors = List.copyOf(selectors);
		federatesWith = List.copyOf(federatesWith);
	}

}
