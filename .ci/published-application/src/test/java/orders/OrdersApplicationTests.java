package orders;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "management.endpoints.web.exposure.include=psat,sbom")
@Import(SimulatedSpireServerConfiguration.class)
class OrdersApplicationTests {

	@Autowired
	private SpireIdentity identity;

	@Autowired
	private SimulatedKubelet kubelet;

	@LocalServerPort
	private int port;

	@Test
	void hasItsIdentity() throws Exception {
		await().until(() -> this.identity.status().state().isUp());
		assertThat(get("/whoami").body()).isEqualTo("spiffe://example.org/ns/default/sa/default");
		this.kubelet.rotate();
		await().until(() -> get("/actuator/psat").body().contains("\"rotations\":1"));
	}

	/**
	 * The jars have theirs, which must not be taken for the application's.
	 */
	@Test
	void showsNoBillOfMaterialsWithoutOneOfItsOwn() throws Exception {
		Resource[] ours = new PathMatchingResourcePatternResolver()
			.getResources("classpath*:META-INF/sbom/psat-*.cdx.json");
		assertThat(ours).extracting(Resource::getFilename)
			.contains("psat-spring-boot-starter-spire.cdx.json", "psat-spring-boot-spire.cdx.json", "psat-spire.cdx.json", "psat-token.cdx.json",
					"psat-spire-client.cdx.json");
		HttpResponse<String> sboms = get("/actuator/sbom");
		assertThat(sboms.statusCode()).isEqualTo(200);
		assertThat(sboms.body()).isEqualTo("{\"ids\":[]}");
		assertThat(get("/actuator/sbom/application").statusCode()).isEqualTo(404);
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path)).build(),
					HttpResponse.BodyHandlers.ofString());
	}

}
