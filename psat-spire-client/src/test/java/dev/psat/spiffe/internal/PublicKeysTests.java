package dev.psat.spiffe.internal;

import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;

import dev.psat.spire.client.KeyType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PublicKeys}.
 */
class PublicKeysTests {

	@ParameterizedTest
	@ValueSource(strings = { "secp256r1", "secp384r1", "secp521r1" })
	void pointIsOnItsCurveOrNoKey(String curve) throws Exception {
		PublicKey key = elliptic(curve);
		byte[] der = key.getEncoded();
		assertThat(PublicKeys.read(der)).isEqualTo(key);
		for (int i = 1; i <= 8; i++) {
			byte[] off = der.clone();
			off[der.length - i] ^= 1;
			assertThat(PublicKeys.read(off)).isNull();
		}
	}

	@Test
	void coordinatesAreBelowThePrimeAndNotAllOfThemZero() throws Exception {
		ECPublicKey key = elliptic("secp256r1");
		byte[] der = key.getEncoded();
		// which is congruent to a coordinate, if it is small enough for as many octets
		Arrays.fill(der, der.length - 64, der.length, (byte) 0xff);
		assertThat(PublicKeys.read(der)).isNull();
		Arrays.fill(der, der.length - 64, der.length, (byte) 0);
		assertThat(PublicKeys.read(der)).isNull();
	}

	@Test
	void rsaKeyIsRead() {
		PublicKey key = KeyType.RSA_2048.generate().getPublic();
		assertThat(PublicKeys.read(key.getEncoded())).isEqualTo(key);
	}

	private static ECPublicKey elliptic(String curve) throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec(curve));
		return (ECPublicKey) generator.generateKeyPair().getPublic();
	}

}
