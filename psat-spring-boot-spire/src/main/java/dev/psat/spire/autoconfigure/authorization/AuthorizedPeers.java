package dev.psat.spire.autoconfigure.authorization;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.PeerPolicy;
import org.jspecify.annotations.Nullable;

/**
 * {@link PeerPolicy} that authorizes the peers listed in a property, and those listed in
 * the file that another one names. Public only for the auto-configuration.
 *
 * @since 0.1.0
 */
public final class AuthorizedPeers implements PeerPolicy {

	private final String property;

	private final PeerList listed;

	private final boolean any;

	private final Set<TrustDomain> federated;

	private final @Nullable ListFile file;

	AuthorizedPeers(String property, List<String> listed, boolean any, ItemRules rules, @Nullable ListFile file) {
		this.property = property;
		this.listed = PeerList.of(listed.stream().map(rules::pattern).toList());
		this.any = any;
		this.federated = rules.federated();
		this.file = file;
	}

	/**
	 * Create a policy whose file has not been read yet.
	 * @param property the name of the property with the list; that of the property with
	 * the file has {@code -file} after it
	 * @param listed the items of that list
	 * @param any whether every workload of the own trust domain may connect
	 * @param rules what may be on the list
	 * @param file the path of a file with more, {@code null} if there is none
	 * @return the policy
	 * @throws IllegalArgumentException if an item is not permitted
	 */
	public static AuthorizedPeers of(String property, List<String> listed, boolean any, ItemRules rules,
			@Nullable Path file) {
		return new AuthorizedPeers(property, listed, any, rules, (file != null)
				? new ListFile(property + "-file", file, rules, PeerLists.TIME, ListIntervals.DEFAULT) : null);
	}

	@Override
	public @Nullable String refusal(SpiffeId peer) {
		boolean meant = this.any && !this.federated.contains(peer.trustDomain());
		if (meant || this.listed.contains(peer) || inFile().contains(peer)) {
			return null;
		}
		return "is not listed in %s%s%s".formatted(names(), isEmpty() ? whyEmpty() : "",
				this.any ? ", as a workload of another trust domain has to be" : "");
	}

	private String whyEmpty() {
		return (this.file != null && this.file.status().readAt() == null) ? ", which has not been read yet"
				: ", which is empty";
	}

	@Override
	public Set<TrustDomain> trustDomains() {
		return this.federated;
	}

	/**
	 * Return the name of what lists peers, to be shown: the property, unless it is empty
	 * and there is a file, and the property that names the file.
	 * @return the names
	 */
	public String names() {
		String name = "'%s'".formatted(this.property);
		String file = "the file of '%s-file'".formatted(this.property);
		if (this.file == null) {
			return name;
		}
		return this.listed.isEmpty() ? file : name + " or " + file;
	}

	/**
	 * Return whether there is a list, even if a file without any item.
	 * @return whether there is
	 */
	public boolean isListing() {
		return !this.listed.isEmpty() || this.file != null;
	}

	/**
	 * Return whether nobody may connect at present.
	 * @return whether the lists are empty, and count
	 */
	public boolean isNobody() {
		return !this.any && isEmpty();
	}

	/**
	 * Return what is listed and stands for none of some peers.
	 * @param peers the peers
	 * @return the items of the lists in force
	 */
	public List<String> neverSeen(Collection<SpiffeId> peers) {
		return Stream.of(this.listed, inFile()).flatMap((list) -> list.unmatched(peers).stream()).distinct().toList();
	}

	/**
	 * Return why nobody may connect at present.
	 * @return why, which completes a sentence that ends with "since"
	 */
	public String whyNobody() {
		String empty = "'%s' is empty".formatted(this.property);
		return (this.file != null) ? "%s, and at present so is what '%s-file' provides".formatted(empty, this.property)
				: empty;
	}

	private boolean isEmpty() {
		return this.listed.isEmpty() && inFile().isEmpty();
	}

	private PeerList inFile() {
		return (this.file != null) ? this.file.inForce() : PeerList.EMPTY;
	}

	@Nullable ListFile file() {
		return this.file;
	}

}
