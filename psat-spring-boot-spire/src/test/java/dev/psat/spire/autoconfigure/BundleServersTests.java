package dev.psat.spire.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BundleServers}.
 */
class BundleServersTests {

	private final BundleServers servers = new BundleServers();

	@Test
	void nobodyServesTheBundleAtFirst() {
		assertThat(this.servers.expecting(List.of(() -> null))).isEmpty();
	}

	@Test
	void serversAreThoseThatWereMadeAndThoseOfProperties() {
		this.servers.add("the web server");
		List<BundleDemand> demands = List.of(() -> "the gRPC server", () -> "the web server", () -> null);
		assertThat(this.servers.expecting(demands)).containsExactly("the web server", "the gRPC server");
	}

}
