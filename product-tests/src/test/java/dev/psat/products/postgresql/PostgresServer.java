package dev.psat.products.postgresql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.psat.products.Product;
import dev.psat.products.Program;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsWorld;

import org.springframework.core.io.ClassPathResource;
import org.springframework.util.StringUtils;

/**
 * A server that requires X.509-SVIDs and takes their common names for names of users. It
 * never runs as root.
 */
final class PostgresServer extends Product {

	static final String ID = "spiffe://example.org/ns/postgresql/sa/server";

	private static final String READY = "database system is ready to accept connections";

	/** Databases to which one may come without TLS, and by the subject. */
	private static final String MORE_ACCESS = """
			local all all trust
			host clear all all trust
			hostssl subject all all cert clientname=DN map=subject
			""";

	private static final String MORE_USERS = """
			subject /^.*C=US.*$ orders
			""";

	private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

	private final TlsWorld world;

	private final ServerCertificate certificate;

	private final Path postgres = Program.find("postgres", directories());

	private final Path data = directory().resolve("data");

	private int starts;

	/**
	 * Create a server.
	 * @param world issues its certificate
	 * @param certificate what it presents
	 */
	PostgresServer(TlsWorld world, ServerCertificate certificate) {
		super("postgresql");
		this.world = world;
		this.certificate = certificate;
	}

	/**
	 * Return where Debian puts the programs, of the newest version first.
	 */
	private static Path[] directories() {
		try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
			return versions.sorted(Comparator.comparing((Path path) -> path.getFileName().toString()).reversed())
				.map((version) -> version.resolve("bin"))
				.toArray(Path[]::new);
		}
		catch (IOException ex) {
			return new Path[0];
		}
	}

	@Override
	protected Program launch() {
		try {
			if (!Files.exists(this.data)) {
				initialize();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.starts++;
		return Program.start(directory(), name(), Map.of(), program("postgres", "-D", this.data.toString()));
	}

	private void initialize() throws IOException {
		own(directory());
		Program.run(directory(), "initdb", Map.of("LC_ALL", "C.UTF-8"),
				program("initdb", "-D", this.data.toString(), "-U", "postgres", "-A", "trust", "--no-sync"));
		Program.run(directory(), "create", Map.of(), shell(
				"printf 'create role orders login\\ncreate database orders owner orders\\ncreate database clear\\ncreate database subject\\n' | "
						+ String.join(" ", program("postgres", "--single", "-D", this.data.toString(), "postgres"))));
		write("postgresql.conf", recipe("postgresql.conf") + """
				port = %d
				listen_addresses = '127.0.0.1'
				unix_socket_directories = ''
				fsync = off
				""".formatted(port()));
		write("pg_hba.conf", MORE_ACCESS + recipe("pg_hba.conf"));
		write("pg_ident.conf", MORE_USERS + recipe("pg_ident.conf"));
	}

	private static List<String> shell(String command) {
		return List.of("sh", "-c", command);
	}

	private String recipe(String file) throws IOException {
		Path authorities = directory().resolve("authorities.pem");
		this.world.server().trustBundle().writeTo(authorities);
		own(authorities);
		String own = own(this.certificate.issue(this.world, ID).writeTo(directory())).toString();
		String recipe = new ClassPathResource("recipes/" + file).getContentAsString(StandardCharsets.UTF_8);
		return StringUtils.replace(recipe, "/run/spire/trust-bundle.pem", authorities.toString())
			.replace("/run/spire/svid.pem", own)
			.replace("/run/spire/svid-key.pem", own);
	}

	private void write(String file, String content) throws IOException {
		Files.writeString(own(this.data.resolve(file)), content);
	}

	private static Path own(Path path) throws IOException {
		if (ROOT) {
			UserPrincipal user = path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres");
			Files.setOwner(path, user);
		}
		return path;
	}

	private List<String> program(String name, String... arguments) {
		List<String> command = new ArrayList<>(
				ROOT ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") : List.of());
		command.add(this.postgres.resolveSibling(name).toString());
		command.addAll(List.of(arguments));
		return command;
	}

	@Override
	protected boolean isReady() {
		return StringUtils.countOccurrencesOf(log(), READY) == this.starts;
	}

	/**
	 * Stop without waiting for clients to leave, as it would if it were asked to end.
	 */
	@Override
	public void stop() {
		if (Files.exists(this.data.resolve("postmaster.pid"))) {
			Program.run(directory(), "stop", Map.of(),
					program("pg_ctl", "stop", "-m", "immediate", "-D", this.data.toString()));
		}
		super.stop();
	}

}
