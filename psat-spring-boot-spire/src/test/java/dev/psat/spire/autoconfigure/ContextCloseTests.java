package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.test.GarbageAnswers;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A closed context leaves no thread, connection or descriptor behind, whatever happened
 * to it before.
 */
@EnabledOnOs(OS.LINUX)
class ContextCloseTests {

	/**
	 * Before JDK 21 what is closed ends when the garbage collector finds it, and under
	 * load the JDK now and then leaves the socket of such a connection behind.
	 */
	private static final boolean CLOSES_CONNECTIONS = Runtime.version().feature() >= 21;

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	@Matrix
	@Test
	void nothingIsLeftOfManyContextsWhateverHappenedToThem() throws IOException {
		Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();
		List<String> descriptorsBefore = descriptors();
		for (History history : History.values()) {
			run(history);
		}
		awaitEnd(() -> {
			assertThat(ours()).isSubsetOf(threadsBefore);
			if (CLOSES_CONNECTIONS) {
				assertThat(this.world.server().journal().openConnections()).isZero();
				assertThat(descriptors()).hasSizeLessThanOrEqualTo(descriptorsBefore.size());
			}
		});
	}

	private static void awaitEnd(ThrowingRunnable end) {
		await().pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
			if (!CLOSES_CONNECTIONS) {
				System.gc();
			}
			end.run();
		});
	}

	private void run(History history) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class))
			.withPropertyValues(this.world.properties())
			.withPropertyValues("spire.svid.refresh-interval=5s")
			.withInitializer((context) -> history.before(this.world.server()))
			.withBean("later", Later.class, () -> new Later(history, this.world.server()))
			.run((context) -> {
				if (history == History.START_FAILS) {
					assertThat(context).hasFailed();
				}
				else {
					history.live(context.getBean(SpireIdentity.class), this.world.server());
				}
			});
		history.after(this.world.server());
	}

	private static List<Thread> ours() {
		return RunningThreads.beginningWith("psat-", "HttpClient-");
	}

	/**
	 * Return what is open, but for what the JVM keeps open as soon as it needs it.
	 */
	private static List<String> descriptors() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.map(ContextCloseTests::target)
				.filter((target) -> !target.endsWith(".jar") && !target.startsWith("/dev/"))
				.toList();
		}
	}

	private static String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			// that of the list itself, and what was closed meanwhile
			return "/dev/null";
		}
	}

	private static ConditionFactory await() {
		return Awaitility.await().pollInterval(Duration.ofMillis(20));
	}

	private static void awaitReady(SpireIdentity identity) {
		await().until(() -> identity.status().state() == SpireState.READY);
	}

	private static void awaitReason(SpireIdentity identity, String reason) {
		await().untilAsserted(() -> assertThat(identity.status().lastError()).isNotNull()
			.satisfies((error) -> assertThat(error.reason()).isEqualTo(reason)));
	}

	/**
	 * What happens to an application.
	 */
	enum History {

		READY {

			@Override
			void live(SpireIdentity identity, SimulatedSpireServer server) {
				assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(SimulatedWorld.ORDERS);
			}

		},

		CLOSED_AT_ONCE,

		UNREACHABLE {

			@Override
			void before(SimulatedSpireServer server) {
				server.stop();
			}

			@Override
			void live(SpireIdentity identity, SimulatedSpireServer server) {
				awaitReason(identity, "UNREACHABLE");
			}

			@Override
			void after(SimulatedSpireServer server) {
				server.restart();
			}

		},

		REFUSED {

			@Override
			void before(SimulatedSpireServer server) {
				server.cluster("demo").disallow("shop", "orders");
			}

			@Override
			void live(SpireIdentity identity, SimulatedSpireServer server) {
				awaitReason(identity, "SERVICE_ACCOUNT_NOT_ALLOWED");
			}

			@Override
			void after(SimulatedSpireServer server) {
				server.cluster("demo").allow("shop", "orders");
			}

		},

		ANSWERED_BY_GARBAGE {

			@Override
			void before(SimulatedSpireServer server) {
				GarbageAnswers.x509Svid(server, "garbage");
			}

			@Override
			void live(SpireIdentity identity, SimulatedSpireServer server) {
				await().until(() -> identity.status().lastError() != null);
			}

		},

		ANSWER_LOST {

			@Override
			void before(SimulatedSpireServer server) {
				server.faults().loseNextAnswer(SpireMethod.ATTEST_AGENT);
			}

			@Override
			void live(SpireIdentity identity, SimulatedSpireServer server) {
				awaitReady(identity);
			}

		},

		EVICTED_AND_TOLD_TO_GO_AWAY {

			@Override
			void live(SpireIdentity identity, SimulatedSpireServer server) {
				awaitReady(identity);
				server.agents().evict(Objects.requireNonNull(identity.status().agentId()).toString());
				server.goAway();
				assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(SimulatedWorld.ORDERS);
			}

		},

		CLOSED_WHILE_THE_SERVER_HANGS_AND_A_CALLER_WAITS {

			private Future<?> caller = CompletableFuture.completedFuture(null);

			@Override
			void live(SpireIdentity identity, SimulatedSpireServer server) {
				awaitReady(identity);
				server.faults().hang();
				FutureTask<?> caller = new FutureTask<>(() -> identity.jwtSvid("bank"));
				Thread thread = new Thread(caller);
				thread.start();
				await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
				this.caller = caller;
			}

			@Override
			void after(SimulatedSpireServer server) {
				assertThat(this.caller).failsWithin(Patience.LIMIT);
				server.faults().resume();
			}

		},

		CLOSED_WHILE_THE_SERVER_HANGS_FROM_THE_BEGINNING {

			@Override
			void before(SimulatedSpireServer server) {
				server.faults().hang();
			}

			@Override
			void live(SpireIdentity identity, SimulatedSpireServer server) {
				await().until(() -> server.journal().openConnections() > 0);
			}

			@Override
			void after(SimulatedSpireServer server) {
				server.faults().resume();
			}

		},

		START_FAILS {

			@Override
			void later(SimulatedSpireServer server) {
				await().until(() -> server.journal().openConnections() > 0);
				throw new IllegalStateException("on purpose");
			}

		};

		void later(SimulatedSpireServer server) {
		}

		void before(SimulatedSpireServer server) {
		}

		void live(SpireIdentity identity, SimulatedSpireServer server) {
		}

		void after(SimulatedSpireServer server) {
		}

	}

	/**
	 * What starts after the identity.
	 */
	private record Later(History history, SimulatedSpireServer server) implements SmartLifecycle {

		@Override
		public void start() {
			this.history.later(this.server);
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

}
