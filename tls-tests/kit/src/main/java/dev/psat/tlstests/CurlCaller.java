package dev.psat.tlstests;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls with {@code curl}, which does not report the server's certificate.
 */
public final class CurlCaller implements Caller {

	private final Program curl = new Program("curl");

	private final Path directory;

	public CurlCaller(Path directory) {
		this.directory = directory;
	}

	@Override
	public Reception call(Knock knock, TlsVersion version, Credential credential) {
		List<String> arguments = new ArrayList<>(List.of("--silent", "--show-error", "--insecure", "--max-time", "30",
				"--noproxy", "*", "--output", "/dev/null", "--write-out", "answer %{http_code}"));
		arguments.addAll(List.of(knock.http2() ? "--http2" : "--http1.1", "--tlsv" + version.curlVersion(), "--tls-max",
				version.curlVersion()));
		if (credential.isPresent()) {
			String file = credential.writeTo(this.directory).toString();
			arguments.addAll(List.of("--cert", file, "--key", file));
		}
		arguments.add(knock.url());
		String output = this.curl.run(arguments, new byte[0], (read) -> false);
		return new Reception(output.matches("(?s).*answer [1-9]\\d\\d"), null, output);
	}

	@Override
	public String toString() {
		return "curl";
	}

}
