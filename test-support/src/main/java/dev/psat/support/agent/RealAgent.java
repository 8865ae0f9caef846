package dev.psat.support.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.springframework.util.FileSystemUtils;

/**
 * A real SPIRE Agent with its server, and that of the partner, by their own programs in a
 * directory of their own. The agent attests by a join token, and workloads by their user.
 */
public final class RealAgent implements AgentUnderTest {

	private static final String CONFIGURATION = """
			agent {
			  data_dir = "%1$s/data"
			  log_level = "DEBUG"
			  server_address = "127.0.0.1"
			  server_port = "%2$d"
			  socket_path = "%1$s/run/api.sock"
			  trust_domain = "example.org"
			  trust_bundle_path = "%3$s"
			  workload_x509_svid_key_type = "%4$s"
			}
			plugins {
			  KeyManager "disk" { plugin_data { directory = "%1$s/data" } }
			  NodeAttestor "join_token" { plugin_data {} }
			  WorkloadAttestor "unix" { plugin_data {} }
			}
			""";

	private static final String PARENT = "spiffe://example.org/node";

	private static final Duration SVID_TTL = Duration.ofMinutes(10);

	private final Path directory;

	private final Path program;

	private final RealServer server;

	private final RealServer partner;

	private final List<String> entries = new ArrayList<>();

	private String keyType = "ec-p256";

	private String token = "";

	private String oldAuthority = "";

	private String nextAuthority = "";

	private RealProgram running;

	/**
	 * Start an agent.
	 * @param programs the directory with {@code spire-server} and {@code spire-agent}
	 */
	public RealAgent(Path programs) {
		try {
			this.directory = Files.createTempDirectory("real-agent-");
			this.program = programs.resolve("spire-agent");
			Files.createDirectories(this.directory.resolve("data"));
			this.server = new RealServer(programs.resolve("spire-server"), this.directory.resolve("server"),
					TRUST_DOMAIN);
			this.partner = new RealServer(programs.resolve("spire-server"), this.directory.resolve("partner"), PARTNER);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.trust(this.partner);
		this.partner.trust(this.server);
		this.token = RealServer.find("Token: (\\S+)", this.server.control("token", "generate", "-spiffeID", PARENT));
		this.running = run();
	}

	private RealProgram run() {
		Path configuration = this.directory.resolve("agent.conf");
		RealServer.write(configuration,
				CONFIGURATION.formatted(this.directory, this.server.port(), this.server.bundle("pem"), this.keyType));
		List<String> command = new ArrayList<>(
				List.of(this.program.toString(), "run", "-config", configuration.toString()));
		if (!this.token.isEmpty()) {
			command.addAll(List.of("-joinToken", this.token));
		}
		RealProgram agent = RealProgram.start(this.directory.resolve("log"), command.toArray(String[]::new));
		Patience.until("the agent is healthy", () -> RealProgram
			.run(List.of(this.program.toString(), "healthcheck", "-socketPath", socket().toString())));
		this.token = "";
		return agent;
	}

	@Override
	public Path socket() {
		return this.directory.resolve("run").resolve("api.sock");
	}

	@Override
	public String add(String spiffeId, EntryOptions options) {
		return create(spiffeId, user(), options);
	}

	@Override
	public void addForAnotherUser(String spiffeId) {
		create(spiffeId, user() + 1, EntryOptions.NONE);
	}

	private static int user() {
		try {
			return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String create(String spiffeId, int user, EntryOptions options) {
		Duration ttl = (options.x509SvidTtl() != null) ? options.x509SvidTtl() : SVID_TTL;
		List<String> arguments = new ArrayList<>(List.of("entry", "create", "-parentID", PARENT, "-spiffeID", spiffeId,
				"-selector", "unix:uid:" + user, "-x509SVIDTTL", String.valueOf(ttl.toSeconds())));
		if (options.hint() != null) {
			arguments.addAll(List.of("-hint", options.hint()));
		}
		if (options.federated()) {
			arguments.addAll(List.of("-federatesWith", "spiffe://" + PARTNER));
		}
		String entry = RealServer.find("Entry ID\\s*: (\\S+)", this.server.control(arguments.toArray(String[]::new)));
		this.entries.add(entry);
		return entry;
	}

	@Override
	public void delete(String entry) {
		this.server.control("entry", "delete", "-entryID", entry);
		this.entries.remove(entry);
	}

	@Override
	public String exchange(String entry, String spiffeId) {
		delete(entry);
		return add(spiffeId, EntryOptions.NONE);
	}

	@Override
	public void clear() {
		List.copyOf(this.entries).forEach(this::delete);
	}

	@Override
	public void rotate() {
		// it does so on its own at half of their life
	}

	@Override
	public void stop() {
		this.running.stop();
	}

	@Override
	public void kill() {
		this.running.kill();
	}

	@Override
	public void start() {
		this.running = run();
	}

	@Override
	public void suspend() {
		this.running.signal("STOP");
	}

	@Override
	public void resume() {
		this.running.signal("CONT");
	}

	@Override
	public void prepareAuthority() {
		this.oldAuthority = RealServer.find("Active X.509 authority:\\s+Authority ID: (\\S+)",
				this.server.control("localauthority", "x509", "show"));
		this.nextAuthority = RealServer.find("Authority ID: (\\S+)",
				this.server.control("localauthority", "x509", "prepare"));
	}

	@Override
	public void activateAuthorityAndTaint() {
		this.server.control("localauthority", "x509", "activate", "-authorityID", this.nextAuthority);
		this.server.control("localauthority", "x509", "taint", "-authorityID", this.oldAuthority);
	}

	@Override
	public void revokeAuthority() {
		this.server.control("localauthority", "x509", "revoke", "-authorityID", this.oldAuthority);
	}

	@Override
	public void endFederation() {
		this.server.control("bundle", "delete", "-mode", "dissociate", "-id", "spiffe://" + PARTNER);
	}

	@Override
	public void useRsaKeys() {
		this.keyType = "rsa-2048";
		stop();
		start();
	}

	@Override
	public void endJwtSvids() {
		this.server.restart(false);
	}

	@Override
	public void close() {
		this.running.kill();
		this.server.stop();
		this.partner.stop();
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
