package dev.psat.products.keycloak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.sun.net.httpserver.HttpServer;
import dev.psat.products.Product;
import dev.psat.products.Program;
import dev.psat.products.Recipe;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.TlsWorld;

/**
 * A Keycloak with the realm {@code shop} of the recipes, and what publishes the keys of
 * the trust domain to it.
 */
final class Keycloak extends Product {

	private static final String PASSWORD = "changeit";

	private static final String REALM = """
			{
				"realm": "shop",
				"enabled": true,
				"sslRequired": "none",
				"identityProviders": [ %s ],
				"clients": [ %s, %s, %s, {
					"clientId": "orders-secret",
					"enabled": true,
					"clientAuthenticatorType": "client-secret",
					"secret": "open-sesame",
					"serviceAccountsEnabled": true
				} ],
				"users": [ {
					"username": "alice",
					"enabled": true,
					"email": "alice@example.org",
					"emailVerified": true,
					"firstName": "Alice",
					"lastName": "Liddell",
					"credentials": [ { "type": "password", "value": "wonderland" } ]
				} ]
			}
			""";

	private final Path home = Path.of(System.getProperty("products.keycloak"));

	private final TlsWorld world;

	private final HttpServer bundleEndpoint;

	private final int httpsPort = freePort();

	Keycloak(TlsWorld world) {
		super("keycloak");
		this.world = world;
		try {
			this.bundleEndpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.bundleEndpoint.createContext("/", (exchange) -> {
			byte[] bundle = this.world.server().trustBundle().toJwks().getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, bundle.length);
			exchange.getResponseBody().write(bundle);
			exchange.close();
		});
		this.bundleEndpoint.start();
	}

	/**
	 * Return the issuer, as those see it who come without TLS.
	 */
	String issuer() {
		return "http://localhost:%d/realms/shop".formatted(port());
	}

	/**
	 * Return the issuer, as those see it who come by TLS, which asks for a certificate.
	 */
	String tlsIssuer() {
		return "https://localhost:%d/realms/shop".formatted(this.httpsPort);
	}

	@Override
	protected Program launch() {
		try {
			build();
			importRealm();
			Path certificate = Credential.of(this.world.web(), "localhost").writeTo(directory());
			List<String> command = kc("start", "--optimized", "--import-realm", "--hostname-strict=false",
					"--http-enabled=true", "--http-host=127.0.0.1", "--http-port=" + port(),
					"--https-port=" + this.httpsPort, "--https-certificate-file=" + certificate,
					"--https-certificate-key-file=" + certificate, "--https-trust-store-file=" + trustStore(),
					"--https-trust-store-password=" + PASSWORD, "--log-level=info,org.keycloak.broker:debug");
			return Program.start(directory(), name(), environment(), command);
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Build once for all tests, which takes longer than to start.
	 */
	private void build() throws IOException {
		Path built = this.home.resolve("built");
		if (!Files.exists(built)) {
			Program.run(directory(), "keycloak-build", environment(),
					kc("build", "--features=spiffe", "--db=dev-mem", "--cache=local", "--https-client-auth=request"));
			Files.createFile(built);
		}
	}

	private void importRealm() throws IOException {
		String client = Recipe.text("keycloak-client.json");
		String provider = Recipe.text("keycloak-identity-provider.json")
			.replace("https://spire-bundle.example.org/",
					"http://127.0.0.1:%d/".formatted(this.bundleEndpoint.getAddress().getPort()));
		Path imports = Files.createDirectories(this.home.resolve("data/import"));
		Files.writeString(imports.resolve("shop-realm.json"),
				REALM.formatted(provider, client,
						client.replace("\"orders\"", "\"mailer\"").replace("/sa/orders", "/sa/mailer"),
						Recipe.text("keycloak-client-x509.json")));
	}

	private Path trustStore() throws IOException, GeneralSecurityException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		TrustBundle bundle = TrustBundle.parse(TrustDomain.of(this.world.server().trustDomain()),
				this.world.server().trustBundle().toPem().getBytes(StandardCharsets.UTF_8));
		for (X509Authority authority : bundle.x509Authorities()) {
			store.setCertificateEntry("spire-" + store.size(), authority.certificate());
		}
		Path file = directory().resolve("authorities.p12");
		try (var output = Files.newOutputStream(file)) {
			store.store(output, PASSWORD.toCharArray());
		}
		return file;
	}

	private List<String> kc(String... arguments) {
		List<String> command = new ArrayList<>(List.of("bash", this.home.resolve("bin/kc.sh").toString()));
		command.addAll(List.of(arguments));
		return command;
	}

	private static Map<String, String> environment() {
		return Map.of("JAVA_HOME", System.getProperty("java.home"), "JAVA_OPTS_KC_HEAP", "-Xmx512m", "JAVA_OPTS_APPEND",
				"-XX:TieredStopAtLevel=1");
	}

	@Override
	protected boolean isReady() {
		try {
			HttpURLConnection connection = (HttpURLConnection) URI
				.create(issuer() + "/.well-known/openid-configuration")
				.toURL()
				.openConnection();
			connection.setConnectTimeout(1000);
			connection.setReadTimeout(5000);
			return connection.getResponseCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		super.close();
		this.bundleEndpoint.stop(0);
	}

}
