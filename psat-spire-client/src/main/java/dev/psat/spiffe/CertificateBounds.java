package dev.psat.spiffe;

import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.psat.spiffe.internal.Der;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what it costs the JDK to verify a path. PKIX compares each name with each
 * constraint, and the constraints of one certificate with those of all others, and keeps
 * a tree of policies, which one that is repeated multiplies.
 */
final class CertificateBounds {

	/** In bytes. With all that it may have, a certificate is much smaller. */
	static final int LARGEST = 16 * 1024;

	static final int MOST_POLICIES = 32;

	static final int MOST_POLICY_MAPPINGS = 32;

	static final int MOST_NAME_CONSTRAINTS = 64;

	/** Alternative names, and attributes of the subject, of which PKIX takes some. */
	static final int MOST_NAMES = 256;

	/** RFC 5280, section 4.2.1. */
	private static final String ALTERNATIVE_NAMES = "2.5.29.17";

	private static final String NAME_CONSTRAINTS = "2.5.29.30";

	private static final String POLICIES = "2.5.29.32";

	private static final String POLICY_MAPPINGS = "2.5.29.33";

	private CertificateBounds() {
	}

	/** Return what completes "a certificate", {@code null} if it costs little enough. */
	static @Nullable String problem(X509Certificate certificate) {
		try {
			// first, so that nothing else has more to read
			if (certificate.getEncoded().length > LARGEST) {
				return "is larger than %d bytes".formatted(LARGEST);
			}
			return count(certificate);
		}
		catch (CertificateEncodingException | IllegalArgumentException ex) {
			return "has names or extensions that cannot be read";
		}
	}

	private static @Nullable String count(X509Certificate certificate) {
		List<byte[]> policies = elements(certificate, POLICIES, MOST_POLICIES);
		if (policies.size() > MOST_POLICIES) {
			return "has more than %d policies".formatted(MOST_POLICIES);
		}
		if (hasDuplicate(policies)) {
			return "has a policy twice";
		}
		if (elements(certificate, POLICY_MAPPINGS, MOST_POLICY_MAPPINGS).size() > MOST_POLICY_MAPPINGS) {
			return "has more than %d policy mappings".formatted(MOST_POLICY_MAPPINGS);
		}
		// those that are permitted, and those that are excluded
		if (countInEach(elements(certificate, NAME_CONSTRAINTS, 2), MOST_NAME_CONSTRAINTS) > MOST_NAME_CONSTRAINTS) {
			return "has more than %d name constraints".formatted(MOST_NAME_CONSTRAINTS);
		}
		List<byte[]> subject = Der.elements(Der.contents(certificate.getSubjectX500Principal().getEncoded(), 0),
				MOST_NAMES);
		int names = elements(certificate, ALTERNATIVE_NAMES, MOST_NAMES).size() + countInEach(subject, MOST_NAMES);
		return (names > MOST_NAMES) ? "has more than %d names".formatted(MOST_NAMES) : null;
	}

	private static List<byte[]> elements(X509Certificate certificate, String extension, int most) {
		byte[] value = certificate.getExtensionValue(extension);
		return (value != null) ? Der.elements(Der.contents(Der.contents(value, 0), 0), most) : List.of();
	}

	private static int countInEach(List<byte[]> elements, int most) {
		return elements.stream().mapToInt((element) -> Der.elements(Der.contents(element, 0), most).size()).sum();
	}

	/** By the identifier, which comes first (RFC 5280, section 4.2.1.4). */
	private static boolean hasDuplicate(List<byte[]> policies) {
		Set<ByteBuffer> identifiers = new HashSet<>();
		return !policies.stream()
			.map((policy) -> ByteBuffer.wrap(Der.contents(Der.contents(policy, 0), 0)))
			.allMatch(identifiers::add);
	}

}
