package dev.psat.spire.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * A key and its certificate, signed by itself, for tests that pin it.
 *
 * @param certificate the certificate
 * @param privateKey the key
 */
record TransportCertificates(X509Certificate certificate, PrivateKey privateKey) {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private static final byte[] ECDSA_WITH_SHA256 = der(0x30,
			new byte[] { 6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2 });

	private static final byte[] COMMON_NAME = { 6, 3, 0x55, 4, 3 };

	static TransportCertificates create(String name) {
		return create(name, Instant.now().plusSeconds(3600));
	}

	static TransportCertificates create(String name, Instant notAfter) {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(256);
			KeyPair pair = generator.generateKeyPair();
			byte[] body = body(name, notAfter, pair.getPublic().getEncoded());
			Signature signature = Signature.getInstance("SHA256withECDSA");
			signature.initSign(pair.getPrivate());
			signature.update(body);
			byte[] encoded = der(0x30, body, ECDSA_WITH_SHA256, der(0x03, new byte[1], signature.sign()));
			return new TransportCertificates((X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(new ByteArrayInputStream(encoded)), pair.getPrivate());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] body(String name, Instant notAfter, byte[] publicKey) {
		byte[] distinguishedName = der(0x30,
				der(0x31, der(0x30, COMMON_NAME, der(0x0c, name.getBytes(StandardCharsets.UTF_8)))));
		byte[] validity = der(0x30, time(notAfter.minusSeconds(7200)), time(notAfter));
		byte[] serial = der(0x02, new byte[] { 1 });
		return der(0x30, serial, ECDSA_WITH_SHA256, distinguishedName, validity, distinguishedName, publicKey);
	}

	private static byte[] time(Instant instant) {
		return der(0x18, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
	}

	private static byte[] der(int tag, byte[]... parts) {
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			content.writeBytes(part);
		}
		ByteArrayOutputStream encoded = new ByteArrayOutputStream();
		encoded.write(tag);
		int length = content.size();
		if (length > 255) {
			encoded.write(0x82);
			encoded.write(length >> 8);
		}
		else if (length > 127) {
			encoded.write(0x81);
		}
		encoded.write(length);
		encoded.writeBytes(content.toByteArray());
		return encoded.toByteArray();
	}

	AgentKeyManager keyManager() {
		return new AgentKeyManager(List.of(this.certificate), this.privateKey);
	}

	/**
	 * A verifier that accepts this certificate alone.
	 */
	ServerVerifier pin() {
		return (chain) -> {
			if (!chain.get(0).equals(this.certificate)) {
				throw new ServerRejectedException(FailureReason.SERVER_NOT_TRUSTED,
						"the certificate is not the pinned one");
			}
		};
	}

}
