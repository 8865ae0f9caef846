package dev.psat.benchmarks.startup;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How to start Java.
 *
 * @param jdk on what
 * @param classPath the class path
 * @param options options of the JVM
 */
public record Launch(Jdk jdk, List<String> classPath, List<String> options) {

	/**
	 * Add options of the JVM.
	 * @param more the options
	 * @return how to start Java with them
	 */
	public Launch with(String... more) {
		return new Launch(this.jdk, this.classPath, Stream.concat(this.options.stream(), Stream.of(more)).toList());
	}

	Launch withClasses(Path directory) {
		return new Launch(this.jdk, Stream.concat(Stream.of(directory.toString()), this.classPath.stream()).toList(),
				this.options);
	}

	/**
	 * Return the command that starts a program.
	 * @param mainClass its main class
	 * @param arguments its arguments
	 * @return the command
	 */
	public List<String> command(String mainClass, List<String> arguments) {
		String joined = String.join(File.pathSeparator, this.classPath);
		return Stream
			.of(Stream.of(this.jdk.java().toString()), this.options.stream(), Stream.of("-cp", joined, mainClass),
					arguments.stream())
			.flatMap((part) -> part)
			.toList();
	}

}
