package dev.psat.products.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.psat.products.Product;
import dev.psat.products.Program;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsWorld;

import org.springframework.core.io.ClassPathResource;

/**
 * A server that requires X.509-SVIDs. It does not tell which one a client has, but trusts
 * no authority that is not in the trust bundle when it starts.
 */
final class RedisServer extends Product {

	static final String ID = "spiffe://example.org/ns/redis/sa/server";

	private final Path program = Program.find("redis-server");

	private final TlsWorld world;

	private final ServerCertificate certificate;

	private final String idleSeconds;

	/**
	 * Create a server.
	 * @param world issues its certificate
	 * @param certificate what it presents
	 * @param idleSeconds after how many seconds it closes a connection without commands
	 */
	RedisServer(TlsWorld world, ServerCertificate certificate, int idleSeconds) {
		super("redis");
		this.world = world;
		this.certificate = certificate;
		this.idleSeconds = String.valueOf(idleSeconds);
	}

	@Override
	protected Program launch() {
		Path authorities = directory().resolve("authorities.pem");
		String own = this.certificate.issue(this.world, ID).writeTo(directory()).toString();
		Path file = directory().resolve("redis.conf");
		try {
			this.world.server().trustBundle().writeTo(authorities);
			Files.writeString(file,
					"""
							bind 127.0.0.1
							save ""
							dir %s
							""".formatted(directory())
							+ new ClassPathResource("recipes/redis.conf").getContentAsString(StandardCharsets.UTF_8)
								.replace("tls-port 6379", "tls-port " + port())
								.replace("timeout 600", "timeout " + this.idleSeconds)
								.replace("/run/spire/trust-bundle.pem", authorities.toString())
								.replace("/run/spire/svid.pem", own)
								.replace("/run/spire/svid-key.pem", own));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return Program.start(directory(), name(), Map.of(), List.of(this.program.toString(), file.toString()));
	}

}
