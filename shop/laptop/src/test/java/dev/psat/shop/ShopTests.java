package dev.psat.shop;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the shop, started as on a laptop, does what its README says.
 */
class ShopTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	@Test
	void takesOrdersAsLongAsTheyAreOnTheList(@TempDir Path directory) throws Exception {
		Path clients = Files.copy(Path.of("../deploy/peers/clients"), directory.resolve("clients"));
		Path log = directory.resolve("log");
		List<ProcessHandle> before = children();
		try (Shop shop = new Shop(directory.resolve("shop"), Duration.ofSeconds(5))) {
			shop.open(clients, Redirect.appendTo(log.toFile()), "--server.port=0");
			String first = await().atMost(PATIENCE).until(() -> order(shop), ShopTests::isTaken).body();
			assertThat(readme("sh")).containsSubsequence(asInReadme(shop, directory));
			assertThat(withoutNumbers(first)).isEqualTo(withoutNumbers(readme("json").get(0)));

			await().atMost(PATIENCE).until(() -> order(shop), (later) -> isTaken(later) && !later.body().equals(first));

			assertThatExceptionOfType(IOException.class).isThrownBy(() -> callWithoutCertificate(shop));
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> callAs(shop, Shop.MAILER));
			await().atMost(PATIENCE)
				.ignoreExceptionsInstanceOf(IOException.class)
				.until(() -> callAs(shop, ORDERS).statusCode() == 200);
			awaitLine(log, readme("text").get(0));

			change(clients, (list) -> list.replace(ORDERS, "# " + ORDERS));
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(order(shop).statusCode()).isEqualTo(502));
			awaitLine(log, readme("text").get(1));
			change(clients, (list) -> list.replace("# " + ORDERS, ORDERS));
			await().atMost(PATIENCE).until(() -> order(shop), ShopTests::isTaken);
		}
		assertThat(children()).isEqualTo(before);
		assertThat(directory.resolve("shop")).doesNotExist();
	}

	private static HttpResponse<String> order(Shop shop) throws IOException, InterruptedException {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(shop.ordersUrl())).build(), BodyHandlers.ofString());
	}

	private static boolean isTaken(HttpResponse<String> order) {
		return order.statusCode() == 200;
	}

	private static void awaitLine(Path log, String line) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(Files.readString(log)).contains(line));
	}

	private static HttpResponse<String> callAs(Shop shop, String caller) throws Exception {
		return call(shop, shop.server().bundleOf(caller).createSslContext());
	}

	private static HttpResponse<String> callWithoutCertificate(Shop shop) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, shop.server().bundleOf(ORDERS).getManagers().getTrustManagers(), null);
		return call(shop, context);
	}

	private static HttpResponse<String> call(Shop shop, SSLContext context) throws Exception {
		return HttpClient.newBuilder()
			.sslContext(context)
			.build()
			.send(HttpRequest.newBuilder(URI.create(shop.inventoryUrl())).build(), BodyHandlers.ofString());
	}

	/**
	 * Replace the list, as kubelet does.
	 */
	private static void change(Path clients, UnaryOperator<String> change) throws IOException {
		Path next = clients.resolveSibling("clients.next");
		Files.writeString(next, change.apply(Files.readString(clients)));
		Files.move(next, clients, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	private static List<String> readme(String language) throws IOException {
		return Pattern.compile("^ *```" + language + "\n(.*?)^ *```$", Pattern.DOTALL | Pattern.MULTILINE)
			.matcher(Files.readString(Path.of("../README.md")))
			.results()
			.map((block) -> block.group(1).strip())
			.toList();
	}

	private static List<String> asInReadme(Shop shop, Path directory) {
		return shop.commands()
			.stream()
			.map((command) -> command.replaceAll("http://localhost:\\d+", "http://localhost:8080")
				.replaceAll("https://localhost:\\d+", "https://localhost:8443")
				.replace(directory.toString(), "shop/laptop/target"))
			.toList();
	}

	private static String withoutNumbers(String text) {
		return text.replaceAll("\\d+", "0");
	}

	private static List<ProcessHandle> children() {
		return ProcessHandle.current().children().toList();
	}

}
