package dev.psat.products.redis;

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
final class RedisWorld implements AutoCloseable {

	private final TlsWorld world = new TlsWorld();

	private final Map<ServerCertificate, RedisServer> servers = new EnumMap<>(ServerCertificate.class);

	private final int idleSeconds;

	/**
	 * Create a world without servers.
	 * @param idleSeconds after how many seconds a server closes a connection without
	 * commands
	 */
	RedisWorld(int idleSeconds) {
		this.idleSeconds = idleSeconds;
	}

	TlsWorld world() {
		return this.world;
	}

	/**
	 * Return a server that runs.
	 * @param certificate what it presents
	 * @return the server, always the same one for a certificate
	 */
	RedisServer server(ServerCertificate certificate) {
		return this.servers.computeIfAbsent(certificate, (missing) -> {
			RedisServer server = new RedisServer(this.world, certificate, this.idleSeconds);
			server.start();
			return server;
		});
	}

	/**
	 * Run an application.
	 * @param file the file of its recipe
	 * @param certificate what its server presents
	 * @param client the client, {@code lettuce} or {@code jedis}
	 * @param properties what differs from the recipe
	 * @return the application, which has an X.509-SVID
	 */
	TlsApplication run(String file, ServerCertificate certificate, String client, String... properties) {
		return recipe(file, certificate).with("spring.data.redis.client-type=" + client)
			.with(properties)
			.run(this.world, Cache.class);
	}

	Recipe recipe(String file, ServerCertificate certificate) {
		return Recipe.of(file)
			.with("products.wanted=data", "spring.data.redis.host=localhost",
					"spring.data.redis.port=" + server(certificate).port(), "spring.data.redis.timeout=5s",
					"spring.data.redis.connect-timeout=5s", "spring.data.redis.repositories.enabled=false",
					// Jedis brings what makes Spring Boot give Lettuce a pool, too
					"spring.data.redis.lettuce.pool.enabled=false", CorporateAuthority.property(this.world));
	}

	@Override
	public void close() {
		this.servers.values().forEach(RedisServer::close);
		this.world.close();
	}

}
