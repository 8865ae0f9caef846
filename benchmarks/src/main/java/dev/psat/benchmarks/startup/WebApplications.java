package dev.psat.benchmarks.startup;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.springframework.util.Assert;

/**
 * Prepares and starts web applications, all with the same properties.
 */
final class WebApplications {

	private static final String AOT_PROCESSOR = "org.springframework.boot.SpringApplicationAotProcessor";

	private final Path directory;

	private final Path token;

	WebApplications(Path directory, Path token) {
		this.directory = directory;
		this.token = token;
	}

	/**
	 * Start an application, and stop it as soon as it is ready.
	 * @param launch how to start it
	 * @return how that went
	 * @throws Exception if it does not start
	 */
	Start start(Launch launch) throws Exception {
		try (WebProcess process = process(launch)) {
			return process.start();
		}
	}

	/**
	 * Start an application, and stop it as soon as it is ready.
	 * @param launch how to start it
	 * @return the classes that it had loaded by then
	 * @throws Exception if it does not start
	 */
	LoadedClasses loadedClasses(Launch launch) throws Exception {
		Path log = this.directory.resolve("classes");
		Files.deleteIfExists(log);
		try (WebProcess process = process(launch.with("-Xlog:class+load=info:file=" + log + ":none:filecount=0"))) {
			return LoadedClasses.read(log);
		}
	}

	/**
	 * Do what the {@code process-aot} goal of Spring Boot's Maven plugin does.
	 * @param launch how to start the application so far
	 * @return how to start it with what was generated
	 * @throws Exception if it cannot be processed
	 */
	Launch springAot(Launch launch) throws Exception {
		Path directory = Files.createTempDirectory(this.directory, "aot-");
		Path sources = directory.resolve("sources");
		Path classes = directory.resolve("classes");
		List<String> arguments = new ArrayList<>(List.of(WebProcess.MAIN_CLASS, sources.toString(), classes.toString(),
				classes.toString(), "dev.psat", "web-application"));
		arguments.addAll(properties(this.token));
		run(command(launch, AOT_PROCESSOR, arguments));
		compile(sources, classes, launch.classPath());
		return launch.withClasses(classes).with("-Dspring.aot.enabled=true");
	}

	/**
	 * Make an AOT cache by a training run as {@code docs/aot.md} has it, without a token.
	 * @param launch how to start the application so far
	 * @return how to start it with the cache
	 * @throws Exception if it cannot be made
	 */
	Launch aotCache(Launch launch) throws Exception {
		Path cache = Files.createTempDirectory(this.directory, "cache-").resolve("app.aot");
		run(command(launch.with("-XX:AOTCacheOutput=" + cache, "-Dspring.context.exit=onRefresh"),
				WebProcess.MAIN_CLASS, properties(this.directory.resolve("missing"))));
		// on: an application that cannot use its cache does not start
		return launch.with("-XX:AOTCache=" + cache, "-XX:AOTMode=on");
	}

	private WebProcess process(Launch launch) throws IOException {
		return WebProcess.start(command(launch, WebProcess.MAIN_CLASS, properties(this.token)), this.directory);
	}

	/**
	 * Tomcat leaves directories behind when it is not stopped, as by a training run.
	 */
	private List<String> command(Launch launch, String mainClass, List<String> arguments) {
		return launch.with("-Djava.io.tmpdir=" + this.directory).command(mainClass, arguments);
	}

	private static List<String> properties(Path token) {
		return List.of("--server.port=0", "--server.address=127.0.0.1",
				"--management.endpoints.web.exposure.include=health,psat", "--spire.psat.cluster=demo-cluster",
				"--spire.psat.token-path=" + token);
	}

	private void run(List<String> command) throws IOException, InterruptedException {
		Path log = this.directory.resolve("log");
		Process process = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		int exit = process.waitFor();
		Assert.state(exit == 0, () -> "The web application cannot be prepared:\n" + read(log));
	}

	private static String read(Path log) {
		try {
			return Files.readString(log);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private static void compile(Path sources, Path classes, List<String> classPath) throws IOException {
		List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-cp",
				String.join(File.pathSeparator, classPath) + File.pathSeparator + classes, "-parameters", "-proc:none",
				"-nowarn", "-Xlint:none"));
		try (Stream<Path> files = Files.walk(sources)) {
			files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(arguments::add);
		}
		int errors = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
		Assert.state(errors == 0, "The generated sources do not compile");
	}

}
