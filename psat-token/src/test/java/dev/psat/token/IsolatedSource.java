package dev.psat.token;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.psat.concurrent.internal.Time;

/**
 * A source in a process of its own. It prints each new status and runs each line of its
 * input as a shell command, until the input ends.
 */
final class IsolatedSource {

	private IsolatedSource() {
	}

	/**
	 * Run a source.
	 * @param args the path of the token and the poll interval
	 * @throws Exception if anything goes wrong
	 */
	public static void main(String[] args) throws Exception {
		TokenSource source = new FileTokenSource(Path.of(args[0]), SourceTorture.judge(), true, Time.ofSystem(),
				SourceTorture.patientIntervals(Duration.parse(args[1])));
		source.start();
		Thread printer = new Thread(() -> print(source));
		printer.setDaemon(true);
		printer.start();
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = in.readLine(); line != null; line = in.readLine()) {
			run(line);
		}
		System.out.println("the input has ended, and nobody closes the source");
	}

	private static void print(TokenSource source) {
		String known = "";
		while (true) {
			TokenStatus status = source.status();
			TokenStatus.Token token = status.token();
			String fingerprint = (token != null) ? token.fingerprint() : null;
			String present = "status %s %s %s generation=%d missed=%d token=%s".formatted(status.tokenState(),
					status.sourceState(), Shown.watch(status).mode(), Snapshot.generation(status),
					Shown.watch(status).missedEvents(), fingerprint);
			if (!present.equals(known)) {
				known = present;
				System.out.println(present);
			}
			try {
				TimeUnit.MILLISECONDS.sleep(5);
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	private static void run(String command) throws IOException, InterruptedException {
		int code = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.INHERIT)
			.start()
			.waitFor();
		System.out.println("ran " + code);
	}

}
