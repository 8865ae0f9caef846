package dev.psat.spire.client;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import java.util.List;

import dev.psat.spiffe.internal.TestDer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for {@link CertificateRequest} and {@link KeyType}.
 */
class CertificateRequestTests {

	private static final HexFormat HEX = HexFormat.of();

	private static final String VERSION = "020100";

	private static final String SUBJECT = "301d310b3009060355040613025553310e300c060355040a13055350495245";

	private static final String NO_ATTRIBUTES = "a000";

	@TempDir
	Path directory;

	@ParameterizedTest
	@CsvSource({ "EC_P256, SHA256withECDSA, 300a06082a8648ce3d040302",
			"EC_P384, SHA384withECDSA, 300a06082a8648ce3d040303",
			"RSA_2048, SHA256withRSA, 300d06092a864886f70d01010b0500" })
	void requestHoldsSubjectAndKeyAndIsSignedWithIt(KeyType type, String algorithm, String identifier)
			throws Exception {
		KeyPair keys = type.generate();
		String key = HEX.formatHex(keys.getPublic().getEncoded());
		List<byte[]> parts = TestDer.contents(CertificateRequest.of(keys));
		assertThat(parts).hasSize(3);
		assertThat(TestDer.contents(parts.get(0))).extracting(HEX::formatHex)
			.containsExactly(VERSION, SUBJECT, key, NO_ATTRIBUTES);
		assertThat(HEX.formatHex(parts.get(1))).isEqualTo(identifier);
		Signature signature = Signature.getInstance(algorithm);
		signature.initVerify(keys.getPublic());
		signature.update(parts.get(0));
		assertThat(signature.verify(TestDer.bits(parts.get(2)))).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void opensslVerifiesTheRequest(KeyType type) throws Exception {
		assumeTrue(isOpensslInstalled(), "openssl is not installed");
		Path request = Files.write(this.directory.resolve("request"), CertificateRequest.of(type.generate()));
		Process openssl = new ProcessBuilder("openssl", "req", "-inform", "DER", "-in", request.toString(), "-verify",
				"-noout", "-subject")
			.redirectErrorStream(true)
			.start();
		String output = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(openssl.waitFor()).as(output).isZero();
		assertThat(output).containsIgnoringCase("verify OK").containsPattern("C ?= ?US, ?O ?= ?SPIRE");
	}

	private static boolean isOpensslInstalled() {
		return List.of(System.getenv("PATH").split(":"))
			.stream()
			.anyMatch((directory) -> Files.isExecutable(Path.of(directory, "openssl")));
	}

	@ParameterizedTest
	@EnumSource
	void everyKeyPairIsAnotherOne(KeyType type) {
		assertThat(type.generate().getPublic()).isNotEqualTo(type.generate().getPublic());
	}

	@ParameterizedTest
	@CsvSource({ "EC_P256, 256", "EC_P384, 384", "RSA_2048, 2048" })
	void keyHasTheSizeOfItsType(KeyType type, int bits) {
		PublicKey key = type.generate().getPublic();
		int size = (key instanceof ECPublicKey ec) ? ec.getParams().getOrder().bitLength()
				: ((RSAPublicKey) key).getModulus().bitLength();
		assertThat(size).isEqualTo(bits);
	}

	@Test
	void keyOfAnotherTypeIsRefused() throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp521r1"));
		KeyPair p521 = generator.generateKeyPair();
		KeyPair ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
		for (KeyPair keys : List.of(p521, ed25519)) {
			assertThatIllegalArgumentException().isThrownBy(() -> CertificateRequest.of(keys))
				.withMessage("The key must be a P-256, P-384 or RSA key");
		}
	}

	@Test
	void keysOfTwoTypesAreRefused() {
		KeyPair mixed = new KeyPair(KeyType.RSA_2048.generate().getPublic(), KeyType.EC_P256.generate().getPrivate());
		assertThatIllegalArgumentException().isThrownBy(() -> CertificateRequest.of(mixed))
			.withMessage("The key cannot sign a certificate request");
	}

}
