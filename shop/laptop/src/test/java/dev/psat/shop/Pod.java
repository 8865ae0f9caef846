package dev.psat.shop;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.test.SimulatedKubelet;
import org.jspecify.annotations.Nullable;

import static org.awaitility.Awaitility.await;

/**
 * A pod: its token, and a JVM with one of the services.
 */
final class Pod implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private final String name;

	private final SimulatedKubelet kubelet;

	private volatile @Nullable Process process;

	/**
	 * Create a pod.
	 * @param name of the service and its service account
	 * @param lifetime of its tokens
	 */
	Pod(String name, Duration lifetime) {
		this.name = name;
		this.kubelet = SimulatedKubelet.builder()
			.serviceAccount("shop", name)
			.lifetime(lifetime)
			.rotateOnSchedule()
			.build();
	}

	SimulatedKubelet kubelet() {
		return this.kubelet;
	}

	/**
	 * Start the service and wait for its port.
	 * @param main what starts it
	 * @param other the application that it has not on its class path
	 * @param directory for the file with the port
	 * @param output for its log
	 * @param arguments what the service is told
	 * @return the port
	 */
	int start(Class<?> main, Class<?> other, Path directory, ProcessBuilder.Redirect output, List<String> arguments)
			throws IOException {
		Path portFile = directory.resolve(this.name + ".port");
		List<String> command = Stream.concat(Stream.of(JAVA, "-XX:TieredStopAtLevel=1",
				"-D%s=%d".formatted(Survival.PID, ProcessHandle.current().pid()), "-cp", classPathWithout(other),
				main.getName(), "--shop.port-file=" + portFile, "--spire.psat.token-path=" + this.kubelet.tokenPath()),
				arguments.stream())
			.toList();
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
		this.process = process;
		await().atMost(PATIENCE)
			.failFast("'%s' did not start, as its log above says".formatted(this.name), () -> !process.isAlive())
			.until(() -> Files.exists(portFile) && !Files.readString(portFile).isEmpty());
		return Integer.parseInt(Files.readString(portFile));
	}

	/**
	 * Return what completes when the service has ended.
	 */
	CompletableFuture<Process> onExit() {
		return Objects.requireNonNull(this.process).onExit();
	}

	/**
	 * End the service, and its token.
	 */
	@Override
	public void close() {
		Process process = this.process;
		if (process != null) {
			process.destroy();
			try {
				if (!process.waitFor(10, TimeUnit.SECONDS)) {
					process.destroyForcibly().onExit().join();
				}
			}
			catch (InterruptedException ex) {
				process.destroyForcibly().onExit().join();
				Thread.currentThread().interrupt();
			}
		}
		this.kubelet.close();
	}

	/**
	 * Each of the applications has an {@code application.yaml}, and finds but one.
	 */
	private static String classPathWithout(Class<?> application) {
		try {
			Path without = Path.of(application.getProtectionDomain().getCodeSource().getLocation().toURI());
			return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
				.filter((entry) -> !Path.of(entry).toAbsolutePath().equals(without))
				.collect(Collectors.joining(File.pathSeparator));
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
