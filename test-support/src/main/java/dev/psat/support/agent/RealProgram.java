package dev.psat.support.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that runs until it is stopped, and no longer than this JVM: it hangs on a
 * pipe from here, and whatever happens to this JVM closes the pipe.
 */
final class RealProgram {

	/** In a group of its own, which is killed as a whole when the pipe is closed. */
	private static final String LEASH = "exec 3<&0; { read -r _ <&3; kill -9 -$$; } & exec 3<&-; exec \"$@\" </dev/null";

	private static final long PATIENCE_SECONDS = 20;

	private final Process process;

	private RealProgram(Process process) {
		this.process = process;
	}

	/**
	 * Start a program.
	 * @param log the file to which its output is appended
	 */
	static RealProgram start(Path log, String... command) {
		try {
			return new RealProgram(new ProcessBuilder(
					Stream.concat(Stream.of("setsid", "sh", "-c", LEASH, "sh"), Stream.of(command)).toList())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
				.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Run a program that ends on its own.
	 * @return what it has written
	 */
	static String run(List<String> command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (process.waitFor() != 0) {
				throw new IllegalStateException("%s failed: %s".formatted(command, output));
			}
			return output;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	void signal(String signal) {
		run(List.of("kill", "-" + signal, String.valueOf(this.process.pid())));
	}

	void stop() {
		// that of the process would close the pipe, too
		this.process.toHandle().destroy();
		end();
	}

	void kill() {
		this.process.destroyForcibly();
		end();
	}

	private void end() {
		this.process.onExit().completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
		try {
			this.process.getOutputStream().close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.process.destroyForcibly().onExit().join();
	}

}
