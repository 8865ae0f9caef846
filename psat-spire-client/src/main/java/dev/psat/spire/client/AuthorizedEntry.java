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

	/**
	 * {@return the ID of the entry}
	 */
	String id();

	/**
	 * {@return the SPIFFE ID of the entry's SVIDs}
	 */
	SpiffeId spiffeId();

	/**
	 * {@return the selectors that a workload must match}
	 */
	List<Selector> selectors();

	/**
	 * {@return the names of the trust domains that the entry federates with}
	 */
	List<String> federatesWith();

	/**
	 * {@return whether the workload may administer the server}
	 */
	boolean admin();

	/**
	 * {@return whether the workload is a server that may sign SVIDs}
	 */
	boolean downstream();

	/**
	 * {@return whether agents should put the SVID into a store}
	 */
	boolean storeSvid();

	/**
	 * {@return a number that changes whenever the entry does}
	 */
	long revisionNumber();

	/**
	 * {@return a hint that tells the entry from others of the workload, or {@code null}}
	 */
	@Nullable String hint();

	/**
	 * {@return when the entry was created, in whole seconds}
	 */
	Instant createdAt();

	/**
	 * {@return whether each JWT-SVID carries a unique ID}
	 */
	boolean jwtSvidIncludesJti();

}
