package dev.psat.spire.test;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.JWTKey;
import dev.psat.spire.test.proto.X509Certificate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link SimulatedTrustBundle} and the rotation of {@link SimulatedAuthority}.
 */
class SimulatedTrustBundleTests {

	private final JsonMapper json = new JsonMapper();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().build();

	private final SimulatedTrustBundle trustBundle = this.server.trustBundle();

	@AutoClose
	private final TestClient client = TestClient.anonymous(this.server);

	@Test
	void pemHasTheAuthoritiesThatServerAnswers(@TempDir Path directory) throws Exception {
		this.server.authority().prepare();
		Path file = directory.resolve("bundle.pem");
		this.trustBundle.writeTo(file);
		List<Certificate> written = List.copyOf(CertificateFactory.getInstance("X.509")
			.generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file))));
		assertThat(written).hasSize(2)
			.isEqualTo(this.client.bundle()
				.getX509AuthoritiesList()
				.stream()
				.map((authority) -> TestSvid.certificate(authority.getAsn1()))
				.toList());
		assertThat(file).content().doesNotContain("\r").startsWith("-----BEGIN CERTIFICATE-----\n").endsWith("-----\n");
	}

	@Test
	void nothingIsLeftOfFileThatCannotBeWritten(@TempDir Path directory) throws Exception {
		Path occupied = directory.resolve("bundle.pem");
		Files.createDirectories(occupied.resolve("full"));
		assertThatIOException().isThrownBy(() -> this.trustBundle.writeTo(occupied));
		assertThat(directory.toFile().list()).containsExactly("bundle.pem");
	}

	@Test
	void jwksHasTheFormOfTheTranscript() {
		JsonNode recorded = this.json.readTree(Transcript.bytes("bundle-before.jwks"));
		JsonNode actual = this.json.readTree(this.trustBundle.toJwks());
		assertThat(actual.propertyNames()).containsExactlyElementsOf(recorded.propertyNames());
		assertThat(actual.get("spiffe_sequence")).isEqualTo(recorded.get("spiffe_sequence"));
		for (int i = 0; i < 2; i++) {
			JsonNode recordedKey = recorded.get("keys").get(i);
			JsonNode actualKey = actual.get("keys").get(i);
			assertThat(actualKey.propertyNames()).containsExactlyInAnyOrderElementsOf(recordedKey.propertyNames());
			for (String same : new String[] { "use", "kty", "crv" }) {
				assertThat(actualKey.get(same)).isEqualTo(recordedKey.get(same));
			}
			assertThat(Base64.getUrlDecoder().decode(actualKey.get("x").asString())).hasSize(32);
			assertThat(Base64.getUrlDecoder().decode(actualKey.get("y").asString())).hasSize(32);
		}
		assertThat(Base64.getDecoder().decode(actual.get("keys").get(0).get("x5c").get(0).asString()))
			.isEqualTo(this.client.bundle().getX509Authorities(0).getAsn1().toByteArray());
	}

	@Test
	void emptyTrustBundleIsAnsweredUntilItIsNotEmptyAnyMore() {
		Bundle before = this.client.bundle();
		this.trustBundle.empty(true);
		assertThat(this.client.bundle()).isEqualTo(before.toBuilder().clearX509Authorities().build());
		this.trustBundle.empty(false);
		assertThat(this.client.bundle()).isEqualTo(before);
	}

	@Test
	void sequenceNumberGoesBackAndRefreshHintIsSet() {
		this.server.authority().rotate();
		assertThat(this.client.bundle().getSequenceNumber()).isEqualTo(2);
		this.trustBundle.sequenceNumber(1);
		this.trustBundle.refreshHint(Duration.ofMinutes(2));
		assertThat(this.client.bundle().getSequenceNumber()).isOne();
		assertThat(this.trustBundle.sequenceNumber()).isOne();
		assertThat(this.client.bundle().getRefreshHint()).isEqualTo(120);
		assertThat(this.json.readTree(this.trustBundle.toJwks()).get("spiffe_refresh_hint").asInt()).isEqualTo(120);
	}

	@Test
	void taintedAuthorityShowsInTheAnswerAlone() {
		this.server.authority().rotate();
		String jwks = this.trustBundle.toJwks();
		this.server.authority().taint();
		assertThat(this.client.bundle().getX509AuthoritiesList()).extracting(X509Certificate::getTainted)
			.containsExactly(true, false);
		assertThat(this.trustBundle.toJwks())
			.isEqualTo(jwks.replace("\"spiffe_sequence\" : 2", "\"spiffe_sequence\" : 3"));
	}

	@Test
	void stepsOfRotationKeepTheirOrder() {
		SimulatedAuthority authority = this.server.authority();
		assertThatIllegalStateException().isThrownBy(authority::activate);
		assertThatIllegalStateException().isThrownBy(authority::taint);
		assertThatIllegalStateException().isThrownBy(authority::revoke);
		authority.prepare();
		assertThatIllegalStateException().isThrownBy(authority::prepare);
		authority.activate();
		assertThatIllegalStateException().isThrownBy(authority::revoke);
		authority.taint();
		assertThatIllegalStateException().isThrownBy(authority::taint);
		authority.revoke();
		assertThatIllegalStateException().isThrownBy(authority::revoke);
	}

	@Test
	void rotationOfTheJwtAuthorityShowsInAnswerAndFileAndSigns() {
		SimulatedJwtAuthority authority = this.server.jwtAuthority();
		String first = authority.active().keyId();
		authority.prepare();
		assertThat(keyId(this.server.mint().jwtSvid("spiffe://example.org/a", "b"))).isEqualTo(first);
		authority.activate();
		String second = keyId(this.server.mint().jwtSvid("spiffe://example.org/a", "b"));
		authority.taint();
		assertThat(this.client.bundle().getJwtAuthoritiesList()).extracting(JWTKey::getKeyId, JWTKey::getTainted)
			.containsExactly(tuple(first, true), tuple(second, false));
		assertThat(this.trustBundle.toJwks()).contains(first, second);
		authority.revoke();
		assertThat(this.client.bundle().getJwtAuthoritiesList()).extracting(JWTKey::getKeyId).containsExactly(second);
		assertThat(this.trustBundle.toJwks()).contains(second).doesNotContain(first);
		assertThat(this.trustBundle.sequenceNumber()).isEqualTo(4);
		assertThatIllegalStateException().isThrownBy(authority::activate);
	}

	private String keyId(String token) {
		return this.json.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[0])).get("kid").asString();
	}

	@Test
	void thereIsNoJwtAuthorityIfJwtSvidsAreDisabled() {
		try (SimulatedSpireServer without = SimulatedSpireServer.builder().disableJwtSvids().build()) {
			assertThatIllegalStateException().isThrownBy(without::jwtAuthority);
		}
	}

	@Test
	void authorityOfUpstreamIsNotTainted() {
		try (SimulatedSpireServer subordinate = SimulatedSpireServer.builder().upstreamAuthority().build()) {
			subordinate.authority().rotate();
			assertThatIllegalStateException().isThrownBy(subordinate.authority()::taint);
			assertThat(subordinate.trustBundle().sequenceNumber()).isOne();
		}
	}

}
