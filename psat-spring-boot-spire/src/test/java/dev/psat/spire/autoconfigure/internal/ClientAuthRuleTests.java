package dev.psat.spire.autoconfigure.internal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.Ssl.ClientAuth;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClientAuthRule}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClientAuthRuleTests {

	@Test
	void clientsNeedACertificateUnlessToldOtherwise(CapturedOutput output) {
		assertThat(ClientAuthRule.of(null, "the web server")).isEqualTo(ClientAuth.NEED);
		assertThat(ClientAuthRule.of(ClientAuth.NEED, "the web server")).isEqualTo(ClientAuth.NEED);
		assertThat(output).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"',
			value = { "WANT, 'client-auth' is 'want': the web server also lets in clients without a certificate",
					"NONE, 'client-auth' is 'none': the web server does not ask clients for a certificate" })
	void whatTheApplicationSaysStandsWithAWarning(ClientAuth configured, String warning, CapturedOutput output) {
		assertThat(ClientAuthRule.of(configured, "the web server")).isEqualTo(configured);
		assertThat(output).contains("WARN").contains(warning);
	}

}
