package dev.psat.spire.server;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.Selector;
import dev.psat.spire.internal.ManualTime;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the workload of {@link TestClaims}, unless it is told otherwise.
 */
public final class TestEntry {

	public static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	private final List<Selector> selectors = new ArrayList<>();

	private final List<String> federatesWith = new ArrayList<>();

	private String id = "entry";

	private String spiffeId = ORDERS;

	private @Nullable String hint;

	private Instant createdAt = ManualTime.START;

	private boolean admin;

	private boolean downstream;

	private boolean storeSvid;

	private long revisionNumber;

	private boolean jwtSvidIncludesJti;

	public TestEntry id(String id) {
		this.id = id;
		return this;
	}

	public TestEntry spiffeId(String spiffeId) {
		this.spiffeId = spiffeId;
		return this;
	}

	TestEntry hint(String hint) {
		this.hint = hint;
		return this;
	}

	TestEntry createdAt(Instant createdAt) {
		this.createdAt = createdAt;
		return this;
	}

	TestEntry selector(String type, String value) {
		this.selectors.add(new Selector(type, value));
		return this;
	}

	TestEntry federatesWith(String trustDomain) {
		this.federatesWith.add(trustDomain);
		return this;
	}

	TestEntry admin() {
		this.admin = true;
		return this;
	}

	TestEntry downstream() {
		this.downstream = true;
		return this;
	}

	TestEntry storeSvid() {
		this.storeSvid = true;
		return this;
	}

	public TestEntry revisionNumber(long revisionNumber) {
		this.revisionNumber = revisionNumber;
		return this;
	}

	public TestEntry jwtSvidIncludesJti() {
		this.jwtSvidIncludesJti = true;
		return this;
	}

	public AuthorizedEntry build() {
		return new Values(this.id, SpiffeId.parse(this.spiffeId), List.copyOf(this.selectors),
				List.copyOf(this.federatesWith), this.admin, this.downstream, this.storeSvid, this.revisionNumber,
				this.hint, this.createdAt, this.jwtSvidIncludesJti);
	}

	private record Values(String id, SpiffeId spiffeId, List<Selector> selectors, List<String> federatesWith,
			boolean admin, boolean downstream, boolean storeSvid, long revisionNumber, @Nullable String hint,
			Instant createdAt, boolean jwtSvidIncludesJti) implements AuthorizedEntry {

	}

}
