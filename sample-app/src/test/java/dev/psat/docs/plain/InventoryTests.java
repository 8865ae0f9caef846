package dev.psat.docs.plain;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the documentation's program runs on the cores and what they require, and so
 * without Spring. The cluster is in this process.
 */
@Matrix
class InventoryTests {

	private static final List<Class<?>> REQUIRED = List.of(TokenSource.class, SpireIdentity.class, SpiffeId.class,
			Logger.class, NullMarked.class, JsonMapper.class, JsonParser.class, JsonProperty.class);

	@AutoClose
	private final SimulatedKubelet pod = SimulatedKubelet.builder().serviceAccount("shop", "inventory").build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().workload(this.pod, "demo").build();

	@TempDir
	private Path directory;

	@Test
	void podAttestsServesAndCalls() throws Exception {
		Path bundle = this.directory.resolve("bundle.pem");
		this.server.trustBundle().writeTo(bundle);
		List<String> output = run("", Inventory.class, this.pod.tokenPath().toString(), this.server.address(),
				bundle.toString());
		assertThat(output).endsWith("204");
		assertThat(output).filteredOn((line) -> line.startsWith("SLF4J")).hasSize(3);
	}

	@Test
	void processOnANodeWithAnAgentServesAndCalls() throws Exception {
		try (SimulatedWorkloadApi api = SimulatedWorkloadApi.builder()
			.entry("spiffe://example.org/ns/shop/sa/inventory")
			.build()) {
			assertThat(run(api.address(), InventoryOnNode.class)).last().isEqualTo("204");
		}
	}

	private List<String> run(String workloadApi, Class<?> program, String... arguments) throws Exception {
		Path output = this.directory.resolve("output");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
						"-XX:TieredStopAtLevel=1", "-cp", classPath(), program.getName()));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
		builder.environment().remove("CLASSPATH");
		builder.environment().put("SPIFFE_ENDPOINT_SOCKET", workloadApi);
		Process process = builder.start();
		try {
			assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).as(Files.readString(output)).isZero();
			return Files.readAllLines(output);
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static String classPath() {
		return Stream.concat(REQUIRED.stream(), Stream.of(Inventory.class))
			.map(InventoryTests::location)
			.distinct()
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static String location(Class<?> type) {
		try {
			return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
