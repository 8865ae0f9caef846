package dev.psat.spire.autoconfigure.authorization.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.internal.SpiffeIdPattern;

/** Most items are plain IDs, which are found without looking at each other one. */
final class PeerList {

	static final PeerList EMPTY = new PeerList(List.of());

	private static final String SCHEME = "spiffe://";

	private static final String BYTE_ORDER_MARK = "\uFEFF";

	private final Map<String, SpiffeIdPattern> items = new LinkedHashMap<>();

	private final List<SpiffeIdPattern> patterns;

	private final Set<TrustDomain> trustDomains;

	private PeerList(Collection<SpiffeIdPattern> items) {
		items.forEach((item) -> this.items.put(item.toString(), item));
		this.patterns = this.items.entrySet()
			.stream()
			.filter((item) -> item.getKey().endsWith("*"))
			.map(Map.Entry::getValue)
			.toList();
		this.trustDomains = items.stream().map(SpiffeIdPattern::trustDomain).collect(Collectors.toUnmodifiableSet());
	}

	static PeerList of(Collection<SpiffeIdPattern> items) {
		return new PeerList(items);
	}

	/**
	 * Parse a file: an item a line, and comments that begin with {@code #}. A message
	 * quotes only what begins like a SPIFFE ID, since the file may be the wrong one.
	 */
	static PeerList parse(byte[] content, ItemRules rules) {
		String text = new String(content, StandardCharsets.UTF_8);
		String[] lines = (text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text).split("\r\n|\n|\r", -1);
		List<SpiffeIdPattern> items = new ArrayList<>();
		for (int i = 0; i < lines.length; i++) {
			int comment = lines[i].indexOf('#');
			String item = ((comment != -1) ? lines[i].substring(0, comment) : lines[i]).strip();
			if (!item.isEmpty()) {
				items.add(parse(item, i + 1, rules));
			}
		}
		return new PeerList(items);
	}

	private static SpiffeIdPattern parse(String item, int line, ItemRules rules) {
		if (!item.startsWith(SCHEME)) {
			throw new IllegalArgumentException(
					"line %d does not begin with '%s': each has one SPIFFE ID or pattern, and nothing else but a comment after '#'"
						.formatted(line, SCHEME));
		}
		try {
			return rules.pattern(item);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("line %d: %s".formatted(line, ex.getMessage()), ex);
		}
	}

	boolean contains(SpiffeId peer) {
		return this.items.containsKey(peer.toString())
				|| this.patterns.stream().anyMatch((pattern) -> pattern.matches(peer));
	}

	boolean isEmpty() {
		return this.items.isEmpty();
	}

	int size() {
		return this.items.size();
	}

	boolean namesOthersThan(Set<TrustDomain> trustDomains) {
		return !trustDomains.containsAll(this.trustDomains);
	}

	Set<String> items() {
		return this.items.keySet();
	}

	List<String> unmatched(Collection<SpiffeId> peers) {
		Set<String> unmatched = new LinkedHashSet<>(this.items.keySet());
		peers.forEach((peer) -> unmatched.remove(peer.toString()));
		this.patterns.stream()
			.filter((pattern) -> peers.stream().anyMatch(pattern::matches))
			.forEach((pattern) -> unmatched.remove(pattern.toString()));
		return List.copyOf(unmatched);
	}

	List<String> itemsOf(Predicate<TrustDomain> trustDomains) {
		return this.items.values()
			.stream()
			.filter((item) -> trustDomains.test(item.trustDomain()))
			.map(SpiffeIdPattern::toString)
			.toList();
	}

}
