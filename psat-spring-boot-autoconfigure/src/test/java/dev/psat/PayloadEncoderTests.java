package dev.psat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PayloadEncoder}.
 */
class PayloadEncoderTests {

	/** What {@code json.Marshal} of Go gives, as SPIRE's agent plugin calls it. */
	@Example
	void encodesAsTheAgentPluginOfSpireDoes() {
		byte[] payload = PayloadEncoder.encode("production", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln");
		assertThat(HexFormat.of().formatHex(payload))
			.isEqualTo("7b22636c7573746572223a2270726f64756374696f6e222c22746f6b656e223a2265794a68624763694f694a"
					+ "53557a49314e694a392e6533302e63326c6e227d");
	}

	@Property
	void isAPlainConcatenationForWhatPassesTheChecks(@ForAll("clusters") String cluster,
			@ForAll("tokens") String token) {
		assertThat(PayloadEncoder.encode(cluster, token)).isEqualTo(
				("{\"cluster\":\"" + cluster + "\",\"token\":\"" + token + "\"}").getBytes(StandardCharsets.UTF_8));
		assertThat(ClusterName.check(cluster)).isEqualTo(cluster);
	}

	@Provide
	Arbitrary<String> clusters() {
		return allowedCharacters(12).filter((segment) -> !segment.equals(".") && !segment.equals(".."))
			.list()
			.ofMinSize(1)
			.ofMaxSize(4)
			.map((segments) -> String.join("/", segments));
	}

	@Provide
	Arbitrary<String> tokens() {
		return allowedCharacters(2000);
	}

	private static Arbitrary<String> allowedCharacters(int most) {
		return Arbitraries.strings()
			.withCharRange('a', 'z')
			.withCharRange('A', 'Z')
			.withCharRange('0', '9')
			.withChars("._-")
			.ofMinLength(1)
			.ofMaxLength(most);
	}

}
