package dev.psat.docs.orders;

import java.io.IOException;
import java.nio.file.Files;

import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The documentation's example of a test without Spring.
 */
// tag::plain[]
class TokenFileTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().audience("spire-server").build();

	@Test
	void followsRotation() throws IOException {
		String rotated = this.kubelet.rotate();
		assertThat(Files.readString(this.kubelet.tokenPath())).isEqualTo(rotated);
	}

	@Test
	void keepsTheTokenWhenTheFileIsGone() {
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).build()) {
			assertThat(source.value()).isEqualTo(this.kubelet.token());
			this.kubelet.removeToken();
			assertThat(source.refresh().message()).startsWith("There is no file");
			assertThat(source.value()).isEqualTo(this.kubelet.token());
		}
	}

}
// end::plain[]
