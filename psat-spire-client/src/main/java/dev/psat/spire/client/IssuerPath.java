package dev.psat.spire.client;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The path from a leaf to the authority that vouches for it. Intermediates may be in any
 * order, and some may be superfluous; of several that fit, one signed by an authority is
 * preferred. The search never backtracks, so no chain can make it long.
 *
 * @param certificates the leaf, then intermediates, without the authority
 * @param authority the certificate of the authority
 */
record IssuerPath(List<X509Certificate> certificates, X509Certificate authority) {

	/**
	 * Find the path. Only names, signatures and path lengths of authorities are checked.
	 * @param chain the leaf, then intermediates
	 * @param authorities the certificates of the authorities
	 * @return the path, {@code null} if there is none
	 */
	static @Nullable IssuerPath find(List<X509Certificate> chain, List<X509Certificate> authorities) {
		List<X509Certificate> path = new ArrayList<>();
		Set<X509Certificate> left = new LinkedHashSet<>(chain);
		Optional<X509Certificate> next = Optional.of(chain.get(0));
		while (next.isPresent()) {
			X509Certificate certificate = next.get();
			left.remove(certificate);
			path.add(certificate);
			Optional<X509Certificate> authority = issuer(certificate, reaching(path, authorities));
			if (authority.isPresent()) {
				return new IssuerPath(path, authority.get());
			}
			next = left.stream()
				.filter((candidate) -> isIssued(certificate, candidate))
				.min(Comparator.comparing((candidate) -> issuer(candidate, authorities).isEmpty()));
		}
		return null;
	}

	/**
	 * Return the authorities whose path length allows all intermediates, not counting
	 * self-issued ones (RFC 5280, section 4.2.1.9).
	 */
	private static List<X509Certificate> reaching(List<X509Certificate> path, List<X509Certificate> authorities) {
		long intermediates = path.stream().skip(1).filter((certificate) -> !isSelfIssued(certificate)).count();
		return authorities.stream().filter((authority) -> authority.getBasicConstraints() >= intermediates).toList();
	}

	static boolean isSelfIssued(X509Certificate certificate) {
		return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
	}

	private static Optional<X509Certificate> issuer(X509Certificate certificate, List<X509Certificate> candidates) {
		return candidates.stream().filter((candidate) -> isIssued(certificate, candidate)).findFirst();
	}

	private static boolean isIssued(X509Certificate certificate, X509Certificate issuer) {
		if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
			return false;
		}
		try {
			certificate.verify(issuer.getPublicKey());
			return true;
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

}
