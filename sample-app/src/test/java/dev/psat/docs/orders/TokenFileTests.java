package dev.psat.docs.orders;

import java.io.IOException;
import java.nio.file.Files;

import dev.psat.test.SimulatedKubelet;
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
	void fileFollowsRotation() throws IOException {
		String rotated = this.kubelet.rotate();
		assertThat(Files.readString(this.kubelet.tokenPath())).isEqualTo(rotated);
	}

}
// end::plain[]
