package dev.psat.spire.client;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

import dev.psat.spiffe.internal.Der;

/** PKCS#10 (RFC 2986) with the subject of SPIRE's agent; only the key is used. */
final class CertificateRequest {

	private static final byte[] SUBJECT = Der.sequence(name("2.5.4.6", "US"), name("2.5.4.10", "SPIRE"));

	private static final byte[] NO_ATTRIBUTES = Der.element(0xa0);

	private CertificateRequest() {
	}

	static byte[] of(KeyPair keys) {
		PublicKey key = keys.getPublic();
		SignatureAlgorithm algorithm = SignatureAlgorithm.of(key);
		byte[] info = Der.sequence(Der.integer(BigInteger.ZERO), SUBJECT, key.getEncoded(), NO_ATTRIBUTES);
		try {
			Signature signature = Signature.getInstance(algorithm.name);
			signature.initSign(keys.getPrivate());
			signature.update(info);
			return Der.sequence(info, algorithm.identifier, Der.bitString(signature.sign()));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalArgumentException("The key cannot sign a certificate request", ex);
		}
	}

	private static byte[] name(String type, String value) {
		return Der.set(Der.sequence(Der.objectIdentifier(type), Der.printableString(value)));
	}

	/** Signature algorithms (RFC 5758, section 3.2, and RFC 4055, section 5). */
	enum SignatureAlgorithm {

		ECDSA_SHA256("SHA256withECDSA", Der.objectIdentifier("1.2.840.10045.4.3.2")),

		ECDSA_SHA384("SHA384withECDSA", Der.objectIdentifier("1.2.840.10045.4.3.3")),

		RSA_SHA256("SHA256withRSA", Der.objectIdentifier("1.2.840.113549.1.1.11"), Der.element(0x05));

		final String name;

		final byte[] identifier;

		SignatureAlgorithm(String name, byte[]... identifier) {
			this.name = name;
			this.identifier = Der.sequence(identifier);
		}

		static SignatureAlgorithm of(PublicKey key) {
			if (key instanceof RSAPublicKey) {
				return RSA_SHA256;
			}
			int bits = (key instanceof ECPublicKey ec) ? ec.getParams().getOrder().bitLength() : 0;
			return switch (bits) {
				case 256 -> ECDSA_SHA256;
				case 384 -> ECDSA_SHA384;
				default -> throw new IllegalArgumentException("The key must be a P-256, P-384 or RSA key");
			};
		}

	}

}
