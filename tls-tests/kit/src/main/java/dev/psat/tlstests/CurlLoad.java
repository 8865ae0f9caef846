package dev.psat.tlstests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.psat.support.Patience;

/**
 * Calls with {@code curl}, one after the other, on connections that it keeps for as long
 * as the server lets it.
 */
final class CurlLoad {

	private static final int CALLS_A_SECOND = 20;

	private static final Pattern ANSWER = Pattern.compile("answer (\\d+) (\\d+)");

	private static final Duration PATIENCE = Patience.LIMIT;

	private final Program curl = new Program("curl", PATIENCE);

	private final Path directory;

	/**
	 * Create a load.
	 * @param directory a directory for files
	 */
	CurlLoad(Path directory) {
		this.directory = directory;
	}

	/**
	 * Make calls.
	 * @param port the port on the loopback interface
	 * @param http2 whether to use HTTP/2
	 * @param credential the credential to present
	 * @param seconds for how many seconds to call
	 * @return what has become of the calls
	 */
	Calls run(int port, boolean http2, Credential credential, int seconds) {
		String file = credential.writeTo(this.directory).toString();
		int calls = seconds * CALLS_A_SECOND;
		String output = this.curl.run(List.of("--silent", "--show-error", "--insecure", "--noproxy", "*", "--max-time",
				"30", http2 ? "--http2" : "--http1.1", "--cert", file, "--key", file, "--rate", CALLS_A_SECOND + "/s",
				"--output", "/dev/null", "--write-out", "answer %{http_code} %{num_connects}\\n",
				"https://localhost:%d/greeting?[1-%d]".formatted(port, calls)), new byte[0], (read) -> false);
		List<int[]> answers = ANSWER.matcher(output)
			.results()
			.map((answer) -> new int[] { Integer.parseInt(answer.group(1)), Integer.parseInt(answer.group(2)) })
			.toList();
		int answered = (int) answers.stream().filter((answer) -> answer[0] == 200).count();
		String errors = String.join("; ",
				Stream.of(output.split("\\R")).filter((line) -> line.startsWith("curl")).toList());
		return new Calls(answered, calls - answered, answers.stream().mapToInt((answer) -> answer[1]).sum(), errors);
	}

	/**
	 * What has become of calls.
	 *
	 * @param answered how many were answered
	 * @param failed how many were not
	 * @param connections on how many connections
	 * @param errors what curl says of those that failed
	 */
	record Calls(int answered, int failed, int connections, String errors) {

	}

}
