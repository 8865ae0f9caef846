package dev.psat.benchmarks.jvm;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.util.Assert;

/**
 * Runs a program on one processor, as a pod with one has it, and asks the kernel what it
 * took. The JVM itself counts in steps of 10 ms, and files of threads do not count those
 * that have ended; the shell is told microseconds of all of them when the process ends,
 * and writes milliseconds.
 */
public final class OneProcessor {

	private static final String SCRIPT = "TIMEFORMAT='took %U %S'; time taskset --cpu-list \"$@\"";

	private static final Pattern TOOK = Pattern.compile("took (\\S+) (\\S+)");

	private static final int NANOS = 9;

	private final String processor;

	/**
	 * Take the last processor of those allowed, since interrupts prefer the first.
	 * @throws IOException if the kernel does not tell which these are
	 */
	OneProcessor() throws IOException {
		try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
			this.processor = lines.filter((line) -> line.startsWith("Cpus_allowed_list:"))
				.map((line) -> line.replaceAll(".*[^0-9]", ""))
				.findFirst()
				.orElseThrow();
		}
	}

	/**
	 * Run a program until it ends, for five minutes at most.
	 * @param command how to start it
	 * @param directory where to start it
	 * @param sign the line that it writes just before it ends
	 * @return what it took
	 * @throws IOException if it does not start
	 */
	Usage run(List<String> command, Path directory, String sign) throws IOException {
		List<String> shell = new ArrayList<>(List.of("bash", "-c", SCRIPT, "bash", this.processor));
		shell.addAll(command);
		ProcessBuilder builder = new ProcessBuilder(shell).directory(directory.toFile()).redirectErrorStream(true);
		long begin = System.nanoTime();
		Process process = TimeLimit.on(builder.start());
		try (BufferedReader output = process.inputReader()) {
			return read(output, begin, sign);
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
		}
	}

	private static Usage read(BufferedReader output, long begin, String sign) throws IOException {
		long ready = 0;
		List<String> log = new ArrayList<>();
		while (true) {
			String line = output.readLine();
			Assert.state(line != null, () -> "The program has ended:\n" + String.join("\n", log));
			Matcher took = TOOK.matcher(line);
			if (line.equals(sign)) {
				ready = System.nanoTime() - begin;
			}
			else if (ready != 0 && took.matches()) {
				return new Usage(ready, nanos(took.group(1)) + nanos(took.group(2)));
			}
			log.add(line);
		}
	}

	private static long nanos(String seconds) {
		// the decimal point is that of the locale
		return new BigDecimal(seconds.replace(',', '.')).movePointRight(NANOS).longValueExact();
	}

	/**
	 * What a program took.
	 *
	 * @param time nanoseconds from before the process was made until it gave the sign
	 * @param processor nanoseconds that the processor worked for it, all threads included
	 */
	public record Usage(long time, long processor) {

	}

}
