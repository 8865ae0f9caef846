package dev.psat.benchmarks.jvm;

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
 * How to start a program.
 *
 * @param program the program
 * @param jdk on what
 * @param classPath the class path
 * @param options options of the JVM
 */
public record Launch(Program program, Jdk jdk, List<String> classPath, List<String> options) {

	private static final String AOT_PROCESSOR = "org.springframework.boot.SpringApplicationAotProcessor";

	/**
	 * Add options of the JVM.
	 * @param more the options
	 * @return how to start it with them
	 */
	public Launch with(String... more) {
		return new Launch(this.program, this.jdk, this.classPath,
				Stream.concat(this.options.stream(), Stream.of(more)).toList());
	}

	/**
	 * Start the program, and leave it running.
	 * @return what runs, to be closed
	 * @throws IOException if it does not start
	 */
	public WebProcess process() throws IOException {
		return WebProcess.start(command(this.program.mainClass(), this.program.arguments()), directory());
	}

	/**
	 * Start the program, and stop it as soon as it is ready.
	 * @return how that went
	 * @throws Exception if it does not start
	 */
	public Start start() throws Exception {
		try (WebProcess process = process()) {
			return process.start();
		}
	}

	/**
	 * Start the program on one processor. It ends as soon as it is ready, so that nothing
	 * else counts.
	 * @return what it took
	 * @throws Exception if it does not start
	 */
	public OneProcessor.Usage usage() throws Exception {
		return new OneProcessor().run(with("-Dhalt=true").command(this.program.mainClass(), this.program.arguments()),
				directory(), WebProcess.READY);
	}

	/**
	 * Start the program on one processor. It ends as soon as it is ready.
	 * @return the classes that it had loaded by then
	 * @throws Exception if it does not start
	 */
	public LoadedClasses classes() throws Exception {
		Path log = directory().resolve("classes");
		Files.deleteIfExists(log);
		with("-Xlog:class+load=info:file=" + log + ":none:filecount=0").usage();
		return LoadedClasses.read(log);
	}

	/**
	 * Do what the {@code process-aot} goal of Spring Boot's Maven plugin does.
	 * @return how to start the program with what was generated
	 * @throws Exception if it cannot be processed
	 */
	public Launch springAot() throws Exception {
		Path generated = Files.createTempDirectory(directory(), "aot-");
		Path sources = generated.resolve("sources");
		String classes = generated.resolve("classes").toString();
		List<String> arguments = new ArrayList<>(
				List.of(this.program.mainClass(), sources.toString(), classes, classes, "dev.psat", "web-application"));
		arguments.addAll(this.program.arguments());
		TimeLimit.run(command(AOT_PROCESSOR, arguments), directory());
		compile(sources, classes);
		List<String> behind = Stream.concat(Stream.of(classes), this.classPath.stream()).toList();
		return new Launch(this.program, this.jdk, behind, this.options).with("-Dspring.aot.enabled=true");
	}

	private void compile(Path sources, String classes) throws IOException {
		List<String> arguments = new ArrayList<>(List.of("-d", classes, "-cp", joined() + File.pathSeparator + classes,
				"-parameters", "-proc:none", "-nowarn", "-Xlint:none"));
		try (Stream<Path> files = Files.walk(sources)) {
			files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(arguments::add);
		}
		int errors = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
		Assert.state(errors == 0, "The generated sources do not compile");
	}

	/**
	 * Make an AOT cache by a training run, that of an application as {@code docs/aot.md}
	 * has it.
	 * @return how to start the program with the cache
	 * @throws Exception if it cannot be made
	 */
	public Launch aotCache() throws Exception {
		Path cache = newCache();
		Launch training = with("-XX:AOTCacheOutput=" + cache, "-Dspring.context.exit=onRefresh", "-Dtraining=true");
		TimeLimit.run(training.command(this.program.mainClass(), this.program.training()), directory());
		return withCache(cache);
	}

	/**
	 * Make an AOT cache by a run that is ended once the program is ready.
	 * @return how to start the program with the cache
	 * @throws Exception if it cannot be made
	 */
	public Launch aotCacheOfWholeRun() throws Exception {
		Path cache = newCache();
		try (WebProcess process = with("-XX:AOTCacheOutput=" + cache).process()) {
			process.end();
		}
		return withCache(cache);
	}

	private Path newCache() throws IOException {
		return Files.createTempDirectory(directory(), "cache-").resolve("app.aot");
	}

	private Launch withCache(Path cache) {
		// on: a program that cannot use its cache does not start
		return with("-XX:AOTCache=" + cache, "-XX:AOTMode=on");
	}

	private Path directory() {
		return this.program.directory();
	}

	private String joined() {
		return String.join(File.pathSeparator, this.classPath);
	}

	/**
	 * Tomcat leaves directories behind when it is not stopped, as by a training run.
	 */
	private List<String> command(String mainClass, List<String> arguments) {
		return Stream
			.of(Stream.of(this.jdk.java().toString()), this.options.stream(),
					Stream.of("-Djava.io.tmpdir=" + directory(), "-cp", joined(), mainClass), arguments.stream())
			.flatMap((part) -> part)
			.toList();
	}

}
