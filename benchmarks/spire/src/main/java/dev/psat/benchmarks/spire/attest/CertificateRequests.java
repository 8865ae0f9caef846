package dev.psat.benchmarks.spire.attest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

/**
 * Makes certificate requests (PKCS#10) like those of our client, for keys on P-256.
 */
final class CertificateRequests {

	private static final int SEQUENCE = 0x30;

	private static final byte[] VERSION = { 0x02, 0x01, 0x00 };

	private static final byte[] SUBJECT = der(SEQUENCE, name(6, "US"), name(10, "SPIRE"));

	private static final byte[] NO_ATTRIBUTES = { (byte) 0xa0, 0x00 };

	/**
	 * {@code ecdsa-with-SHA256}.
	 */
	private static final byte[] ALGORITHM = der(SEQUENCE,
			der(0x06, new byte[] { 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02 }));

	private CertificateRequests() {
	}

	static byte[] of(KeyPair keys) throws GeneralSecurityException {
		byte[] info = der(SEQUENCE, VERSION, SUBJECT, keys.getPublic().getEncoded(), NO_ATTRIBUTES);
		Signature signature = Signature.getInstance("SHA256withECDSA");
		signature.initSign(keys.getPrivate());
		signature.update(info);
		return der(SEQUENCE, info, ALGORITHM, der(0x03, new byte[1], signature.sign()));
	}

	private static byte[] name(int attribute, String value) {
		byte[] type = der(0x06, new byte[] { 0x55, 0x04, (byte) attribute });
		return der(0x31, der(SEQUENCE, type, der(0x13, value.getBytes(StandardCharsets.US_ASCII))));
	}

	private static byte[] der(int tag, byte[]... contents) {
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		for (byte[] part : contents) {
			content.writeBytes(part);
		}
		ByteArrayOutputStream der = new ByteArrayOutputStream();
		der.write(tag);
		if (content.size() > 0x7f) {
			der.write((content.size() > 0xff) ? 0x82 : 0x81);
		}
		if (content.size() > 0xff) {
			der.write(content.size() >> 8);
		}
		der.write(content.size());
		der.writeBytes(content.toByteArray());
		return der.toByteArray();
	}

}
