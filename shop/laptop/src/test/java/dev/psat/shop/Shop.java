package dev.psat.shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.psat.shop.inventory.InventoryApplication;
import dev.psat.shop.orders.OrdersApplication;
import dev.psat.spire.test.SimulatedSpireServer;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * Two pods, and the SPIRE Server that has entries for both. A third workload has an
 * X.509-SVID and is on no list.
 */
final class Shop implements AutoCloseable {

	static final String MAILER = "spiffe://example.org/ns/shop/sa/mailer";

	private static final String CLUSTER = "demo-cluster";

	private final Path directory;

	private final Pod inventory;

	private final Pod orders;

	private final SimulatedSpireServer server;

	private int inventoryPort;

	private int ordersPort;

	/**
	 * Build a shop that is closed yet.
	 * @param directory where its files are while it is open
	 * @param lifetime of tokens; X.509-SVIDs live for twice as long
	 */
	Shop(Path directory, Duration lifetime) {
		this.directory = directory.toAbsolutePath();
		this.inventory = new Pod("inventory", lifetime);
		this.orders = new Pod("orders", lifetime);
		this.server = SimulatedSpireServer.builder()
			.workload(this.inventory.kubelet(), CLUSTER)
			.workload(this.orders.kubelet(), CLUSTER)
			.x509SvidTtl(lifetime.multipliedBy(2))
			.limitAttestations(false)
			.entryCacheReload(Duration.ZERO)
			.build();
	}

	/**
	 * Start the inventory, then the orders, and wait until they can be taken.
	 * @param clients the file that lists who may call the inventory
	 * @param output for the logs
	 * @param arguments what both services are told
	 */
	void open(Path clients, Redirect output, String... arguments) throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
		Files.createDirectories(this.directory);
		Path trustBundle = this.directory.resolve("bundle.crt");
		this.server.trustBundle().writeTo(trustBundle);
		PemFile.write(mailer(), this.server.mintX509Svid(MAILER));
		List<String> both = Stream
			.concat(Stream.of("--spire.server.address=" + this.server.address(),
					"--spire.server.trust-bundle=" + trustBundle), Stream.of(arguments))
			.toList();
		this.inventoryPort = this.inventory.start(InventoryPod.class, OrdersApplication.class, this.directory, output,
				with(both, "--management.server.port=0",
						"--spire.bundle.authorized-clients-file=" + clients.toAbsolutePath()));
		this.ordersPort = this.orders.start(OrdersPod.class, InventoryApplication.class, this.directory, output,
				with(both, "--inventory.url=https://localhost:" + this.inventoryPort));
		await().atMost(Duration.ofMinutes(5)).ignoreExceptions().until(this::isReady);
	}

	private static List<String> with(List<String> arguments, String... more) {
		return Stream.concat(arguments.stream(), Stream.of(more)).toList();
	}

	private boolean isReady() throws IOException, InterruptedException {
		URI readiness = URI.create("http://localhost:%d/actuator/health/readiness".formatted(this.ordersPort));
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(readiness).build(), BodyHandlers.discarding())
			.statusCode() == 200;
	}

	SimulatedSpireServer server() {
		return this.server;
	}

	/**
	 * Return where anybody can order apples.
	 */
	String ordersUrl() {
		return "http://localhost:%d/orders/apples".formatted(this.ordersPort);
	}

	/**
	 * Return where the orders ask for apples.
	 */
	String inventoryUrl() {
		return "https://localhost:%d/stock/apples".formatted(this.inventoryPort);
	}

	/**
	 * Return what to try: an order, which is taken, and two calls of the inventory, which
	 * are not: without a certificate, and with that of the third workload.
	 */
	List<String> commands() {
		return List.of("curl " + ordersUrl(), "curl -k " + inventoryUrl(),
				"curl -k --cert %s %s".formatted(mailer(), inventoryUrl()));
	}

	private Path mailer() {
		return this.directory.resolve("mailer.pem");
	}

	/**
	 * Wait until one of the services has ended.
	 */
	void awaitEnd() {
		CompletableFuture.anyOf(this.inventory.onExit(), this.orders.onExit()).join();
	}

	@Override
	public void close() {
		this.orders.close();
		this.inventory.close();
		this.server.close();
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
