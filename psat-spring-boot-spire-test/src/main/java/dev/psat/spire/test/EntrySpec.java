package dev.psat.spire.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.psat.spire.test.proto.Entry;
import dev.psat.spire.test.proto.Selector;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Describes an entry that {@link SimulatedEntries} creates or changes. Later changes to
 * the specification have no effect. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class EntrySpec {

	private String spiffeId;

	private String parentId;

	private List<String> selectors = new ArrayList<>();

	private List<String> dnsNames = new ArrayList<>();

	private List<String> federatesWith = List.of();

	private String hint = "";

	private boolean admin;

	private boolean downstream;

	private boolean storeSvid;

	private boolean jwtSvidIncludeJti;

	private Instant createdAt;

	private long revisionNumber;

	private @Nullable Duration x509SvidTtl;

	private @Nullable Duration jwtSvidTtl;

	EntrySpec(String parentId, String spiffeId, Instant createdAt) {
		this.parentId = parentId;
		this.spiffeId = spiffeId;
		this.createdAt = createdAt;
	}

	EntrySpec dissociatedFrom(String trustDomain) {
		EntrySpec copy = copy();
		copy.federatesWith = this.federatesWith.stream().filter((each) -> !each.equals(trustDomain)).toList();
		return copy;
	}

	EntrySpec copy() {
		EntrySpec copy = new EntrySpec(this.parentId, this.spiffeId, this.createdAt);
		copy.selectors = new ArrayList<>(this.selectors);
		copy.dnsNames = new ArrayList<>(this.dnsNames);
		copy.federatesWith = this.federatesWith;
		copy.hint = this.hint;
		copy.admin = this.admin;
		copy.downstream = this.downstream;
		copy.storeSvid = this.storeSvid;
		copy.jwtSvidIncludeJti = this.jwtSvidIncludeJti;
		copy.revisionNumber = this.revisionNumber;
		copy.x509SvidTtl = this.x509SvidTtl;
		copy.jwtSvidTtl = this.jwtSvidTtl;
		return copy;
	}

	/**
	 * Set the SPIFFE ID of the entry.
	 * @param spiffeId the SPIFFE ID, which need not be well-formed
	 * @return this specification
	 */
	public EntrySpec spiffeId(String spiffeId) {
		Assert.notNull(spiffeId, "'spiffeId' must not be null");
		this.spiffeId = spiffeId;
		return this;
	}

	/**
	 * Set the parent, which is authorized for the entry.
	 * @param parentId the SPIFFE ID of an agent, of an alias or of another entry
	 * @return this specification
	 */
	public EntrySpec parentId(String parentId) {
		Assert.notNull(parentId, "'parentId' must not be null");
		this.parentId = parentId;
		return this;
	}

	/**
	 * Set the selectors.
	 * @param selectors the selectors in the form {@code type:value}, such as
	 * {@code k8s:ns:shop}
	 * @return this specification
	 */
	public EntrySpec selectors(String... selectors) {
		Assert.notNull(selectors, "'selectors' must not be null");
		Assert.noNullElements(selectors, "'selectors' must not contain null elements");
		this.selectors = new ArrayList<>(List.of(selectors));
		return this;
	}

	/**
	 * Set the hint. The default is empty.
	 * @param hint the hint
	 * @return this specification
	 */
	public EntrySpec hint(String hint) {
		Assert.notNull(hint, "'hint' must not be null");
		this.hint = hint;
		return this;
	}

	/**
	 * Set whether the entry is an admin entry.
	 * @param admin whether it is an admin entry
	 * @return this specification
	 */
	public EntrySpec admin(boolean admin) {
		this.admin = admin;
		return this;
	}

	/**
	 * Set whether the entry is that of a downstream server.
	 * @param downstream whether it is a downstream entry
	 * @return this specification
	 */
	public EntrySpec downstream(boolean downstream) {
		this.downstream = downstream;
		return this;
	}

	/**
	 * Set whether the SVID is meant for a store.
	 * @param storeSvid whether it is meant for a store
	 * @return this specification
	 */
	public EntrySpec storeSvid(boolean storeSvid) {
		this.storeSvid = storeSvid;
		return this;
	}

	/**
	 * Set the DNS names of X509-SVIDs. There are none by default.
	 * @param dnsNames the names
	 * @return this specification
	 */
	public EntrySpec dnsNames(String... dnsNames) {
		Assert.notNull(dnsNames, "'dnsNames' must not be null");
		Assert.noNullElements(dnsNames, "'dnsNames' must not contain null elements");
		this.dnsNames = new ArrayList<>(List.of(dnsNames));
		return this;
	}

	/**
	 * Set the trust domains with which the entry federates. There are none by default. A
	 * server refuses an entry that federates with a trust domain whose bundle it does not
	 * {@link SimulatedFederation#set(FederatedBundle) have}.
	 * @param trustDomains the names of the trust domains, with or without
	 * {@code spiffe://}
	 * @return this specification
	 */
	public EntrySpec federatesWith(String... trustDomains) {
		Assert.notNull(trustDomains, "'trustDomains' must not be null");
		Assert.noNullElements(trustDomains, "'trustDomains' must not contain null elements");
		this.federatesWith = Arrays.stream(trustDomains).map(SpiffeIds::trustDomain).distinct().toList();
		return this;
	}

	/**
	 * Set when the entry was created. The default is the current time.
	 * @param createdAt the instant, truncated to seconds
	 * @return this specification
	 */
	public EntrySpec createdAt(Instant createdAt) {
		Assert.notNull(createdAt, "'createdAt' must not be null");
		this.createdAt = createdAt;
		return this;
	}

	/**
	 * Set the revision number. By default, it starts at zero and is incremented with each
	 * change.
	 * @param revisionNumber the number
	 * @return this specification
	 */
	public EntrySpec revisionNumber(long revisionNumber) {
		this.revisionNumber = revisionNumber;
		return this;
	}

	/**
	 * Set the TTL of the entry's X509-SVIDs. The default is that of the server.
	 * @param ttl the TTL
	 * @return this specification
	 */
	public EntrySpec x509SvidTtl(Duration ttl) {
		Assert.notNull(ttl, "'ttl' must not be null");
		this.x509SvidTtl = ttl;
		return this;
	}

	/**
	 * Set the TTL of the entry's JWT-SVIDs. The default is that of the server.
	 * @param ttl the TTL
	 * @return this specification
	 */
	public EntrySpec jwtSvidTtl(Duration ttl) {
		Assert.notNull(ttl, "'ttl' must not be null");
		this.jwtSvidTtl = ttl;
		return this;
	}

	/**
	 * Set whether JWT-SVIDs include a {@code jti}.
	 * @param include whether to include it
	 * @return this specification
	 */
	public EntrySpec jwtSvidIncludeJti(boolean include) {
		this.jwtSvidIncludeJti = include;
		return this;
	}

	String spiffeId() {
		return this.spiffeId;
	}

	String parentId() {
		return this.parentId;
	}

	List<String> selectors() {
		return this.selectors;
	}

	List<String> dnsNames() {
		return this.dnsNames;
	}

	List<String> federatesWith() {
		return this.federatesWith;
	}

	String hint() {
		return this.hint;
	}

	long createdAt() {
		return this.createdAt.getEpochSecond();
	}

	boolean isJwtSvidIncludeJti() {
		return this.jwtSvidIncludeJti;
	}

	long revisionNumber() {
		return this.revisionNumber;
	}

	Duration x509SvidTtl(SvidLifetimes lifetimes) {
		return (this.x509SvidTtl != null) ? this.x509SvidTtl : lifetimes.x509Svid();
	}

	Duration jwtSvidTtl(SvidLifetimes lifetimes) {
		return (this.jwtSvidTtl != null) ? this.jwtSvidTtl : lifetimes.jwtSvid();
	}

	Entry toMessage(String id) {
		Entry.Builder message = Entry.newBuilder()
			.setId(id)
			.setSpiffeId(SpiffeIds.toMessage(this.spiffeId))
			.addAllFederatesWith(this.federatesWith)
			.setAdmin(this.admin)
			.setDownstream(this.downstream)
			.setRevisionNumber(this.revisionNumber)
			.setStoreSvid(this.storeSvid)
			.setHint(this.hint)
			.setCreatedAt(this.createdAt.getEpochSecond());
		this.selectors.forEach((selector) -> message.addSelectors(selector(selector)));
		if (this.jwtSvidIncludeJti) {
			message.getAdditionalAttributesBuilder().setJwtSvidIncludeJti(true);
		}
		return message.build();
	}

	private static Selector selector(String text) {
		int colon = text.indexOf(':');
		return Selector.newBuilder()
			.setType(text.substring(0, Math.max(0, colon)))
			.setValue(text.substring(colon + 1))
			.build();
	}

}
