package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStateChangedEvent;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.health.SpireHealthContributorAutoConfiguration;
import dev.psat.spire.health.SpireHealthIndicator;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for an application whose SPIRE Server is not there, or hangs.
 */
class UnreachableServerTests {

	private static final String BUNDLE = "../psat-spring-boot-spire-test/src/test/resources/transcripts/bundle-before.pem";

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
				SpireHealthContributorAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + this.kubelet.tokenPath(),
				"spire.server.trust-domain=example.org");

	@Test
	void startSucceedsAndSaysWhatIsMissing(@TempDir Path directory) {
		this.contextRunner.withUserConfiguration(Listener.class)
			.withPropertyValues("spire.server.address=127.0.0.1:1",
					"spire.server.trust-bundle=" + directory.resolve("bundle.crt"))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(SpireIdentity.class).hasBean("spireIdentity");
				SpireIdentity identity = context.getBean(SpireIdentity.class);
				await().until(() -> identity.status().lastError() != null);
				assertThat(identity.status().state()).isEqualTo(SpireState.ATTESTING);
				assertThat(context.getBean(SpireHealthIndicator.class).health()).satisfies((health) -> {
					assertThat(health.getStatus()).isEqualTo(Status.DOWN);
					assertThat(health.getDetails()).containsEntry("reason", "TRUST_BUNDLE_UNREADABLE")
						.containsKeys("message", "advice");
				});
				assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::x509Svid);
				await().untilAsserted(
						() -> assertThat(context.getBean(Listener.class).states).contains(SpireState.ATTESTING));
			});
		await().untilAsserted(() -> assertThat(RunningThreads.beginningWith("psat-")).isEmpty());
	}

	@Test
	void startDoesNotWaitForAServerThatHangs() throws IOException {
		withHangingServer((context, server) -> {
			SpireIdentity identity = context.getBean(SpireIdentity.class);
			assertThat(identity.status().lastError()).isNull();
			try (Socket connection = server.accept()) {
				assertThat(connection.isConnected()).isTrue();
				assertThat(identity.status()).satisfies((status) -> {
					assertThat(status.state()).isEqualTo(SpireState.ATTESTING);
					assertThat(status.lastError()).isNull();
				});
			}
		});
	}

	@Test
	void closeDoesNotWaitForAServerThatHangs() throws IOException {
		withHangingServer((context, server) -> {
			try (Socket connection = server.accept()) {
				assertThat(connection.isConnected()).isTrue();
				SpireIdentity identity = context.getBean(SpireIdentity.class);
				context.close();
				// an attempt that is waited for ends as one that took too long
				assertThat(identity.status().lastError()).isNull();
				await().untilAsserted(() -> assertThat(RunningThreads.beginningWith("psat-")).isEmpty());
			}
		});
	}

	/**
	 * Accepts and never answers, so that an attempt fails after three seconds.
	 */
	private void withHangingServer(Assertions assertions) throws IOException {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			server.setSoTimeout(Patience.MILLIS);
			this.contextRunner
				.withPropertyValues("spire.server.address=127.0.0.1:" + server.getLocalPort(),
						"spire.server.trust-bundle=" + BUNDLE)
				.run((context) -> assertions.make(context, server));
		}
	}

	private interface Assertions {

		void make(AssertableApplicationContext context, ServerSocket server) throws IOException;

	}

	@Configuration(proxyBeanMethods = false)
	static class Listener {

		final List<SpireState> states = new CopyOnWriteArrayList<>();

		@EventListener
		void stateChanged(SpireStateChangedEvent event) {
			this.states.add(event.state());
		}

	}

}
