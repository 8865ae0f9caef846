package dev.psat.docs.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import dev.psat.docs.Markdown;
import dev.psat.docs.ShopApplication;
import dev.psat.docs.SimulatedShop;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.catalina.connector.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the way from a classic CA: an application serves both bundles, each to those
 * whom it is for.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecondConnectorTests {

	private static final String PASSWORD = "changeit";

	@Test
	void eachPortAndHostHasItsOwnPeers(@TempDir Path directory, CapturedOutput output) throws Exception {
		Path store = classicStore(directory);
		try (SimulatedShop shop = new SimulatedShop(); var inventory = inventory(shop, store)) {
			SSLContext spire = inventory.getBean(SpiffeSslBundle.class).createSslContext();
			TomcatWebServer server = (TomcatWebServer) Objects.requireNonNull(inventory.getWebServer());
			Connector[] connectors = server.getTomcat().getService().findConnectors();
			int first = connectors[0].getLocalPort();
			int second = connectors[1].getLocalPort();
			assertThat(call(classic(inventory), first)).isEqualTo("42 apples");
			assertThat(call(spire, second)).isEqualTo("42 apples");
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(classic(inventory), second));
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(spire, first));
			assertThat(callByName(spire, first)).contains("42 apples");
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> callByName(classic(inventory), first));
			assertThat(output).contains("whoever may call that host reaches the same application");
		}
	}

	private static ServletWebServerApplicationContext inventory(SimulatedShop shop, Path store)
			throws IOException, GeneralSecurityException {
		String yaml = Stream.of("docs/who-may-call.md", "docs/migrate-from-a-classic-ca.md")
			.flatMap((page) -> Markdown.of(page).blocks("yaml").stream())
			.map(Markdown.Block::content)
			.filter((block) -> block.contains("authorize-any-server") || block.contains("server-name-bundles"))
			.collect(Collectors.joining("---\n"));
		return (ServletWebServerApplicationContext) ShopApplication.run(Both.class, yaml,
				Stream.concat(shop.pod("inventory").stream(),
						Stream.of("server.port=0", "inventory.spire-port=0", "spire.bundle.authorize-any-client=true",
								"spring.ssl.bundle.jks.classic.keystore.location=" + store,
								"spring.ssl.bundle.jks.classic.keystore.password=" + PASSWORD,
								"spring.ssl.bundle.jks.classic.truststore.location=" + trustStore(store),
								"spring.ssl.bundle.jks.classic.truststore.password=" + PASSWORD))
					.toList());
	}

	/**
	 * Fresh each time, so that no session is resumed.
	 */
	private static SSLContext classic(ServletWebServerApplicationContext inventory) {
		return inventory.getBean(SslBundles.class).getBundle("classic").createSslContext();
	}

	private static String call(SSLContext context, int port) throws IOException, InterruptedException {
		return HttpClient.newBuilder()
			.sslContext(context)
			.build()
			.send(HttpRequest.newBuilder(URI.create("https://localhost:%d/stock/apples".formatted(port))).build(),
					BodyHandlers.ofString())
			.body();
	}

	private static String callByName(SSLContext context, int port) throws IOException {
		try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
			SSLParameters parameters = socket.getSSLParameters();
			parameters.setServerNames(List.of(new SNIHostName("inventory-spire.shop")));
			socket.setSSLParameters(parameters);
			socket.getOutputStream()
				.write("GET /stock/apples HTTP/1.1\r\nHost: inventory-spire.shop\r\nConnection: close\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			try (InputStream answer = socket.getInputStream()) {
				return new String(answer.readAllBytes(), StandardCharsets.US_ASCII);
			}
		}
	}

	/**
	 * One self-signed certificate is key, CA and everybody's at once.
	 */
	private static Path classicStore(Path directory) throws IOException, InterruptedException {
		Path store = directory.resolve("classic.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-keyalg", "EC", "-alias", "classic", "-dname", "CN=localhost", "-ext",
				"san=dns:localhost", "-keystore", store.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("keytool.log").toFile())
			.start();
		assertThat(keytool.waitFor()).isZero();
		return store;
	}

	private static Path trustStore(Path store) throws IOException, GeneralSecurityException {
		KeyStore keyStore = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
		KeyStore trustStore = KeyStore.getInstance("PKCS12");
		trustStore.load(null, null);
		trustStore.setCertificateEntry("ca", keyStore.getCertificate("classic"));
		Path file = store.resolveSibling("ca.p12");
		try (OutputStream output = Files.newOutputStream(file)) {
			trustStore.store(output, PASSWORD.toCharArray());
		}
		return file;
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ StockController.class, SecondConnector.class })
	static class Both {

	}

}
