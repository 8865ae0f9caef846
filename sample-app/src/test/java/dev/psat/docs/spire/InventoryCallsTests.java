package dev.psat.docs.spire;

// tag::test[]
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
// end::test[]
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The documentation's example of a test on the simulated SPIRE Server.
 */
// tag::test[]
@SpringBootTest
@Import(SimulatedSpireServerConfiguration.class)
class InventoryCallsTests {

	@Autowired
	private SimulatedSpireServer server;

	@Autowired
	private SpireIdentity identity;

	@Autowired
	private InventoryCalls calls;

	@BeforeEach
	void awaitIdentity() {
		await().until(() -> this.identity.status().state().isUp());
	}

	@Test
	void isAuthorizedAgainAfterAnEviction() {
		this.server.agents().ids().forEach(this.server.agents()::evict);
		assertThat(this.calls.authorization()).startsWith("Bearer ey");
	}

}
// end::test[]
