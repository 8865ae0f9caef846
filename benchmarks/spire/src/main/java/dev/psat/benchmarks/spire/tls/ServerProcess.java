package dev.psat.benchmarks.spire.tls;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.psat.benchmarks.tlsserver.TlsServer;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A JVM of its own that runs {@link TlsServer}.
 */
final class ServerProcess implements AutoCloseable {

	private static final int PATIENCE = 60;

	/** Takes the place of an answer when the server has ended. */
	private static final long NONE = -1;

	private final BlockingQueue<Long> answers = new LinkedBlockingQueue<>();

	private final List<Publication> shown = new CopyOnWriteArrayList<>();

	private final Queue<String> log = new ConcurrentLinkedQueue<>();

	private volatile long learned;

	private final Process process;

	private final PrintWriter input;

	private final int port;

	private ServerProcess(Process process) throws InterruptedException {
		this.process = process;
		this.input = new PrintWriter(process.outputWriter(), true);
		Thread reader = new Thread(() -> read(process.inputReader()), "tls-server-output");
		reader.setDaemon(true);
		reader.start();
		this.port = (int) answer();
	}

	/**
	 * Start a server and wait until it is ready.
	 * @param server what it is made of
	 * @param properties its properties
	 * @return the server, to be closed
	 * @throws Exception if it does not start
	 */
	static ServerProcess start(WebServer server, List<String> properties) throws Exception {
		List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
				"-cp", server.classPath(), TlsServer.class.getName()));
		Stream
			.concat(Stream.of("server.port=0", "server.address=127.0.0.1", "server.tomcat.max-keep-alive-requests=-1",
					"spring.main.banner-mode=off", "logging.level.root=warn"), properties.stream())
			.map((property) -> "--" + property)
			.forEach(command::add);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		try {
			return new ServerProcess(process);
		}
		catch (InterruptedException | RuntimeException ex) {
			process.destroyForcibly();
			throw ex;
		}
	}

	URI uri(String path) {
		return URI.create("https://localhost:" + this.port + path);
	}

	/**
	 * Return what the process has used so far.
	 * @return the processor time in nanoseconds
	 * @throws InterruptedException if interrupted
	 */
	long cpu() throws InterruptedException {
		this.input.println(TlsServer.CPU);
		return answer();
	}

	void collectGarbage() throws InterruptedException {
		this.input.println(TlsServer.COLLECT);
		answer();
	}

	/**
	 * Return which certificates it has told that it shows.
	 * @return each with the time from which on
	 */
	List<Publication> shown() {
		return List.copyOf(this.shown);
	}

	/**
	 * Return when it has last learned of other authorities.
	 * @return the time by {@link System#nanoTime()}, zero if never
	 */
	long learned() {
		return this.learned;
	}

	private long answer() throws InterruptedException {
		Long answer = this.answers.poll(PATIENCE, TimeUnit.SECONDS);
		Assert.state(answer != null && answer != NONE,
				() -> "The server does not answer:\n" + String.join("\n", this.log));
		return answer;
	}

	private void read(BufferedReader output) {
		try (output) {
			@Nullable String line = output.readLine();
			while (line != null) {
				take(line);
				line = output.readLine();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.answers.add(NONE);
		}
	}

	private void take(String line) {
		if (!line.startsWith(TlsServer.ANSWER)) {
			this.log.add(line);
			return;
		}
		String[] words = line.substring(TlsServer.ANSWER.length()).split(" ");
		if (words[0].equals("shows")) {
			this.shown.add(new Publication(new BigInteger(words[1]), Long.parseLong(words[2])));
		}
		else if (words[0].equals("learned")) {
			this.learned = Long.parseLong(words[1]);
		}
		else {
			this.answers.add(Long.parseLong(words[1]));
		}
	}

	/**
	 * The server exits when its input ends.
	 */
	@Override
	public void close() throws InterruptedException {
		this.input.close();
		if (!this.process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
			Assert.state(this.process.destroyForcibly().waitFor(PATIENCE, TimeUnit.SECONDS),
					"The server cannot be killed");
		}
	}

}
