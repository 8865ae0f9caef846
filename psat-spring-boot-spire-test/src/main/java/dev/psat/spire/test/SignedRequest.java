package dev.psat.spire.test;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/**
 * A certificate signing request, PKCS#10.
 */
record SignedRequest(PublicKey publicKey, byte[] signed, String algorithm, byte[] signature) {

	private static final Map<String, String> KEY_ALGORITHMS = Map.of(oid("1.2.840.10045.2.1"), "EC",
			oid("1.2.840.113549.1.1.1"), "RSA", oid("1.3.101.112"), "Ed25519");

	private static final Map<String, String> SIGNATURE_ALGORITHMS = Map.of(oid("1.2.840.10045.4.3.2"),
			"SHA256withECDSA", oid("1.2.840.10045.4.3.3"), "SHA384withECDSA", oid("1.2.840.10045.4.3.4"),
			"SHA512withECDSA", oid("1.2.840.113549.1.1.11"), "SHA256withRSA", oid("1.2.840.113549.1.1.12"),
			"SHA384withRSA", oid("1.2.840.113549.1.1.13"), "SHA512withRSA", oid("1.3.101.112"), "Ed25519");

	static SignedRequest parse(byte[] encoded) {
		DerReader outer = new DerReader(encoded);
		DerReader request = outer.next(Der.SEQUENCE).reader();
		if (outer.hasNext()) {
			throw new IllegalArgumentException("x509: trailing data");
		}
		DerReader.Element info = request.next(Der.SEQUENCE);
		String algorithm = oidOf(request.next(Der.SEQUENCE));
		byte[] signature = request.next(Der.BIT_STRING).content();
		DerReader parts = info.reader();
		parts.next(0x02);
		parts.next(Der.SEQUENCE);
		return new SignedRequest(publicKey(parts.next(Der.SEQUENCE)), info.encoded(), algorithm,
				Arrays.copyOfRange(signature, Math.min(1, signature.length), signature.length));
	}

	private static PublicKey publicKey(DerReader.Element info) {
		String algorithm = KEY_ALGORITHMS.get(oidOf(info.reader().next(Der.SEQUENCE)));
		if (algorithm == null) {
			throw new IllegalArgumentException("x509: unknown public key algorithm");
		}
		try {
			return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(info.encoded()));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalArgumentException("x509: malformed public key", ex);
		}
	}

	private static String oidOf(DerReader.Element algorithm) {
		return HexFormat.of().formatHex(algorithm.reader().next(0x06).encoded());
	}

	private static String oid(String dotted) {
		return HexFormat.of().formatHex(Der.oid(dotted));
	}

	boolean isSignatureValid() {
		String name = SIGNATURE_ALGORITHMS.get(this.algorithm);
		if (name == null) {
			return false;
		}
		try {
			Signature verifier = Signature.getInstance(name);
			verifier.initVerify(this.publicKey);
			verifier.update(this.signed);
			return verifier.verify(this.signature);
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

}
