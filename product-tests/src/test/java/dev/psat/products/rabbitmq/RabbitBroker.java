package dev.psat.products.rabbitmq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.products.Product;
import dev.psat.products.Program;
import dev.psat.products.Recipe;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsWorld;
import org.jspecify.annotations.Nullable;

/**
 * A broker that requires X.509-SVIDs and takes their SPIFFE IDs for names of users. It is
 * a node of Erlang, and so has a registry of nodes beside it.
 */
final class RabbitBroker extends Product {

	static final String ID = "spiffe://example.org/ns/rabbitmq/sa/broker";

	private static final Path PROGRAMS = Path.of("/usr/lib/rabbitmq/bin");

	/** Of the certificate by which each connection that is open was authenticated. */
	private static final String SERIAL_NUMBERS = """
			[begin
				{_, Data} = sys:get_state(Receiver),
				[Session] = [Part || Part <- tuple_to_list(Data), is_tuple(Part), element(1, Part) =:= session],
				Der = case element(4, Session) of {cert, Encoded, _} -> Encoded; Encoded -> Encoded end,
				element(3, element(2, public_key:pkix_decode_cert(Der, otp)))
			end || {_, Connection, _, _} <- supervisor:which_children(tls_connection_sup),
				{receiver, Receiver, _, _} <- supervisor:which_children(Connection)].""";

	private static final Pattern NUMBER = Pattern.compile("\\d+");

	private final Path server;

	private final int streamPort = freePort();

	private final int registryPort = freePort();

	private final Map<String, String> environment = Map.ofEntries(Map.entry("HOME", directory().toString()),
			Map.entry("ERL_EPMD_PORT", String.valueOf(this.registryPort)), Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
			Map.entry("RABBITMQ_NODENAME", "rabbit%d@localhost".formatted(port())),
			Map.entry("RABBITMQ_DIST_PORT", String.valueOf(freePort())),
			Map.entry("RABBITMQ_MNESIA_BASE", file("mnesia")), Map.entry("RABBITMQ_LOG_BASE", file("log")),
			Map.entry("RABBITMQ_CONFIG_FILE", file("rabbitmq.conf")),
			Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", file("enabled_plugins")),
			Map.entry("RABBITMQ_CONF_ENV_FILE", file("none")),
			Map.entry("RABBITMQ_ADVANCED_CONFIG_FILE", file("none.config")), Map.entry("RABBITMQ_LOGS", "-"));

	private @Nullable Program registry;

	private int starts;

	/**
	 * Create a broker.
	 * @param server the program
	 * @param world the world around it
	 * @param certificate what the broker presents
	 * @param more further lines of its configuration
	 */
	private RabbitBroker(Path server, TlsWorld world, ServerCertificate certificate, String... more) {
		super("rabbitmq");
		this.server = server;
		String own = certificate.issue(world, ID).writeTo(directory()).toString();
		Path authorities = directory().resolve("authorities.pem");
		try {
			world.server().trustBundle().writeTo(authorities);
			Files.writeString(directory().resolve("rabbitmq.conf"), configuration(own, authorities, more));
			Files.writeString(directory().resolve("definitions.json"), Recipe.text("rabbitmq-definitions.json"));
			Files.writeString(directory().resolve("enabled_plugins"), "[rabbitmq_auth_mechanism_ssl,rabbitmq_stream].");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Create a broker. Skips the test where RabbitMQ is not installed.
	 * @param world the world around it
	 * @param certificate what the broker presents
	 * @param more further lines of its configuration
	 * @return the broker, which has not been started
	 */
	static RabbitBroker of(TlsWorld world, ServerCertificate certificate, String... more) {
		return new RabbitBroker(Program.find("rabbitmq-server", PROGRAMS), world, certificate, more);
	}

	private String configuration(String own, Path authorities, String... more) {
		return Stream
			.of(Stream.of(Recipe.text("rabbitmq.conf")
				.replace("5671", "127.0.0.1:" + port())
				.replace("/run/spire/trust-bundle.pem", authorities.toString())
				.replace("/run/spire/svid-key.pem", own)
				.replace("/run/spire/svid.pem", own)),
					Stream.of("load_definitions = " + file("definitions.json"), "stream.listeners.tcp = none",
							"stream.listeners.ssl.default = 127.0.0.1:" + this.streamPort),
					Stream.of(more))
			.flatMap((lines) -> lines)
			.collect(Collectors.joining("\n", "", "\n"));
	}

	private String file(String name) {
		return directory().resolve(name).toString();
	}

	int streamPort() {
		return this.streamPort;
	}

	@Override
	protected Program launch() {
		if (this.registry == null) {
			// the first node would start one that outlives it
			this.registry = Program.start(directory(), "epmd", this.environment,
					List.of(Program.find("epmd").toString(), "-port", String.valueOf(this.registryPort), "-address",
							"127.0.0.1"));
		}
		this.starts++;
		return Program.start(directory(), name(), this.environment, List.of(this.server.toString()));
	}

	@Override
	protected boolean isReady() {
		return Pattern.compile("Server startup complete").matcher(log()).results().count() == this.starts;
	}

	/**
	 * Return the serial numbers of the certificates by which open connections were
	 * authenticated.
	 * @return the serial numbers
	 */
	List<BigInteger> serialNumbers() {
		return NUMBER.matcher(control("eval", SERIAL_NUMBERS))
			.results()
			.map(MatchResult::group)
			.map(BigInteger::new)
			.toList();
	}

	/**
	 * Run {@code rabbitmqctl}.
	 * @param arguments its arguments
	 * @return its output
	 */
	String control(String... arguments) {
		return Program.run(directory(), "control-" + System.nanoTime(), this.environment,
				Stream
					.concat(Stream.of(this.server.resolveSibling("rabbitmqctl").toString(), "--silent"),
							Stream.of(arguments))
					.toList());
	}

	@Override
	public void close() {
		stop();
		if (this.registry != null) {
			this.registry.stop();
		}
		super.close();
	}

}
