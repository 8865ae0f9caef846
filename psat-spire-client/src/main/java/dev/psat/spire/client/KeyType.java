package dev.psat.spire.client;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/**
 * Key types of an SVID: those that a SPIRE Agent offers for workloads.
 *
 * @since 0.1.0
 */
public enum KeyType {

	/** The elliptic curve P-256. */
	EC_P256("EC", new ECGenParameterSpec("secp256r1")),

	/** The elliptic curve P-384. */
	EC_P384("EC", new ECGenParameterSpec("secp384r1")),

	/** RSA with a key of 2048 bits. */
	RSA_2048("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));

	private final String algorithm;

	private final AlgorithmParameterSpec parameters;

	KeyType(String algorithm, AlgorithmParameterSpec parameters) {
		this.algorithm = algorithm;
		this.parameters = parameters;
	}

	/** Return a new key pair. */
	public KeyPair generate() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance(this.algorithm);
			generator.initialize(this.parameters);
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("This Java platform does not support keys of type " + this, ex);
		}
	}

}
