package dev.psat.spire.security;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.junit.jupiter.api.Test;

import org.springframework.security.authentication.BadCredentialsException;

import dev.psat.spire.client.TestAuthority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SpiffeX509PrincipalExtractor}.
 */
class SpiffeX509PrincipalExtractorTests {

	private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

	private final TestAuthority authority = new TestAuthority();

	private final SpiffeX509PrincipalExtractor extractor = new SpiffeX509PrincipalExtractor();

	@Test
	void principalIsTheSpiffeId() {
		String id = "spiffe://example.org/ns/shop/sa/orders";
		assertThat(this.extractor.extractPrincipal(this.authority.certify(id, NOW, Duration.ofHours(1)))).isEqualTo(id);
	}

	@Test
	void certificateOfAnAuthorityIsNobody() {
		assertThatExceptionOfType(BadCredentialsException.class).isThrownBy(
				() -> this.extractor.extractPrincipal(this.authority.bundle().x509Authorities().get(0).certificate()))
			.withMessage("The certificate is not an X.509-SVID: it is a CA certificate");
	}

	@Test
	void agentOfSpireIsNobody() {
		String id = "spiffe://example.org/spire/agent/k8s_psat/demo/pod/1";
		assertThatExceptionOfType(BadCredentialsException.class)
			.isThrownBy(() -> this.extractor.extractPrincipal(this.authority.certify(id, NOW, Duration.ofHours(1))))
			.withMessage(id + " is a server or agent of SPIRE");
	}

	@Test
	void certificateWithoutSpiffeIdIsNobody() {
		assertThatExceptionOfType(BadCredentialsException.class)
			.isThrownBy(() -> this.extractor
				.extractPrincipal(this.authority.certify("https://example.org/orders", NOW, Duration.ofHours(1))))
			.withMessage("The certificate is not an X.509-SVID: \"https://example.org/orders\" is not a valid SPIFFE "
					+ "ID: it does not begin with spiffe://");
	}

}
