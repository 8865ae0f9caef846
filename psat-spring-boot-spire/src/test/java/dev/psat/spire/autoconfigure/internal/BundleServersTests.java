package dev.psat.spire.autoconfigure.internal;

import java.util.List;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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

	@Test
	@NullUnmarked
	void nameAndCheckMustNotBeNull() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.servers.add(null))
			.withMessage("'name' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> this.servers.afterUpdate(null))
			.withMessage("'check' must not be null");
	}

}
