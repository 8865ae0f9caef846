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
 * Prepares and starts the web application, always with the same properties.
 */
public final class WebApplications {

	private static final String AOT_PROCESSOR = "org.springframework.boot.SpringApplicationAotProcessor";

	private final Path directory;

	private final List<String> properties;

	private final List<String> training;

	/**
	 * Create applications.
	 * @param directory where they run, and leave files
	 * @param properties the properties as arguments, beside those that are always set
	 * @param training the same for a training run
	 */
	public WebApplications(Path directory, List<String> properties, List<String> training) {
		this.directory = directory;
		this.properties = common(properties);
		this.training = common(training);
	}

	static WebApplications ofToken(Path directory, Path token) {
		return new WebApplications(directory, psat(token), psat(directory.resolve("missing")));
	}

	/**
	 * Start an application, and stop it as soon as it is ready.
	 * @param launch how to start it
	 * @return how that went
	 * @throws Exception if it does not start
	 */
	public Start start(Launch launch) throws Exception {
		try (WebProcess process = process(launch)) {
			return process.start();
		}
	}

	/**
	 * Start an application on one processor. It ends as soon as it is ready, so that
	 * nothing else counts.
	 * @param launch how to start it
	 * @return what it took
	 * @throws Exception if it does not start
	 */
	OneProcessor.Usage usage(Launch launch) throws Exception {
		return new OneProcessor().run(command(launch.with("-Dhalt=true"), WebProcess.MAIN_CLASS, this.properties),
				this.directory, WebProcess.READY);
	}

	/**
	 * Start an application on one processor. It ends as soon as it is ready.
	 * @param launch how to start it
	 * @return the classes that it had loaded by then
	 * @throws Exception if it does not start
	 */
	public LoadedClasses loadedClasses(Launch launch) throws Exception {
		return LoadedClasses.of(launch, this.directory, this::usage);
	}

	/**
	 * Do what the {@code process-aot} goal of Spring Boot's Maven plugin does.
	 * @param launch how to start the application so far
	 * @return how to start it with what was generated
	 * @throws Exception if it cannot be processed
	 */
	public Launch springAot(Launch launch) throws Exception {
		Path directory = Files.createTempDirectory(this.directory, "aot-");
		Path sources = directory.resolve("sources");
		Path classes = directory.resolve("classes");
		List<String> arguments = new ArrayList<>(List.of(WebProcess.MAIN_CLASS, sources.toString(), classes.toString(),
				classes.toString(), "dev.psat", "web-application"));
		arguments.addAll(this.properties);
		Preparation.run(command(launch, AOT_PROCESSOR, arguments), this.directory);
		compile(sources, classes, launch.classPath());
		return launch.withClasses(classes).with("-Dspring.aot.enabled=true");
	}

	/**
	 * Make an AOT cache by a training run as {@code docs/aot.md} has it, without a token.
	 * @param launch how to start the application so far
	 * @return how to start it with the cache
	 * @throws Exception if it cannot be made
	 */
	public Launch aotCache(Launch launch) throws Exception {
		Path cache = Files.createTempDirectory(this.directory, "cache-").resolve("app.aot");
		Preparation.run(command(launch.with("-XX:AOTCacheOutput=" + cache, "-Dspring.context.exit=onRefresh"),
				WebProcess.MAIN_CLASS, this.training), this.directory);
		return withCache(launch, cache);
	}

	/**
	 * Make an AOT cache by a run that is ended once the application is ready.
	 * @param launch how to start the application so far
	 * @return how to start it with the cache
	 * @throws Exception if it cannot be made
	 */
	public Launch aotCacheOfWholeRun(Launch launch) throws Exception {
		Path cache = Files.createTempDirectory(this.directory, "cache-").resolve("app.aot");
		try (WebProcess process = process(launch.with("-XX:AOTCacheOutput=" + cache))) {
			process.end();
		}
		return withCache(launch, cache);
	}

	private static Launch withCache(Launch launch, Path cache) {
		// on: an application that cannot use its cache does not start
		return launch.with("-XX:AOTCache=" + cache, "-XX:AOTMode=on");
	}

	/**
	 * Start an application, and leave it running.
	 * @param launch how to start it
	 * @return the application, to be closed
	 * @throws IOException if it does not start
	 */
	public WebProcess process(Launch launch) throws IOException {
		return WebProcess.start(command(launch, WebProcess.MAIN_CLASS, this.properties), this.directory);
	}

	/**
	 * Tomcat leaves directories behind when it is not stopped, as by a training run.
	 */
	private List<String> command(Launch launch, String mainClass, List<String> arguments) {
		return launch.with("-Djava.io.tmpdir=" + this.directory).command(mainClass, arguments);
	}

	private static List<String> psat(Path token) {
		return List.of("--spire.psat.cluster=demo-cluster", "--spire.psat.token-path=" + token);
	}

	private static List<String> common(List<String> properties) {
		return Stream.concat(Stream.of("--server.port=0", "--server.address=127.0.0.1",
				"--management.endpoints.web.exposure.include=health,psat"), properties.stream())
			.toList();
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
