package dev.psat.spiffe;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.security.auth.x500.X500Principal;

import org.jspecify.annotations.Nullable;

/**
 * The search for a path from the authorities down to a leaf. Anybody can send any chain,
 * so no key verifies anything before it has been vouched for itself, and the search ends
 * when more verifications have failed than succeeded: the certificates of some
 * intermediates, which are no secret, make it verify less than twice as often as a peer
 * below all of them does. Authorities that share a name are all tried, and count as one.
 * Where a whole path does not hold, such as by its constraints, the search goes on, and
 * no signature is verified twice.
 */
final class PathSearch {

	/** As many certificates as clients of the JDK accept. */
	private static final int LONGEST = 10;

	private static final int MOST_PATHS = 4;

	private final X509Certificate leaf;

	private final List<X509Certificate> candidates;

	private final CertificateProfile.IntermediateProfile profile;

	private final Validation validation;

	private final Set<X509Certificate> vouchedFor = new HashSet<>();

	private final Set<X509Certificate> dead = new HashSet<>();

	private final Map<Attempt, Boolean> verified = new HashMap<>();

	private int failures;

	private int paths;

	private @Nullable String problem;

	private @Nullable GeneralSecurityException invalidity;

	private PathSearch(List<X509Certificate> chain, CertificateProfile.IntermediateProfile profile,
			Validation validation) {
		this.leaf = chain.get(0);
		this.candidates = related(chain);
		this.profile = profile;
		this.validation = validation;
	}

	/**
	 * Throws if an authority may vouch for the leaf, but not through these intermediates,
	 * with a message that completes "has an invalid chain:".
	 */
	static @Nullable Issued find(List<X509Certificate> chain, List<X509Certificate> authorities,
			CertificateProfile.IntermediateProfile profile, Validation validation) throws GeneralSecurityException {
		PathSearch search = new PathSearch(chain, profile, validation);
		if (search.candidates.size() > LONGEST) {
			throw new CertificateException("it has more than %d certificates".formatted(LONGEST));
		}
		Issued path = search.descend(authorities.stream()
			.sorted(Comparator.comparing(X509Certificate::getBasicConstraints).reversed())
			.map(Issued::authority)
			.toList());
		if (path != null) {
			return path;
		}
		if (search.invalidity != null) {
			throw search.invalidity;
		}
		if (search.problem != null) {
			throw new CertificateException(search.problem);
		}
		return null;
	}

	/**
	 * The certificates that lead to the leaf by their names, the leaf last. Of several
	 * that lead as far, the last one sent comes first (RFC 8446, section 4.4.2). Those of
	 * an issuer for its own name come late, since most are superfluous.
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
			Issued path = issue(candidate, issuers);
			if (path != null || this.paths == MOST_PATHS) {
				return path;
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
		if (named.stream().anyMatch((issuer) -> issuer.isSameAs(candidate) || issuer.isBelow(candidate))
				|| this.dead.contains(candidate)) {
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
		boolean signed = false;
		boolean asked = false;
		for (Issued issuer : issuers) {
			Attempt attempt = new Attempt(candidate, issuer.certificate().getPublicKey());
			Boolean known = this.verified.get(attempt);
			if (known == null && !asked && this.failures > this.vouchedFor.size()) {
				return refuse("too many of its signatures do not hold");
			}
			asked |= known == null;
			if ((known != null) ? known : hasSigned(issuer, attempt)) {
				signed = true;
				Issued path = continued(issuer.issue(candidate));
				if (path != null || this.paths == MOST_PATHS || this.dead.contains(candidate)) {
					return path;
				}
			}
		}
		if (asked && !signed) {
			this.failures++;
		}
		return null;
	}

	private boolean hasSigned(Issued issuer, Attempt attempt) {
		boolean signed = issuer.hasSigned(attempt.certificate());
		this.verified.put(attempt, signed);
		if (signed) {
			this.vouchedFor.add(attempt.certificate());
		}
		return signed;
	}

	private @Nullable Issued continued(Issued issued) {
		if (issued.certificate() == this.leaf) {
			return validated(issued);
		}
		int before = this.paths;
		Issued path = descend(List.of(issued));
		if (this.paths == before) {
			this.dead.add(issued.certificate());
		}
		return path;
	}

	private @Nullable Issued validated(Issued path) {
		this.paths++;
		try {
			this.validation.validate(path);
			return path;
		}
		catch (GeneralSecurityException ex) {
			this.invalidity = (this.invalidity != null) ? this.invalidity : ex;
			return null;
		}
	}

	private @Nullable Issued refuse(String problem) {
		this.problem = (this.problem != null) ? this.problem : problem;
		return null;
	}

	@FunctionalInterface
	interface Validation {

		void validate(Issued path) throws GeneralSecurityException;

	}

	private record Attempt(X509Certificate certificate, PublicKey key) {

	}

	/**
	 * A certificate that an authority vouches for, directly or through others.
	 *
	 * @param issuer {@code null} if it is the authority itself
	 * @param pathLength how many intermediates may follow, not counting self-issued ones
	 * (RFC 5280, section 4.2.1.9); negative if it is one too many itself
	 */
	record Issued(X509Certificate certificate, @Nullable Issued issuer, int pathLength) {

		static Issued authority(X509Certificate certificate) {
			return new Issued(certificate, null, certificate.getBasicConstraints());
		}

		Issued issue(X509Certificate certificate) {
			int left = isSelfIssued(certificate) ? this.pathLength : this.pathLength - 1;
			return new Issued(certificate, this, Math.min(left, certificate.getBasicConstraints()));
		}

		boolean isNamedBy(X509Certificate certificate) {
			return certificate.getIssuerX500Principal().equals(this.certificate.getSubjectX500Principal());
		}

		/** One with the name and the key of this one leads to nothing else. */
		boolean isSameAs(X509Certificate certificate) {
			return certificate.getSubjectX500Principal().equals(this.certificate.getSubjectX500Principal())
					&& certificate.getPublicKey().equals(this.certificate.getPublicKey());
		}

		boolean isBelow(X509Certificate certificate) {
			return certificate.equals(this.certificate) || this.issuer != null && this.issuer.isBelow(certificate);
		}

		boolean hasSigned(X509Certificate certificate) {
			try {
				certificate.verify(this.certificate.getPublicKey());
				return true;
			}
			// untrusted input can make a provider fail in any way
			catch (GeneralSecurityException | RuntimeException ex) {
				return false;
			}
		}

		static boolean isSelfIssued(X509Certificate certificate) {
			return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
		}

		/** The leaf first, without the authority. */
		List<X509Certificate> path() {
			List<X509Certificate> path = new ArrayList<>();
			for (Issued link = this; link.issuer != null; link = link.issuer) {
				path.add(link.certificate);
			}
			return path;
		}

		X509Certificate root() {
			return (this.issuer != null) ? this.issuer.root() : this.certificate;
		}

	}

}
