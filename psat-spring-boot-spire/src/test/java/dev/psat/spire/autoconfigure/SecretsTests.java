package dev.psat.spire.autoconfigure;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.GarbageAnswers;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.test.SpireMethod;
import dev.psat.spire.test.WorkloadMethod;
import dev.psat.spire.test.proto.WorkloadProto.JWTSVID;
import dev.psat.spire.test.proto.WorkloadProto.JWTSVIDResponse;
import dev.psat.spire.test.proto.WorkloadProto.X509SVID;
import dev.psat.spire.test.proto.WorkloadProto.X509SVIDResponse;
import dev.psat.support.Matrix;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No piece of a token, a payload, a private key or a JWT-SVID is in a log at any level,
 * that of the wire included, an exception, a text of an object, an endpoint, a health
 * detail, a meter or an observation.
 */
@Matrix
class SecretsTests {

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	@TempDir
	private Path directory;

	@Test
	void nothingShowsSecretsWhateverTheServerAnswers() throws Exception {
		String garbage = this.world.kubelet().issueToken();
		this.world.server()
			.faults()
			.failNext(SpireMethod.ATTEST_AGENT, Status.INTERNAL.withDescription("refused on purpose"));
		GarbageAnswers.attestation(this.world.server(), garbage);
		GarbageAnswers.x509Svid(this.world.server(), garbage);
		GarbageAnswers.jwtSvid(this.world.server(), garbage);
		this.world.server()
			.faults()
			.failNext(SpireMethod.NEW_JWT_SVID, Status.INVALID_ARGUMENT.withDescription("refused on purpose"));
		Path secrets = Files.createFile(this.directory.resolve("secrets"));
		List<String> arguments = new ArrayList<>(List.of(secrets.toString(), "4"));
		arguments.addAll(List
			.of(this.world.arguments("logging.level.root=TRACE", "logging.pattern.console=%level %logger %m%n%ex",
					"spring.main.banner-mode=off", "spring.jmx.enabled=true",
					"management.endpoints.jmx.exposure.include=psat,spire,spirepeers,health,env,configprops,beans",
					"management.endpoint.health.show-details=ALWAYS", "management.endpoint.env.show-values=ALWAYS",
					"management.endpoint.configprops.show-values=ALWAYS")));
		SecretSearch search = new SecretSearch().token(this.world.kubelet().token()).token(garbage);
		try (StarterProcess process = StarterProcess.start(List.of("-Djdk.httpclient.HttpClient.log=all"),
				this.directory, DisclosingApplication.class, arguments.toArray(String[]::new))) {
			assertThat(process.end()).as(process::said).isZero();
			for (String line : Files.readAllLines(secrets)) {
				String secret = line.substring(line.indexOf(' ') + 1);
				search = line.startsWith("key ") ? search.key(secret) : search.token(secret);
			}
			assertThat(secrets).content().contains("key ", "token ");
			assertThat(search.find(process.said())).isNull();
			assertThat(process.said()).contains("jdk.httpclient.HttpClient FRAME: OUT: DATA:",
					"jdk.httpclient.HttpClient FRAME: IN: DATA:", "SERVER_ERROR: ", "INVALID_SVID: ",
					"Attested to " + this.world.server().address(), "returned a JWT-SVID for a SPIFFE ID other than",
					"refused on purpose", "JwtSvid[", "SpireStateChangedEventRecord[", "\"lastRefusal\":\"The peer ",
					"spire.request.attestation", "spire.request.jwt.svid");
		}
	}

	/**
	 * The agent hands out keys, and garbage among them.
	 */
	@Test
	void nothingShowsSecretsWhateverTheAgentAnswers() throws Exception {
		byte[] garbageKey = new byte[121];
		new Random(2).nextBytes(garbageKey);
		String garbage = this.world.kubelet().issueToken();
		Path secrets = Files.createFile(this.directory.resolve("secrets"));
		SecretSearch search = new SecretSearch().token(garbage).key(HexFormat.of().formatHex(garbageKey));
		try (SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().entry(SimulatedWorld.ORDERS).build()) {
			api.faults()
				.answerNext(WorkloadMethod.FETCH_X509_SVID,
						X509SVIDResponse.newBuilder()
							.addSvids(X509SVID.newBuilder()
								.setSpiffeId(SimulatedWorld.ORDERS)
								.setX509Svid(ByteString.copyFromUtf8(garbage))
								.setX509SvidKey(ByteString.copyFrom(garbageKey))
								.setBundle(ByteString.copyFromUtf8(garbage)))
							.build()
							.toByteArray());
			api.faults()
				.answerNext(WorkloadMethod.FETCH_JWT_SVID,
						JWTSVIDResponse.newBuilder()
							.addSvids(JWTSVID.newBuilder().setSpiffeId(SimulatedWorld.ORDERS).setSvid(garbage))
							.build()
							.toByteArray());
			api.faults()
				.failNext(WorkloadMethod.FETCH_JWT_SVID, Status.INVALID_ARGUMENT.withDescription("refused on purpose"));
			try (StarterProcess process = StarterProcess.start(List.of(), this.directory, DisclosingApplication.class,
					secrets.toString(), "3", "--spire.workload-api.socket=" + api.address(),
					"--logging.level.root=TRACE", "--logging.pattern.console=%level %logger %m%n%ex",
					"--spring.main.banner-mode=off", "--management.endpoint.health.show-details=ALWAYS",
					"--management.endpoint.env.show-values=ALWAYS",
					"--management.endpoint.configprops.show-values=ALWAYS", "--spring.jmx.enabled=true",
					"--management.endpoints.jmx.exposure.include=psat,spire,spirepeers,health,env,configprops,beans")) {
				assertThat(process.end()).as(process::said).isZero();
				for (String line : Files.readAllLines(secrets)) {
					String secret = line.substring(line.indexOf(' ') + 1);
					search = line.startsWith("key ") ? search.key(secret) : search.token(secret);
				}
				assertThat(secrets).content().contains("key ", "token ");
				assertThat(search.find(process.said())).isNull();
				assertThat(process.said()).contains("INVALID_", "refused on purpose", "JwtSvid[",
						"SpireStateChangedEventRecord[", "the identity comes from the Workload API",
						"workloadApi=" + api.address());
			}
		}
	}

	@Test
	void searchFindsPieceOfSecretHoweverItIsWritten() {
		String token = this.world.kubelet().token();
		byte[] key = new byte[32];
		new Random(1).nextBytes(key);
		SecretSearch search = new SecretSearch().token(token).key(HexFormat.of().formatHex(key));
		assertThat(search.find("before " + token.split("\\.")[1].substring(40, 52) + " after")).isNotNull();
		for (byte[] secret : List.of(key, token.getBytes(StandardCharsets.US_ASCII))) {
			for (int i = 0; i < 3; i++) {
				byte[] container = new byte[secret.length + 7];
				System.arraycopy(secret, 0, container, i, secret.length);
				assertThat(search.find("key=" + Base64.getEncoder().encodeToString(container))).isNotNull();
				assertThat(search.find("key=" + Base64.getUrlEncoder().encodeToString(container))).isNotNull();
			}
			assertThat(search.find("[" + HexFormat.of().withUpperCase().formatHex(secret) + "]")).isNotNull();
			assertThat(search.find("0000: " + HexFormat.ofDelimiter(" ").formatHex(secret, 0, 16) + "  ........"))
				.isNotNull();
			assertThat(search.find(HexFormat.ofDelimiter(":").formatHex(secret))).isNotNull();
		}
		assertThat(search.find("S: " + new BigInteger(1, key))).isNotNull();
		assertThat(search.find("nothing at all, and 0123456789abcdef0123456789abcdef")).isNull();
	}

}
