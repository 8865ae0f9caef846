package dev.psat.benchmarks.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.benchmarks.KubernetesClient;
import dev.psat.token.TokenSource;
import io.kubernetes.client.util.credentials.TokenFileAuthentication;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;
import org.springframework.vault.authentication.KubernetesServiceAccountTokenFile;

/**
 * Has one method for each row of the table. Public because JMH calls it from another
 * package.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Payloads {

	/** The system property that holds the path of the token. */
	static final String TOKEN_PATH = "payload.token-path";

	static final String AUDIENCE = "spire-server";

	private static final String CLUSTER = "demo-cluster";

	private final Path path = Path.of(Objects.requireNonNull(System.getProperty(TOKEN_PATH)));

	private final TokenSource source = TokenSource.builder(this.path).audience(AUDIENCE).build();

	private final PsatAttestor attestor = PsatAttestor.of(CLUSTER, this.source, List.of(AUDIENCE));

	private final KubernetesServiceAccountTokenFile springVault = new KubernetesServiceAccountTokenFile(
			this.path.toString());

	private final TokenFileAuthentication kubernetesClient = new TokenFileAuthentication(this.path.toString());

	private final Clock wallClock = Clock.systemUTC();

	private final JsonMapper json = JsonMapper.shared();

	/**
	 * Start the source and verify that all rows produce the same.
	 * @throws IOException if the token cannot be read
	 */
	@Setup
	public void setUp() throws IOException {
		this.source.start();
		String token = token();
		Assert.state(springVaultToken().equals(token), "Spring Vault has another token");
		Assert.state(kubernetesClientToken().equals(token), "The Kubernetes client has another token");
		byte[] payload = payloadToBytes();
		Assert.state(Arrays.equals(readAndEncode(), payload), "Jackson makes another payload");
		Assert.state(Arrays.equals(springVaultAndEncode(), payload), "Spring Vault's makes another payload");
		Assert.state(Arrays.equals(kubernetesClientAndEncode(), payload), "The client's makes another payload");
	}

	@TearDown
	public void tearDown() {
		this.source.close();
	}

	@Benchmark
	public AttestationPayload payload() {
		return this.attestor.payload();
	}

	@Benchmark
	public byte[] payloadToBytes() {
		return this.attestor.payload().toBytes();
	}

	@Benchmark
	public String token() {
		return this.source.value();
	}

	@Benchmark
	public byte[] readAndEncode() throws IOException {
		return encode(Files.readString(this.path));
	}

	@Benchmark
	public String springVaultToken() {
		return this.springVault.get();
	}

	@Benchmark
	public byte[] springVaultAndEncode() {
		return encode(springVaultToken());
	}

	@Benchmark
	public String kubernetesClientToken() {
		return KubernetesClient.token(this.kubernetesClient);
	}

	@Benchmark
	public byte[] kubernetesClientAndEncode() {
		return encode(kubernetesClientToken());
	}

	@Benchmark
	public long wallClock() {
		return this.wallClock.millis();
	}

	private byte[] encode(String token) {
		return this.json.writeValueAsBytes(this.json.createObjectNode().put("cluster", CLUSTER).put("token", token));
	}

}
