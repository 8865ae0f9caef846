package dev.psat.docs.recipes;

import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.docs.spire.OrdersApplication;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import dev.psat.token.LookObserver;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Customizations}.
 */
@SpringBootTest(classes = OrdersApplication.class)
@Import({ Customizations.class, SimulatedSpireServerConfiguration.class, CustomizationsTests.Looks.class })
class CustomizationsTests {

	@Autowired
	SpireIdentity identity;

	@Autowired
	AtomicInteger looks;

	@Test
	void bothBuildersAreCustomized() {
		await().until(() -> this.identity.status().state().isUp());
		await().until(() -> this.looks.get() > 0);
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Looks {

		@Bean
		AtomicInteger counter() {
			return new AtomicInteger();
		}

		@Bean
		LookObserver observer(AtomicInteger looks) {
			return (outcome, sinceCause) -> looks.incrementAndGet();
		}

	}

}
