package dev.psat.spire.client;

import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ServerAddress}.
 */
class ServerAddressTests {

	@ParameterizedTest
	@CsvSource({ "spire-server:8081, spire-server, 8081, false",
			"spire-server.spire.svc.cluster.local.:443, spire-server.spire.svc.cluster.local., 443, false",
			"spire_server:1, spire_server, 1, false", "10.0.0.1:65535, 10.0.0.1, 65535, true",
			"[::1]:8081, ::1, 8081, true", "[fe80::1%eth0]:8081, fe80::1%eth0, 8081, true",
			"[2001:db8::10.0.0.1]:8081, 2001:db8::10.0.0.1, 8081, true" })
	void parsesHostAndPortAndWritesThemAgain(String text, String host, int port, boolean literal) {
		ServerAddress address = ServerAddress.parse(text);
		assertThat(address).isEqualTo(new ServerAddress(host, port)).hasToString(text);
		assertThat(address.isLiteral()).isEqualTo(literal);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ar-EG", "fa-IR", "mr-IN" })
	void portHasTheSameDigitsInEveryLanguage(String language) {
		Locale before = Locale.getDefault();
		Locale.setDefault(Locale.forLanguageTag(language));
		try {
			assertThat(new ServerAddress("spire-server", 8081)).hasToString("spire-server:8081");
			assertThat(new ServerAddress("::1", 8081)).hasToString("[::1]:8081");
		}
		finally {
			Locale.setDefault(before);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "spire", "spire:", ":8081", "spire:0", "spire:65536", "spire:-1", "spire:+1",
			"spire:123456", "spire:8081 ", " spire:8081", "::1:8081", "[::1]", "[::1]8081", "[spire]:8081", "[]:8081",
			"[::1:8081", "https://spire:8081", "dns:///spire:8081", "spire/x:8081", "a b:8081", "user@spire:8081",
			"spire:80a" })
	void anythingElseIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> ServerAddress.parse(text));
	}

	@Test
	void hostAndPortAreChecked() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ServerAddress("[::1]", 8081));
		assertThatIllegalArgumentException().isThrownBy(() -> new ServerAddress("spire:8081", 8081));
		assertThatIllegalArgumentException().isThrownBy(() -> new ServerAddress("spire", 0))
			.withMessageContaining("Port 0");
	}

}
