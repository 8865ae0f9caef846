package dev.psat.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.PsatAttestor;
import dev.psat.support.Leftovers;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import dev.psat.token.Shown;
import dev.psat.token.TokenSource;
import dev.psat.token.WatchMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for many application contexts in one JVM, as test suites have them. There are
 * fewer inotify instances than contexts, usually 128 for all processes of a user: the
 * contexts that get none poll.
 */
class ManyContextsTests {

	private static final int COUNT = 200;

	private final Map<SimulatedKubelet, ConfigurableApplicationContext> contexts = new LinkedHashMap<>();

	@Matrix
	@Test
	@Timeout(Patience.SECONDS)
	void everyContextServesItsTokenAndLeavesNothing() {
		Leftovers leftovers = new Leftovers();
		try {
			for (int i = 0; i < COUNT; i++) {
				SimulatedKubelet kubelet = SimulatedKubelet.builder().build();
				this.contexts.put(kubelet, start(kubelet));
			}
			this.contexts.forEach((kubelet, context) -> assertServes(context, kubelet.token()));
			this.contexts.keySet().forEach(SimulatedKubelet::rotate);
			await().untilAsserted(
					() -> this.contexts.forEach((kubelet, context) -> assertServes(context, kubelet.token())));
			List<WatchMode> modes = new ArrayList<>();
			this.contexts.values()
				.forEach((context) -> modes.add(Shown.watch(context.getBean(TokenSource.class).status()).mode()));
			assertThat(modes).isSubsetOf(WatchMode.EVENTS, WatchMode.POLLING);
		}
		finally {
			this.contexts.forEach((kubelet, context) -> {
				context.close();
				kubelet.close();
			});
		}
		leftovers.expectNone();
	}

	private static ConfigurableApplicationContext start(SimulatedKubelet kubelet) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues
			.of("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + kubelet.tokenPath(),
					"spire.psat.refresh.poll-interval=1s", "spire.psat.fail-fast=true")
			.applyTo(context);
		context.register(PsatAutoConfiguration.class);
		context.refresh();
		return context;
	}

	private static void assertServes(ConfigurableApplicationContext context, String token) {
		assertThat(context.getBean(TokenSource.class).value()).isEqualTo(token);
		assertThat(context.getBean(PsatAttestor.class).payload().fingerprint())
			.isEqualTo(ProjectedToken.parse(token).fingerprint());
	}

}
