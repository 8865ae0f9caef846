package dev.psat.spire.autoconfigure.authorization.internal;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.internal.DryRunPolicy;
import org.jspecify.annotations.Nullable;

public final class AuthorizedPeers {

	private final String property;

	private final PeerList listed;

	private final @Nullable String any;

	private final Set<TrustDomain> federated;

	private final @Nullable ListFile file;

	AuthorizedPeers(String property, List<String> listed, @Nullable String any, ItemRules rules,
			@Nullable ListFile file) {
		this.property = property;
		this.listed = PeerList.of(listed.stream().map(rules::pattern).toList());
		this.any = any;
		this.federated = rules.federated();
		this.file = file;
	}

	/**
	 * @param any the property by which the own trust domain may connect, {@code null}
	 * unless it may; lists that mean any of its workloads are on a dry run then
	 */
	public static AuthorizedPeers of(String property, List<String> listed, @Nullable String any, ItemRules rules,
			@Nullable Path file) {
		return new AuthorizedPeers(property, listed, any, rules, (file != null)
				? new ListFile(property + "-file", file, rules, PeerLists.TIME, ListFile.Intervals.DEFAULT) : null);
	}

	PeerPolicy policy() {
		return new Policy(this);
	}

	@Nullable String refusal(SpiffeId peer) {
		boolean meant = this.any != null && !this.federated.contains(peer.trustDomain());
		if (meant || isListed(peer)) {
			return null;
		}
		return unlisted() + ((this.any != null) ? ", as a workload of another trust domain has to be" : "");
	}

	@Nullable String reservation(SpiffeId peer) {
		return (isDryRun() && !isListed(peer)) ? "%s, and will be refused without '%s'".formatted(unlisted(), this.any)
				: null;
	}

	private boolean isListed(SpiffeId peer) {
		return this.listed.contains(peer) || inFile().contains(peer);
	}

	private String unlisted() {
		return "is not listed in %s%s".formatted(names(), isEmpty() ? whyEmpty() : "");
	}

	private String whyEmpty() {
		return (this.file != null && this.file.status().readAt() == null) ? ", which has not been read yet"
				: ", which is empty";
	}

	/**
	 * As shown: the property, unless it is empty and there is a file, and that of the
	 * file.
	 */
	public String names() {
		String name = "'%s'".formatted(this.property);
		String file = "the file of '%s-file'".formatted(this.property);
		if (this.file == null) {
			return name;
		}
		return this.listed.isEmpty() ? file : name + " or " + file;
	}

	/** A file without any item is a list, too. */
	public boolean isListing() {
		return !this.listed.isEmpty() || this.file != null;
	}

	/**
	 * The lists refuse nobody of the own trust domain, but tell whom they would refuse.
	 * Lists of other trust domains alone mean no more than these.
	 */
	public boolean isDryRun() {
		return this.any != null && (this.listed.namesOthersThan(this.federated)
				|| this.file != null && (inFile().isEmpty() || inFile().namesOthersThan(this.federated)));
	}

	public boolean isNobody() {
		return this.any == null && isEmpty();
	}

	/** Return the items that stand for none of the peers. */
	public List<String> neverSeen(Collection<SpiffeId> peers) {
		return Stream.of(this.listed, inFile()).flatMap((list) -> list.unmatched(peers).stream()).distinct().toList();
	}

	/** Complete a sentence that ends with "since". */
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

	/** Only the TLS of this library knows it for what it is. */
	private record Policy(AuthorizedPeers peers) implements DryRunPolicy {

		@Override
		public @Nullable String refusal(SpiffeId peer) {
			return this.peers.refusal(peer);
		}

		@Override
		public @Nullable String reservation(SpiffeId peer) {
			return this.peers.reservation(peer);
		}

		@Override
		public Set<TrustDomain> trustDomains() {
			return this.peers.federated;
		}

	}

}
