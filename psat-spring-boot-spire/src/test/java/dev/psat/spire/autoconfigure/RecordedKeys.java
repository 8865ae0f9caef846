package dev.psat.spire.autoconfigure;

import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyPairGeneratorSpi;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps every private key on an elliptic curve that this JVM generates, so that it can be
 * searched for.
 */
public final class RecordedKeys extends Provider {

	private static final List<ECPrivateKey> keys = new CopyOnWriteArrayList<>();

	private RecordedKeys() {
		super("RecordedKeys", "1", "Records what SunEC generates");
		put("KeyPairGenerator.EC", Generator.class.getName());
	}

	static void begin() {
		Security.insertProviderAt(new RecordedKeys(), 1);
	}

	/**
	 * Return the secret numbers in hexadecimal digits, 64 for each of P-256.
	 */
	static List<String> inHex() {
		return keys.stream().map((key) -> "%064x".formatted(key.getS())).toList();
	}

	/**
	 * Generates and records.
	 */
	public static final class Generator extends KeyPairGeneratorSpi {

		private final KeyPairGenerator generator;

		public Generator() throws NoSuchAlgorithmException, NoSuchProviderException {
			this.generator = KeyPairGenerator.getInstance("EC", "SunEC");
		}

		@Override
		public void initialize(int size, SecureRandom random) {
			this.generator.initialize(size, random);
		}

		@Override
		public void initialize(AlgorithmParameterSpec parameters, SecureRandom random)
				throws InvalidAlgorithmParameterException {
			this.generator.initialize(parameters, random);
		}

		@Override
		public KeyPair generateKeyPair() {
			KeyPair pair = this.generator.generateKeyPair();
			keys.add((ECPrivateKey) pair.getPrivate());
			return pair;
		}

	}

}
