package dev.psat.spire.client;

import java.time.Instant;
import java.util.List;

import dev.psat.spiffe.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * A registration entry that an agent is authorized for.
 *
 * @since 0.1.0
 */
public interface AuthorizedEntry {

	/** Return the ID of the entry. */
	String id();

	/** Return the SPIFFE ID of the entry's SVIDs. */
	SpiffeId spiffeId();

	/** Return the selectors that a workload must match. */
	List<Selector> selectors();

	/** Return the names of the trust domains that the entry federates with. */
	List<String> federatesWith();

	/** Return whether the workload may administer the server. */
	boolean admin();

	/** Return whether the workload is a server that may sign SVIDs. */
	boolean downstream();

	/** Return whether agents should put the SVID into a store. */
	boolean storeSvid();

	/** Return a number that changes whenever the entry does. */
	long revisionNumber();

	/**
	 * Return a hint that tells the entry from others of the workload, or {@code null}.
	 */
	@Nullable String hint();

	/** Return when the entry was created, in whole seconds. */
	Instant createdAt();

	/** Return whether each JWT-SVID carries a unique ID. */
	boolean jwtSvidIncludesJti();

}
