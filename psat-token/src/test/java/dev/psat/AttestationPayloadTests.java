package dev.psat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AttestationPayload}.
 */
class AttestationPayloadTests {

	private static final String ALLOWED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	/** What {@code json.Marshal} of Go gives, as SPIRE's agent plugin calls it. */
	@Test
	void encodesAsTheAgentPluginOfSpireDoes() {
		byte[] payload = AttestationPayload.encode("production", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln");
		assertThat(HexFormat.of().formatHex(payload))
			.isEqualTo("7b22636c7573746572223a2270726f64756374696f6e222c22746f6b656e223a2265794a68624763694f694a"
					+ "53557a49314e694a392e6533302e63326c6e227d");
	}

	@Test
	void isAPlainConcatenationForWhatPassesTheChecks() {
		RandomCases.check(500, (random) -> {
			String cluster = anyCluster(random);
			String token = anyText(random, 2000);
			assertThat(AttestationPayload.encode(cluster, token)).isEqualTo(
					("{\"cluster\":\"" + cluster + "\",\"token\":\"" + token + "\"}").getBytes(StandardCharsets.UTF_8));
			assertThat(ClusterName.check(cluster)).isEqualTo(cluster);
		});
	}

	private static String anyCluster(Random random) {
		return IntStream.rangeClosed(0, random.nextInt(4))
			.mapToObj((segment) -> anyText(random, 12))
			.map((segment) -> segment.matches("\\.\\.?") ? "-" : segment)
			.collect(Collectors.joining("/"));
	}

	private static String anyText(Random random, int most) {
		return random.ints(1 + random.nextInt(most), 0, ALLOWED.length())
			.mapToObj((index) -> ALLOWED.substring(index, index + 1))
			.collect(Collectors.joining());
	}

}
