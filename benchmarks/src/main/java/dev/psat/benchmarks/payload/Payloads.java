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
import dev.psat.token.TokenSource;
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

	private final Clock wallClock = Clock.systemUTC();

	private final JsonMapper json = JsonMapper.shared();

	/**
	 * Start the source and verify that reading produces the same.
	 * @throws IOException if the token cannot be read
	 */
	@Setup
	public void setUp() throws IOException {
		this.source.start();
		Assert.state(Arrays.equals(readAndEncode(), payloadToBytes()), "Jackson makes another payload");
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
	public long wallClock() {
		return this.wallClock.millis();
	}

	private byte[] encode(String token) {
		return this.json.writeValueAsBytes(this.json.createObjectNode().put("cluster", CLUSTER).put("token", token));
	}

}
