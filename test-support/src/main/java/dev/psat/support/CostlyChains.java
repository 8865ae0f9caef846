package dev.psat.support;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Chains that are small, and that keep PKIX busy, most of them for longer than anybody
 * waits. Each of their certificates was signed by the one behind it, but whoever has a
 * copy needs no key.
 */
public final class CostlyChains {

	/** As many certificates as a server of the JDK accepts, with the leaf. */
	public static final int LENGTH = 8;

	/** So that a test ends where PKIX would not. Nothing is measured. */
	public static final Duration ENDLESS = Duration.ofMinutes(2);

	private static final int SEQUENCE = 0x30;

	private static final int DNS_NAME = 0x82;

	private CostlyChains() {
	}

	/**
	 * Create a chain, whose leaf has {@link CertificateWriter#KEYS}.
	 * @param issuer the name of the authority
	 * @param key the key of the authority
	 * @param spiffeId the SPIFFE ID of the leaf
	 * @param burden what makes a certificate of it costly
	 * @return the leaf, then intermediates
	 */
	public static List<X509Certificate> below(String issuer, PrivateKey key, String spiffeId,
			UnaryOperator<CertificateWriter> burden) {
		LinkedList<X509Certificate> chain = new LinkedList<>();
		String signer = issuer;
		PrivateKey signing = key;
		for (int i = 0; i < LENGTH - 1; i++) {
			KeyPair own = CertificateWriter.newKeys();
			String name = "intermediate " + i;
			chain.addFirst(burden.apply(new CertificateWriter().ca(null).subject(name).key(own.getPublic()))
				.signedBy(signer, signing));
			signer = name;
			signing = own.getPrivate();
		}
		chain.addFirst(
				burden.apply(new CertificateWriter().subject("the leaf").uri(spiffeId)).signedBy(signer, signing));
		return List.copyOf(chain);
	}

	/**
	 * Twelve policies, each of which is mapped to each: the tree of policies has 12 times
	 * as many leaves with each certificate.
	 */
	public static CertificateWriter mappedPolicies(CertificateWriter certificate) {
		return mappedPolicies(certificate, 12);
	}

	public static CertificateWriter mappedPolicies(CertificateWriter certificate, int count) {
		return policyMappings(policies(certificate, count, (i) -> "1.2." + (i + 1)), count * count,
				(i) -> "1.2." + (i / count + 1), (i) -> "1.2." + (i % count + 1));
	}

	/**
	 * One policy, twelve times, with the same effect.
	 */
	public static CertificateWriter repeatedPolicy(CertificateWriter certificate) {
		return policies(certificate, 12, (i) -> "1.2.1");
	}

	/**
	 * Permitted names of which all but one differ from those of any other certificate:
	 * each is compared with each, for each.
	 */
	public static CertificateWriter disjointNames(CertificateWriter certificate) {
		String unique = Long.toString(System.identityHashCode(certificate), Character.MAX_RADIX);
		return permittedNames(certificate, 150, (i) -> (i > 0) ? "x%s-%x".formatted(unique, i) : "the-same");
	}

	public static CertificateWriter policies(CertificateWriter certificate, int count, IntFunction<String> identifier) {
		return certificate.extension("2.5.29.32", false, sequence(count, (i) -> sequence(oid(identifier.apply(i)))));
	}

	public static CertificateWriter policyMappings(CertificateWriter certificate, int count, IntFunction<String> from,
			IntFunction<String> to) {
		return certificate.extension("2.5.29.33", false,
				sequence(count, (i) -> sequence(oid(from.apply(i)), oid(to.apply(i)))));
	}

	public static CertificateWriter permittedNames(CertificateWriter certificate, int count, IntFunction<String> name) {
		return certificate.nameConstraints(sequence(subtrees(0xa0, count, name)));
	}

	public static CertificateWriter excludedNames(CertificateWriter certificate, int count, IntFunction<String> name) {
		return certificate.nameConstraints(sequence(subtrees(0xa1, count, name)));
	}

	private static byte[] subtrees(int tag, int count, IntFunction<String> name) {
		return CertificateWriter.der(tag, elements(count,
				(i) -> sequence(CertificateWriter.der(DNS_NAME, name.apply(i).getBytes(StandardCharsets.US_ASCII)))));
	}

	private static byte[] sequence(int count, IntFunction<byte[]> element) {
		return sequence(elements(count, element));
	}

	private static byte[][] elements(int count, IntFunction<byte[]> element) {
		return IntStream.range(0, count).mapToObj(element).toArray(byte[][]::new);
	}

	private static byte[] sequence(byte[]... elements) {
		return CertificateWriter.der(SEQUENCE, elements);
	}

	private static byte[] oid(String identifier) {
		return CertificateWriter.oid(identifier);
	}

}
