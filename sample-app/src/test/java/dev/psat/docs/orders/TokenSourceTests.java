package dev.psat.docs.orders;

import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The documentation's example of a test of a source.
 */
class TokenSourceTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().audience("spire-server").build();

	// tag::source[]
	@Test
	void keepsTheTokenWhenTheFileIsGone() {
		try (TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build()) {
			assertThat(source.value()).isEqualTo(this.kubelet.token());
			this.kubelet.removeToken();
			assertThat(source.refresh().message()).startsWith("There is no file");
			assertThat(source.value()).isEqualTo(this.kubelet.token());
		}
	}
	// end::source[]

}
