package dev.psat.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged application, with and without what AOT processing made of it at build
 * time: everything that matters is given only when it runs. Two tests at a time, each
 * with an application of its own.
 */
@Execution(ExecutionMode.CONCURRENT)
class PackagedApplicationIT {

	private static final Pattern PORT = Pattern.compile("Tomcat started on ports? (\\d+)");

	private static final Duration START = Duration.ofMinutes(2);

	@TempDir
	Path directory;

	private final HttpClient http = HttpClient.newHttpClient();

	private SimulatedKubelet kubelet;

	private @Nullable Process application;

	private int port;

	@BeforeEach
	void startKubelet() {
		this.kubelet = SimulatedKubelet.builder().directory(this.directory.resolve("tokens")).build();
	}

	@AfterEach
	void stop() throws InterruptedException {
		Process application = this.application;
		if (application != null) {
			application.destroy();
			if (!application.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
				application.destroyForcibly().waitFor();
			}
		}
		this.kubelet.close();
	}

	@Test
	void servesTokenAndIdentityOfPathAndServerGivenAtRunTime() throws IOException {
		servesTokenAndIdentity(true);
	}

	@Matrix
	@Test
	void servesTokenAndIdentityGivenAtRunTimeWithoutAotToo() throws IOException {
		servesTokenAndIdentity(false);
	}

	private void servesTokenAndIdentity(boolean aot) throws IOException {
		Path trustBundle = this.directory.resolve("bundle.crt");
		String id = "spiffe://example.org/ns/default/sa/default";
		try (SimulatedSpireServer server = SimulatedSpireServer.builder().workload(this.kubelet, "run-time").build();
				SimulatedPartner partner = new SimulatedPartner(server)) {
			server.trustBundle().writeTo(trustBundle);
			Path partnerCa = Files.writeString(this.directory.resolve("partner-ca.crt"), partner.root());
			start(aot, "--spire.psat.token-path=" + this.kubelet.tokenPath(), "--spire.psat.cluster=run-time",
					"--spire.server.address=" + server.address(), "--spire.server.trust-domain=" + server.trustDomain(),
					"--spire.server.trust-bundle=" + trustBundle, "--spire.bundle.authorized-clients=" + id,
					"--spire.bundle.authorized-servers=" + id, "--sample.partner-url=" + partner.url(),
					"--spring.ssl.bundle.pem.partner-ca.truststore.certificate=" + partnerCa,
					"--spire.identity-bundles.partner.trust=partner-ca");
			showsTheToken();
			showsTheIdentity(id);
			callsItself(id);
			soon().until(() -> get("/identity").at("/partnerCall/peer/id").asString().equals(id));
		}
	}

	/**
	 * The same jar, and the same application.yaml, where there is an agent.
	 */
	@Matrix
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void servesIdentityOfTheWorkloadApiGivenAtRunTime(boolean aot) throws IOException {
		String id = "spiffe://example.org/ns/psat-sample/sa/sample-app";
		try (SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().entry(id).build()) {
			start(aot, "--spire.workload-api.socket=" + api.address());
			showsTheIdentity(id);
			callsItself(id);
			assertThat(get("/actuator/spire").at("/workloadApi").asString()).isEqualTo(api.address());
			assertThat(get("/actuator/psat").has("token")).isFalse();
			assertThat(get("/actuator/health").path("status").asString()).isEqualTo("UP");
			assertThat(output()).contains("The identity comes from the Workload API at " + api.address()
					+ ", so these have no effect: spire.psat.cluster, spire.server.address, "
					+ "spire.server.trust-domain, spire.server.trust-bundle");
		}
	}

	private void showsTheToken() throws IOException {
		soon().until(() -> get("/actuator/psat").path("token").path("state").asString().equals("VALID"));
		JsonNode psat = get("/actuator/psat");
		assertThat(psat.path("cluster").asString()).isEqualTo("run-time");
		assertThat(psat.path("source").path("path").asString()).isEqualTo(this.kubelet.tokenPath().toString());
		this.kubelet.rotate();
		soon().until(() -> get("/actuator/psat").path("source").path("rotations").asLong() == 1);
		assertThat(get("/actuator/metrics/spire.psat.token.rotations").path("measurements")
			.path(0)
			.path("value")
			.asDouble()).isEqualTo(1);
		assertThat(get("/actuator/health/psat").path("status").asString()).isEqualTo("UP");
	}

	private void showsTheIdentity(String id) throws IOException {
		soon().until(() -> get("/actuator/spire").at("/state").asString().equals("READY"));
		assertThat(get("/actuator/spire").at("/svid/id").asString()).isEqualTo(id);
		assertThat(get("/identity").at("/spire/svid/id").asString()).isEqualTo(id);
		awaitHealth("readiness", "UP");
	}

	private void callsItself(String id) throws IOException {
		soon().until(() -> get("/identity").at("/selfCall/peer/id").asString().equals(id));
		assertThat(get("/actuator/metrics/spire.handshakes?tag=direction:inbound&tag=outcome:accepted")
			.at("/measurements/0/value")
			.asDouble()).isPositive();
	}

	@Matrix
	@Test
	void isNotReadyWithoutItsServer() throws IOException {
		start(false, "--spire.psat.token-path=" + this.kubelet.tokenPath(), "--spire.server.address=127.0.0.1:1",
				"--spire.server.trust-bundle=" + Files.writeString(this.directory.resolve("bundle.crt"), ""));
		awaitHealth("liveness", "UP");
		awaitHealth("readiness", "DOWN");
		soon().until(() -> get("/actuator/spire").at("/lastError/reason").asString().equals("TRUST_BUNDLE_UNREADABLE"));
		assertThat(get("/identity").at("/selfCall/failure").asString()).startsWith("No X.509-SVID is in force");
		assertThat(get("/identity").has("partnerCall")).isFalse();
		assertThat(get("/identity").at("/federatedCalls")).isEmpty();
		assertThat(output()).doesNotContain("A client was turned away");
	}

	@Matrix
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void isSwitchedOffAtRunTime(boolean aot) throws IOException {
		start(aot, "--spire.psat.enabled=false", "--spire.psat.token-path=/nowhere",
				"--management.endpoint.health.group.readiness.include=readinessState,psat");
		assertThat(get("/actuator/psat"))
			.isEqualTo(JsonMapper.shared().readTree("{\"enabled\":false,\"cluster\":\"demo-cluster\"}"));
		assertThat(get("/actuator/health/psat").path("status").asString()).isEqualTo("UNKNOWN");
		awaitHealth("readiness", "UP");
	}

	@Matrix
	@Test
	void failFastStopsTheStartUnderAotToo() throws Exception {
		Process application = launch(true, "--spire.psat.token-path=/nowhere/token", "--spire.psat.fail-fast=true");
		assertThat(application.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		assertThat(application.exitValue()).isNotZero();
		assertThat(output()).contains("APPLICATION FAILED TO START", "There is no file /nowhere/token", "volumeMounts:",
				"mountPath: /nowhere");
	}

	@Matrix
	@Test
	void serverWithoutItsSvidStopsTheStartUnderAotToo() throws Exception {
		Process application = launch(true, "--server.ssl.bundle=spire", "--spire.server.enabled=false",
				"--spire.psat.token-path=" + this.kubelet.tokenPath());
		assertThat(application.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		assertThat(application.exitValue()).isOne();
		assertThat(output()).contains("Starting AOT-processed", "APPLICATION FAILED TO START",
				"There is no X.509-SVID for the web server", "Set 'spire.server.enabled' to 'true'");
	}

	private void start(boolean aot, String... arguments) throws IOException {
		Process application = launch(aot, arguments);
		await().until(() -> {
			assertThat(application.isAlive()).as(output()).isTrue();
			Matcher matcher = PORT.matcher(output());
			boolean found = matcher.find();
			this.port = found ? Integer.parseInt(matcher.group(1)) : 0;
			return found;
		});
	}

	/**
	 * Await a status of a group. The application tells that it lives and is ready only
	 * after its web server has started.
	 */
	private void awaitHealth(String group, String status) {
		soon().untilAsserted(
				() -> assertThat(get("/actuator/health/" + group).path("status").asString()).isEqualTo(status));
	}

	/**
	 * Wait for several applications that start at once.
	 */
	private static ConditionFactory soon() {
		return await();
	}

	private Process launch(boolean aot, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
				"-XX:TieredStopAtLevel=1", "-Dspring.aot.enabled=" + aot, "-Djava.io.tmpdir=" + this.directory, "-jar",
				jar().toString(), "--server.port=0"));
		command.addAll(List.of(arguments));
		Process application = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("output").toFile())
			.start();
		this.application = application;
		return application;
	}

	private static Path jar() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("target"))) {
			return files.filter((file) -> file.getFileName().toString().matches("sample-app-[^-]*(-SNAPSHOT)?\\.jar"))
				.findFirst()
				.orElseThrow();
		}
	}

	private String output() throws IOException {
		return Files.readString(this.directory.resolve("output"));
	}

	private JsonNode get(String path) throws IOException {
		try {
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path)).build();
			return JsonMapper.shared().readTree(this.http.send(request, HttpResponse.BodyHandlers.ofString()).body());
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

}
