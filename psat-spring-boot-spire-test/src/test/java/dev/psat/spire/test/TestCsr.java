package dev.psat.spire.test;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

/**
 * Writes certificate signing requests.
 */
final class TestCsr {

	private TestCsr() {
	}

	static byte[] of(KeyPair keys) {
		return of(keys, keys);
	}

	static byte[] of(KeyPair keys, KeyPair signer) {
		boolean ec = keys.getPublic().getAlgorithm().equals("EC");
		byte[] info = Der.sequence(Der.integer(BigInteger.ZERO), Der.sequence(), keys.getPublic().getEncoded(),
				Der.element(Der.CONTEXT_CONSTRUCTED));
		byte[] algorithm = Der.sequence(Der.oid(ec ? "1.2.840.10045.4.3.2" : "1.2.840.113549.1.1.11"));
		try {
			Signature signature = Signature.getInstance(ec ? "SHA256withECDSA" : "SHA256withRSA");
			signature.initSign(signer.getPrivate());
			signature.update(info);
			return Der.sequence(info, algorithm, Der.bitString(0, signature.sign()));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
