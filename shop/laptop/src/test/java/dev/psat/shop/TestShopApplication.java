package dev.psat.shop;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.awaitility.core.TerminalFailureException;

/**
 * Opens the shop: {@code mvn spring-boot:test-run -pl shop/laptop -am}. Its tokens live
 * for half a minute and its X.509-SVIDs for one, so that no rotation is far away.
 */
public final class TestShopApplication {

	private TestShopApplication() {
	}

	public static void main(String[] args) {
		Shop shop = new Shop(Path.of("target/shop"), Duration.ofSeconds(30));
		Runtime.getRuntime().addShutdownHook(new Thread(shop::close, "shop-close"));
		try {
			Path clients = Path.of("../deploy/peers/clients").toRealPath();
			shop.open(clients, Redirect.INHERIT, args);
			List<String> commands = shop.commands();
			System.out.printf("""

					The shop is open, and Ctrl-C closes it. Who may call inventory is listed in %s
					%s  # an order, and the SPIFFE ID that inventory has seen
					%s  # refused: no certificate
					%s  # refused: mailer is not on the list, as the log says

					""", clients, commands.get(0), commands.get(1), commands.get(2));
			shop.awaitEnd();
		}
		catch (IOException | TerminalFailureException ex) {
			System.err.println(ex.getMessage());
		}
		System.exit(1);
	}

}
