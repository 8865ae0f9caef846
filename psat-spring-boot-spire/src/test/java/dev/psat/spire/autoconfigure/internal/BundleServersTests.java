package dev.psat.spire.autoconfigure.internal;

import java.util.List;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BundleServers}.
 */
class BundleServersTests {

	private final BundleServers servers = new BundleServers(SpiffeSslBundle.of(new TestIdentity()), null, null);

	@Test
	void nobodyServesTheBundleAtFirst() {
		assertThat(this.servers.expecting(List.of(() -> null))).isEmpty();
	}

	@Test
	void serversAreThoseThatWereMadeAndThoseOfProperties() {
		this.servers.add("the web server");
		List<BundleServers.Demand> demands = List.of(() -> "the gRPC server", () -> "the web server", () -> null);
		assertThat(this.servers.expecting(demands)).containsExactly("the web server", "the gRPC server");
	}

}
