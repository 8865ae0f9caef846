package dev.psat.spire.client;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A registration entry that an agent is authorized for.
 *
 * @param id the ID of the entry
 * @param spiffeId the SPIFFE ID of SVIDs that the entry gives
 * @param selectors what a workload must have
 * @param federatesWith the trust domains that the entry federates with, as the server
 * names them
 * @param admin whether the workload may administer the server
 * @param downstream whether the workload is a server that may sign SVIDs
 * @param storeSvid whether agents are to hand the SVID to a store
 * @param revisionNumber a number that changes whenever the entry does
 * @param hint what tells the entry from others of the same workload, {@code null} if
 * nothing does
 * @param createdAt when the entry was created, in whole seconds
 * @param jwtSvidIncludesJti whether each JWT-SVID carries an ID of its own
 * @since 0.1.0
 */
public record AuthorizedEntry(String id, SpiffeId spiffeId, List<Selector> selectors, List<String> federatesWith,
		boolean admin, boolean downstream, boolean storeSvid, long revisionNumber, @Nullable String hint,
		Instant createdAt, boolean jwtSvidIncludesJti) {

	public AuthorizedEntry {
		selectors = List.copyOf(selectors);
		federatesWith = List.copyOf(federatesWith);
	}

}
