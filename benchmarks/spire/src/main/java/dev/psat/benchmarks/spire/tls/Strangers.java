package dev.psat.benchmarks.spire.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import dev.psat.benchmarks.spire.World;

/**
 * Chains of somebody whom no authority knows, and that nobody has seen yet. Each
 * certificate is a copy with another key and another signature, so that the authority is
 * the issuer of all by name, and each has to be verified to know that it is of none.
 */
final class Strangers {

	/** As many as a server of the JDK accepts. */
	static final int LENGTH = 8;

	private static final int END_OF_THE_SIGNATURE = 8;

	private final Random random = new Random(ThroughputRun.SEED);

	private final List<PublicKey> keys = new ArrayList<>();

	private final X509Certificate leaf;

	private final X509Certificate authority;

	Strangers(World world) throws IOException, GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"));
		while (this.keys.size() < LENGTH) {
			this.keys.add(generator.generateKeyPair().getPublic());
		}
		this.leaf = world.server().mintX509Svid(World.id(ClientApplication.SERVICE_ACCOUNT)).chain().get(0);
		try (InputStream certificate = Files.newInputStream(world.trustBundle())) {
			this.authority = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(certificate);
		}
	}

	X509Certificate authority() {
		return this.authority;
	}

	/**
	 * Make the next chains.
	 * @param count how many
	 * @return a chain each
	 */
	List<X509Certificate[]> next(int count) {
		return IntStream.range(0, count)
			.mapToObj((chain) -> IntStream.range(0, LENGTH)
				.mapToObj((i) -> forged((i == 0) ? this.leaf : this.authority, this.keys.get(i)))
				.toArray(X509Certificate[]::new))
			.toList();
	}

	private X509Certificate forged(X509Certificate original, PublicKey key) {
		try {
			byte[] certificate = text(original.getEncoded())
				.replace(text(original.getPublicKey().getEncoded()), text(key.getEncoded()))
				.getBytes(StandardCharsets.ISO_8859_1);
			byte[] end = new byte[END_OF_THE_SIGNATURE];
			this.random.nextBytes(end);
			System.arraycopy(end, 0, certificate, certificate.length - end.length, end.length);
			return (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(new ByteArrayInputStream(certificate));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

}
