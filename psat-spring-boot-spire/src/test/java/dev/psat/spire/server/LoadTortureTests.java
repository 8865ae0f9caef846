package dev.psat.spire.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.psat.PsatAttestor;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.support.Torture;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerBuilder;
import dev.psat.spire.test.SpireMethod;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Many pods behind one address.
 */
class LoadTortureTests {

	private static final Duration MINUTE = Torture.lasting(Duration.ofMillis(300), Duration.ofMinutes(1));

	private final List<SimulatedKubelet> kubelets = new ArrayList<>();

	private final List<SpireIdentity> identities = new ArrayList<>();

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private @TempDir Path directory;

	@AfterEach
	void close() {
		this.identities.forEach(SpireIdentity::close);
		this.kubelets.forEach(SimulatedKubelet::close);
	}

	@Test
	void podsThatStartTogetherAllHaveAnSvidAfterOneAttestationEach() throws Exception {
		int pods = Torture.times(3, 120);
		try (SimulatedSpireServer server = serve(pods, true)) {
			build(server);
			long began = System.nanoTime();
			this.identities.forEach(SpireIdentity::start);
			await().atMost(Torture.lasting(Duration.ofSeconds(30), Duration.ofSeconds(150)))
				.until(() -> this.identities.stream()
					.allMatch((identity) -> identity.status().state() == SpireState.READY));
			Duration lasted = Duration.ofNanos(System.nanoTime() - began);
			int calls = server.journal().calls(SpireMethod.ATTEST_AGENT);
			Torture.tell(
					"%d pods at one attestation a second: the last has its SVID after %.1f s, %d AttestAgent calls, failures: %s"
						.formatted(pods, lasted.toMillis() / 1000.0, calls, tally(this.failures)));
			assertThat(lasted).isGreaterThan(Duration.ofSeconds(pods - 1));
			assertThat(calls).isLessThanOrEqualTo(pods * 6 / 5);
		}
	}

	@Test
	void idlePodsMakeTwoCallsAMinute() throws Exception {
		int pods = Torture.times(4, 100);
		try (SimulatedSpireServer server = serve(pods, false)) {
			build(server);
			for (SpireIdentity identity : this.identities) {
				identity.start();
				await().until(() -> identity.status().state() == SpireState.READY);
			}
			// the last call of the first visit
			await().until(() -> server.journal().calls(SpireMethod.POST_STATUS) >= pods);
			Map<SpireMethod, Integer> before = calls(server);
			long began = System.nanoTime();
			int minutesToWait = Torture.times(5, 3);
			int visits = before.getOrDefault(SpireMethod.GET_AUTHORIZED_ENTRIES, 0) + minutesToWait * pods;
			await().atMost(MINUTE.multipliedBy(minutesToWait + 1).plusSeconds(20))
				.until(() -> server.journal().calls(SpireMethod.GET_AUTHORIZED_ENTRIES) >= visits);
			double minutes = (double) (System.nanoTime() - began) / MINUTE.toNanos();
			Map<SpireMethod, Integer> calls = calls(server);
			before.forEach((method, number) -> calls.merge(method, -number, Integer::sum));
			calls.values().removeIf((number) -> number == 0);
			double rate = calls.values().stream().mapToInt(Integer::intValue).sum() / minutes / pods;
			Torture.tell("%d idle pods: %.2f calls for each and minute, in %.1f minutes %s".formatted(pods, rate,
					minutes, calls));
			assertThat(calls).containsOnlyKeys(SpireMethod.GET_BUNDLE, SpireMethod.GET_AUTHORIZED_ENTRIES);
			assertThat(calls.get(SpireMethod.GET_BUNDLE)).isCloseTo(calls.get(SpireMethod.GET_AUTHORIZED_ENTRIES),
					within(pods));
			assertThat(rate).isLessThanOrEqualTo(2.5);
		}
	}

	private SimulatedSpireServer serve(int pods, boolean limited) {
		Duration reload = Duration.ofMillis(200);
		SimulatedSpireServerBuilder builder = SimulatedSpireServer.builder()
			.limitAttestations(limited)
			.entryCacheReload(limited ? Torture.lasting(reload, Duration.ofSeconds(5)) : reload);
		for (int i = 0; i < pods; i++) {
			SimulatedKubelet kubelet = SimulatedKubelet.builder()
				.serviceAccount("shop", "orders")
				.pod("orders-" + i, UUID.randomUUID().toString())
				.build();
			this.kubelets.add(kubelet);
			builder.workload(kubelet, "demo");
		}
		return builder.build();
	}

	private void build(SimulatedSpireServer server) throws Exception {
		Path bundle = this.directory.resolve("bundle.pem");
		server.trustBundle().writeTo(bundle);
		for (SimulatedKubelet kubelet : this.kubelets) {
			// one source each that watches would be more than a user may have
			PsatAttestor attestor = PsatAttestor.of("demo", () -> ProjectedToken.parse(kubelet.token()),
					List.of("spire-server"));
			SpireIdentity identity = SpireServerIdentity.builder(attestor)
				.server(ServerAddress.parse(server.address()))
				.trustDomain(TrustDomain.of(server.trustDomain()))
				.trustBundle(bundle)
				.refreshInterval(MINUTE)
				.build();
			identity.addObserver(new SpireObserver() {

				@Override
				public void attested(String outcome, Duration time) {
					if (!outcome.equals("success")) {
						LoadTortureTests.this.failures.add(outcome);
					}
				}

			});
			this.identities.add(identity);
		}
	}

	private static Map<String, Long> tally(Collection<String> outcomes) {
		return outcomes.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
	}

	private static Map<SpireMethod, Integer> calls(SimulatedSpireServer server) {
		Map<SpireMethod, Integer> calls = new EnumMap<>(SpireMethod.class);
		for (SpireMethod method : SpireMethod.values()) {
			calls.put(method, server.journal().calls(method));
		}
		return calls;
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
	}

}
