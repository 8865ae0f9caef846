package dev.psat.support.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real SPIRE Server on the loopback interface, by its own program.
 */
final class RealServer {

	private static final String CONFIGURATION = """
			server {
			  bind_address = "127.0.0.1"
			  bind_port = "%1$d"
			  socket_path = "%2$s/api.sock"
			  trust_domain = "%3$s"
			  data_dir = "%2$s/data"
			  log_level = "DEBUG"
			  ca_ttl = "24h"
			  agent_ttl = "24h"
			  disable_jwt_svids = %4$s
			}
			plugins {
			  DataStore "sql" {
			    plugin_data {
			      database_type = "sqlite3"
			      connection_string = "%2$s/data/datastore.sqlite3"
			    }
			  }
			  KeyManager "disk" { plugin_data { keys_path = "%2$s/data/keys.json" } }
			  NodeAttestor "join_token" { plugin_data {} }
			}
			""";

	private final Path program;

	private final Path directory;

	private final String trustDomain;

	private final int port;

	private RealProgram running;

	RealServer(Path program, Path directory, String trustDomain) throws IOException {
		this.program = program;
		this.directory = Files.createDirectories(directory);
		this.trustDomain = trustDomain;
		Files.createDirectories(directory.resolve("data"));
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.port = free.getLocalPort();
		}
		this.running = run(true);
	}

	private RealProgram run(boolean jwtSvids) {
		Path configuration = this.directory.resolve("server.conf");
		write(configuration, CONFIGURATION.formatted(this.port, this.directory, this.trustDomain, !jwtSvids));
		RealProgram server = RealProgram.start(this.directory.resolve("log"), this.program.toString(), "run", "-config",
				configuration.toString());
		Patience.until(this.trustDomain + " is healthy", () -> control("healthcheck"));
		return server;
	}

	int port() {
		return this.port;
	}

	void restart(boolean jwtSvids) {
		stop();
		this.running = run(jwtSvids);
	}

	void stop() {
		this.running.stop();
	}

	/**
	 * Run the server's command line.
	 * @return its output
	 */
	String control(String... arguments) {
		List<String> command = Stream
			.of(Stream.of(this.program.toString()), Stream.of(arguments),
					Stream.of("-socketPath", this.directory.resolve("api.sock").toString()))
			.flatMap((part) -> part)
			.toList();
		return RealProgram.run(command);
	}

	Path bundle(String format) {
		Path file = this.directory.resolve("bundle." + format);
		write(file, control("bundle", "show", "-format", format));
		return file;
	}

	void trust(RealServer other) {
		control("bundle", "set", "-format", "spiffe", "-id", "spiffe://" + other.trustDomain, "-path",
				other.bundle("spiffe").toString());
	}

	/**
	 * Return the first match of a pattern in what the command line says.
	 */
	static String find(String pattern, String output) {
		Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(output);
		if (!matcher.find()) {
			throw new IllegalStateException("No %s in %s".formatted(pattern, output));
		}
		return matcher.group(1);
	}

	static void write(Path file, String content) {
		try {
			Files.writeString(file, content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
