package dev.psat.spiffe;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import javax.security.auth.x500.X500Principal;

import org.jspecify.annotations.Nullable;

/**
 * The search for a path from the authorities down to a leaf. Since anybody can send any
 * chain, no key verifies anything before it has been vouched for itself, and the search
 * ends when more verifications have failed than succeeded. So whoever has the
 * certificates of some intermediates, which are no secret, makes it verify less than
 * twice as often as a peer below all of them does. Authorities that share a name are all
 * tried, and count as one.
 */
final class PathSearch {

	/** As many certificates as clients of the JDK accept. */
	private static final int LONGEST = 10;

	private final X509Certificate leaf;

	private final List<X509Certificate> candidates;

	private final IntermediateProfile profile;

	private final Set<X509Certificate> vouchedFor = new HashSet<>();

	private int failures;

	private @Nullable String problem;

	private PathSearch(List<X509Certificate> chain, IntermediateProfile profile) {
		this.leaf = chain.get(0);
		this.candidates = related(chain);
		this.profile = profile;
	}

	/**
	 * Find a path. Names, signatures, path lengths and the profile are checked.
	 * @param chain the leaf, then intermediates in any order, of which some may be
	 * superfluous
	 * @param authorities the certificates of the authorities
	 * @param profile what an intermediate must be like
	 * @return the path, {@code null} if no authority vouches for the leaf
	 * @throws CertificateException if one may, but not through these intermediates, with
	 * a message that completes "has an invalid chain:"
	 */
	static @Nullable IssuerPath find(List<X509Certificate> chain, List<X509Certificate> authorities,
			IntermediateProfile profile) throws CertificateException {
		PathSearch search = new PathSearch(chain, profile);
		if (search.candidates.size() > LONGEST) {
			throw new CertificateException("it has more than %d certificates".formatted(LONGEST));
		}
		Issued leaf = search.descend(authorities.stream()
			.sorted(Comparator.comparing(X509Certificate::getBasicConstraints).reversed())
			.map(Issued::authority)
			.toList());
		if (leaf != null) {
			return leaf.path();
		}
		if (search.problem != null) {
			throw new CertificateException(search.problem);
		}
		return null;
	}

	/**
	 * Return the certificates that lead to the leaf by their names, the leaf last. Of
	 * several that lead as far, the last one sent comes first, as each should certify the
	 * one before it (RFC 8446, section 4.4.2). Those of an issuer for its own name come
	 * late, since most are superfluous.
	 */
	private static List<X509Certificate> related(List<X509Certificate> chain) {
		List<X509Certificate> related = new ArrayList<>(List.of(chain.get(0)));
		for (int i = 0; i < related.size() && related.size() <= LONGEST; i++) {
			X500Principal issuer = related.get(i).getIssuerX500Principal();
			chain.stream()
				.filter((certificate) -> certificate.getSubjectX500Principal().equals(issuer))
				.filter((certificate) -> !related.contains(certificate))
				.forEach(related::add);
		}
		related.subList(1, related.size()).sort(Comparator.comparing(Issued::isSelfIssued).reversed());
		Collections.reverse(related);
		return related;
	}

	private @Nullable Issued descend(List<Issued> issuers) {
		for (X509Certificate candidate : this.candidates) {
			Issued issued = issue(candidate, issuers);
			if (issued != null && candidate != this.leaf) {
				issued = descend(List.of(issued));
			}
			if (issued != null) {
				return issued;
			}
		}
		return null;
	}

	private @Nullable Issued issue(X509Certificate candidate, List<Issued> issuers) {
		List<Issued> named = issuers.stream().filter((issuer) -> issuer.isNamedBy(candidate)).toList();
		if (named.isEmpty()) {
			return null;
		}
		if (candidate == this.leaf) {
			return verify(candidate, named);
		}
		if (named.stream().anyMatch((issuer) -> issuer.isSameAs(candidate)) || this.vouchedFor.contains(candidate)) {
			return null;
		}
		String unfit = this.profile.problem(candidate);
		if (unfit != null) {
			return refuse("an intermediate " + unfit);
		}
		List<Issued> reaching = named.stream().filter((issuer) -> issuer.issue(candidate).pathLength() >= 0).toList();
		return !reaching.isEmpty() ? verify(candidate, reaching)
				: refuse("an intermediate exceeds the path length of its issuer");
	}

	private @Nullable Issued verify(X509Certificate candidate, List<Issued> issuers) {
		if (this.failures > this.vouchedFor.size()) {
			return refuse("too many of its signatures do not hold");
		}
		Optional<Issued> issuer = issuers.stream().filter((each) -> each.hasSigned(candidate)).findFirst();
		if (issuer.isEmpty()) {
			this.failures++;
			return null;
		}
		this.vouchedFor.add(candidate);
		return issuer.get().issue(candidate);
	}

	private @Nullable Issued refuse(String problem) {
		this.problem = (this.problem != null) ? this.problem : problem;
		return null;
	}

}
