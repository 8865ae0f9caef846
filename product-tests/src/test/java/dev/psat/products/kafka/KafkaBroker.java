package dev.psat.products.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.products.Product;
import dev.psat.products.Program;
import dev.psat.products.Recipe;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsWorld;
import org.apache.kafka.common.Uuid;

/**
 * A broker that is its own controller, with a listener for each certificate that a broker
 * may have. It requires X.509-SVIDs.
 */
final class KafkaBroker extends Product {

	static final String ID = "spiffe://example.org/ns/kafka/sa/broker";

	static final String ADMIN = "spiffe://example.org/ns/kafka/sa/admin";

	private static final String CLUSTER_ID = Uuid.randomUuid().toString();

	private static final Pattern REQUEST = Pattern.compile("request of User:(\\S+), subject .*, serial number (\\d+)");

	private final Map<ServerCertificate, Integer> ports = new EnumMap<>(ServerCertificate.class);

	private final int controllerPort = freePort();

	private final TlsWorld world;

	private final String extension;

	/**
	 * Create a broker.
	 * @param world issues its certificates
	 * @param properties further properties
	 */
	KafkaBroker(TlsWorld world, String... properties) {
		super("kafka");
		this.world = world;
		this.extension = String.join("\n", properties);
		for (ServerCertificate listener : ServerCertificate.values()) {
			this.ports.put(listener, (listener == ServerCertificate.SPIRE) ? port() : freePort());
		}
	}

	String address(ServerCertificate listener) {
		return "localhost:" + this.ports.get(listener);
	}

	@Override
	protected Program launch() {
		Path properties = directory().resolve("server.properties");
		if (!Files.exists(properties)) {
			try {
				Files.writeString(properties, properties());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			Program.run(directory(), "format", Map.of(),
					java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", properties.toString()));
		}
		return Program.start(directory(), name(), Map.of(), java("kafka.Kafka", properties.toString()));
	}

	@Override
	protected boolean isReady() {
		return log().contains("Kafka Server started");
	}

	private List<String> java(String... command) {
		List<String> java = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
		java.addAll(List.of(command));
		return java;
	}

	private String properties() throws IOException {
		Path authorities = directory().resolve("authorities.pem");
		this.world.server().trustBundle().writeTo(authorities);
		String addresses = Stream.of(ServerCertificate.values())
			.map((listener) -> listener + "://" + address(listener))
			.collect(Collectors.joining(","));
		StringBuilder properties = new StringBuilder("""
				process.roles=broker,controller
				node.id=1
				controller.quorum.voters=1@localhost:%1$d
				controller.listener.names=CONTROLLER
				listeners=%2$s,CONTROLLER://localhost:%1$d
				advertised.listeners=%2$s
				listener.security.protocol.map=%3$s,CONTROLLER:PLAINTEXT
				inter.broker.listener.name=SPIRE
				log.dirs=%4$s
				super.users=User:ANONYMOUS;User:%5$s
				num.partitions=1
				offsets.topic.replication.factor=1
				offsets.topic.num.partitions=1
				group.initial.rebalance.delay.ms=0
				allow.everyone.if.no.acl.found=true
				""".formatted(this.controllerPort, addresses,
				Stream.of(ServerCertificate.values())
					.map((listener) -> listener + ":SSL")
					.collect(Collectors.joining(",")),
				directory().resolve("data"), ADMIN));
		properties.append(Recipe.text("kafka-server.properties")
			.replace("/run/spire/trust-bundle.pem", authorities.toString())
			.replace("/run/spire/svid.pem",
					ServerCertificate.SPIRE.issue(this.world, ID).writeTo(directory()).toString())
			.replace("com.example.SpiffePrincipalBuilder", ReportingPrincipalBuilder.class.getName()));
		for (ServerCertificate listener : ServerCertificate.values()) {
			properties.append("""
					listener.name.%1$s.ssl.keystore.type=PEM
					listener.name.%1$s.ssl.keystore.location=%2$s
					""".formatted(listener.toString().toLowerCase(),
					listener.issue(this.world, ID).writeTo(directory())));
		}
		return properties.append(this.extension).toString();
	}

	/**
	 * Return the serial numbers of a workload for each of its requests.
	 * @param spiffeId the workload
	 * @return the serial numbers
	 */
	List<BigInteger> serialNumbers(String spiffeId) {
		return REQUEST.matcher(log())
			.results()
			.filter((request) -> request.group(1).equals(spiffeId))
			.map((request) -> new BigInteger(request.group(2)))
			.toList();
	}

}
