package dev.psat.products.postgresql;

import java.util.EnumMap;
import java.util.Map;

import dev.psat.products.CorporateAuthority;
import dev.psat.products.Recipe;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;

/**
 * Servers, which start when they are needed, and the applications that use them.
 */
final class PostgresWorld implements AutoCloseable {

	private final TlsWorld world = new TlsWorld();

	private final Map<ServerCertificate, PostgresServer> servers = new EnumMap<>(ServerCertificate.class);

	PostgresWorld() {
		this.world.changeEntry((entry) -> entry.dnsNames("orders.shop"));
	}

	TlsWorld world() {
		return this.world;
	}

	/**
	 * Return a server that runs.
	 * @param certificate what it presents
	 * @return the server, always the same one for a certificate
	 */
	PostgresServer server(ServerCertificate certificate) {
		return this.servers.computeIfAbsent(certificate, (missing) -> {
			PostgresServer server = new PostgresServer(this.world, certificate);
			server.start();
			return server;
		});
	}

	/**
	 * Return a recipe for a server.
	 * @param file the file of the recipe
	 * @param port the port of the server, or of who is in between
	 * @return the recipe
	 */
	Recipe recipe(String file, int port) {
		Recipe recipe = Recipe.of(file);
		return recipe.with("products.wanted=jdbc,transaction", "spring.datasource.url=" + url(recipe, port),
				"spring.datasource.hikari.minimum-idle=0", "spring.datasource.hikari.connection-timeout=3000",
				CorporateAuthority.property(this.world));
	}

	/**
	 * Return the URL of a recipe with another server.
	 */
	private static String url(Recipe recipe, int port) {
		return recipe.property("spring.datasource.url").replaceFirst("//[^/]+/", "//localhost:" + port + "/");
	}

	TlsApplication run(String file, ServerCertificate certificate, String... properties) {
		return recipe(file, server(certificate).port()).with(properties).run(this.world, Orders.class);
	}

	@Override
	public void close() {
		this.servers.values().forEach(PostgresServer::close);
		this.world.close();
	}

}
