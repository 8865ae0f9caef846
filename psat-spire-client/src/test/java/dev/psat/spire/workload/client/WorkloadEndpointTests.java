package dev.psat.spire.workload.client;

import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link WorkloadEndpoint}.
 */
class WorkloadEndpointTests {

	@ParameterizedTest
	@CsvSource({ "unix:///run/spire/agent.sock, unix:///run/spire/agent.sock, /run/spire/agent.sock",
			"unix:/run/spire/agent.sock, unix:///run/spire/agent.sock, /run/spire/agent.sock",
			"UNIX:///run/Spire/s, unix:///run/Spire/s, /run/Spire/s", "unix:///s, unix:///s, /s",
			"unix:///a%20b/%25, unix:///a%20b/%25, /a b/%", "unix:///a%2Fb, unix:///a/b, /a/b",
			"unix:///a+b:c@d, unix:///a+b:c@d, /a+b:c@d", "unix:////run//s, unix:///run/s, /run/s",
			"unix:////run:x/s, unix:///run:x/s, /run:x/s", "unix:///%2Frun/s, unix:///run/s, /run/s",
			"unix:///run/%2E%2E/s, unix:///run/../s, /run/../s", "unix:///%C3%A4, unix:///%C3%A4, /\u00e4",
			"unix:///\u00e4, unix:///%C3%A4, /\u00e4", "unix:///a%CC%88, unix:///a%CC%88, /a\u0308" })
	void parsesThePathOfASocketAndWritesItAgain(String text, String canonical, Path path) throws Exception {
		WorkloadEndpoint endpoint = WorkloadEndpoint.parse(text);
		assertThat(endpoint).hasToString(canonical).isEqualTo(WorkloadEndpoint.parse(canonical));
		assertThat(endpoint).hasSameHashCodeAs(WorkloadEndpoint.parse(canonical));
		assertThat(endpoint.path()).isEqualTo(path);
		assertThat(endpoint.socketAddress()).isEqualTo(UnixDomainSocketAddress.of(path));
	}

	@ParameterizedTest
	@CsvSource({ "tcp://127.0.0.1:8000, tcp://127.0.0.1:8000, 127.0.0.1, 8000",
			"TCP://127.255.0.1:1, tcp://127.255.0.1:1, 127.255.0.1, 1",
			"tcp://169.254.1.2:65535, tcp://169.254.1.2:65535, 169.254.1.2, 65535",
			"tcp://127.0.0.1:08000, tcp://127.0.0.1:8000, 127.0.0.1, 8000",
			"tcp://[::1]:8000, tcp://[0:0:0:0:0:0:0:1]:8000, ::1, 8000",
			"tcp://[::ffff:127.0.0.1]:8000, tcp://127.0.0.1:8000, 127.0.0.1, 8000",
			"tcp://[fe80::1]:8000, tcp://[fe80:0:0:0:0:0:0:1]:8000, fe80::1, 8000" })
	void parsesAnAddressAndWritesItAgain(String text, String canonical, String host, int port) throws Exception {
		WorkloadEndpoint endpoint = WorkloadEndpoint.parse(text);
		assertThat(endpoint).hasToString(canonical).isEqualTo(WorkloadEndpoint.parse(canonical));
		assertThat(endpoint.path()).isNull();
		assertThat(endpoint.socketAddress()).isEqualTo(new InetSocketAddress(host, port));
	}

	@ParameterizedTest
	@ValueSource(strings = { "tcp://[fe80::1%25lo]:8000", "tcp://[fe80::1%lo]:8000" })
	void linkLocalAddressMayHaveAZone(String text) {
		assertThat(WorkloadEndpoint.parse(text)).hasToString("tcp://[fe80:0:0:0:0:0:0:1%25lo]:8000")
			.isEqualTo(WorkloadEndpoint.parse(WorkloadEndpoint.parse(text).toString()));
	}

	@Test
	void zoneThatIsNotThereFailsTheConnectionAndNotTheStart() {
		WorkloadEndpoint endpoint = WorkloadEndpoint.parse("tcp://[fe80::1%25nowhere9]:8000");
		try (WorkloadCall call = new WorkloadCall(endpoint, "x", new byte[0], "test/1", Time.ofSystem())) {
			assertThatExceptionOfType(WorkloadException.class)
				.isThrownBy(() -> call.next(Deadline.never(Time.ofSystem())))
				.matches((failure) -> failure.reason() == WorkloadFailureReason.UNREACHABLE)
				.withMessageContaining("nowhere9");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "'' | neither of the form unix:///",
			"/run/agent.sock | neither of the form unix:///", "http://127.0.0.1:80 | neither of the form unix:///",
			"run/agent.sock | neither of the form unix:///", "unix: | is not a URI", "unix:// | is not a URI",
			"unix:agent.sock | with three slashes", "unix:./agent.sock | with three slashes",
			"unix://run/agent.sock | with three slashes", "unix://localhost/agent.sock | with three slashes",
			"unix://:0/agent.sock | with three slashes", "unix://user@/agent.sock | with three slashes",
			"unix:/// | names a directory", "unix:///run/ | names a directory", "unix:////// | names a directory",
			"unix:///run// | names a directory", "unix:///run%2F | names a directory",
			"unix:///run/s?x=y | a query or a fragment", "unix:///run/s? | a query or a fragment",
			"unix:///run/s#x | a query or a fragment", "unix:///run/a b | is not a URI", "unix:///run/% | is not a URI",
			"unix:///run/%00 | not allowed", "unix:///run/%0A | not allowed", "unix:///run/%7F | not allowed",
			"unix:///run/%FF | not allowed", "unix:///run/%C3 | not allowed", "' unix:///run/s' | is not a URI",
			"'unix:///run/s ' | is not a URI" })
	void otherPathIsRefused(String text, String reason) {
		assertRefused(text, reason);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "tcp://127.0.0.1:8000/ | without anything after the port",
			"tcp://127.0.0.1:8000/foo | without anything after the port", "tcp:127.0.0.1:8000 | without anything",
			"tcp://127.0.0.1:8000?x | a query or a fragment", "tcp://127.0.0.1:8000#x | a query or a fragment",
			"tcp://127.0.0.1 | of the form tcp://IP:port", "tcp://127.0.0.1: | of the form tcp://IP:port",
			"tcp:///run/s | without anything after the port", "tcp://user@127.0.0.1:1 | of the form tcp://IP:port",
			"tcp://127.0.0.1:0 | not between 1 and 65535", "tcp://127.0.0.1:65536 | not between 1 and 65535",
			"tcp://127.0.0.1:123456 | of the form tcp://IP:port", "tcp://127.0.0.1:-1 | of the form tcp://IP:port",
			"tcp://localhost:8000 | of the form tcp://IP:port", "tcp://127.1:8000 | not an IP address",
			"tcp://2130706433:8000 | not an IP address", "tcp://127.0.0.01:8000 | not an IP address",
			"tcp://127.0.0.256:8000 | not an IP address", "tcp://[127.0.0.1]:8000 | URI", "tcp://::1:8000 | tcp://IP",
			"tcp://[::1:8000 | is not a URI", "tcp://[1:2]:8000 | URI", "tcp://[::1]8000 | URI",
			"tcp://0.0.0.0:8000 | in the clear", "tcp://[::]:8000 | in the clear", "tcp://10.0.0.1:8000 | in the clear",
			"tcp://192.168.1.1:8000 | in the clear", "tcp://8.8.8.8:8000 | in the clear",
			"tcp://[2001:db8::1]:8000 | in the clear", "tcp://[fc00::1]:8000 | in the clear",
			"tcp://[::ffff:8.8.8.8]:8000 | in the clear", "tcp://[fec0::1]:8000 | in the clear",
			"tcp://[::1%25lo]:8000 | has a zone", "tcp://[::1%lo]:1 | has a zone",
			"tcp://[::ffff:10.0.0.1]:1 | in the clear", "tcp://[::ffff:a00:1]:1 | in the clear",
			"tcp://[::127.0.0.1]:1 | in the clear", "tcp://[::]:1 | in the clear",
			"tcp://0177.0.0.1:1 | not an IP address", "tcp://127.0.0.010:1 | not an IP address",
			"tcp://0x7f.0.0.1:1 | of the form tcp://IP:port", "tcp://%31%32%37.0.0.1:1 | of the form tcp://IP:port" })
	void otherAddressIsRefused(String text, String reason) {
		assertRefused(text, reason);
	}

	private static void assertRefused(String text, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> WorkloadEndpoint.parse(text))
			.withMessageStartingWith("'" + text + "' ")
			.withMessageContaining(reason);
	}

	@Test
	void pathIsAsLongAsTheJdkAllows() throws Exception {
		String longest = "/" + "ä".repeat(52) + "b";
		assertThat(WorkloadEndpoint.parse("unix://" + longest).path()).isEqualTo(Path.of(longest));
		assertRefused("unix://" + longest + "c", "has a path of 107 bytes, and the path of a socket has at most 106");
		assertRefused("unix:///" + "%61".repeat(106), "has a path of 107 bytes");
		try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			assertThatExceptionOfType(SocketException.class)
				.isThrownBy(() -> channel.connect(UnixDomainSocketAddress.of("/tmp/" + "a".repeat(101))))
				.withMessageContaining("No such file");
		}
		try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			assertThatExceptionOfType(SocketException.class)
				.isThrownBy(() -> channel.connect(UnixDomainSocketAddress.of("/tmp/" + "a".repeat(102))))
				.withMessageContaining("too long");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ar-EG", "fa-IR", "mr-IN", "tr-TR" })
	void endpointIsTheSameInEveryLanguage(String language) {
		Locale before = Locale.getDefault();
		Locale.setDefault(Locale.forLanguageTag(language));
		try {
			assertThat(WorkloadEndpoint.parse("UNIX:///run/s")).hasToString("unix:///run/s");
			assertThat(WorkloadEndpoint.parse("tcp://127.0.0.1:8081")).hasToString("tcp://127.0.0.1:8081");
			assertThat(WorkloadEndpoint.parse("tcp://[::1]:8081")).hasToString("tcp://[0:0:0:0:0:0:0:1]:8081");
		}
		finally {
			Locale.setDefault(before);
		}
	}

	@Test
	void environmentNamesAnEndpoint() {
		assertThat(WorkloadEndpoint.ofEnvironment(Map.of("SPIFFE_ENDPOINT_SOCKET", "unix:///run/s")))
			.isEqualTo(WorkloadEndpoint.parse("unix:///run/s"));
		assertThat(WorkloadEndpoint.ofEnvironment(Map.of())).isNull();
		assertThat(WorkloadEndpoint.ofEnvironment(Map.of("SPIFFE_ENDPOINT_SOCKET", ""))).isNull();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> WorkloadEndpoint.ofEnvironment(Map.of("SPIFFE_ENDPOINT_SOCKET", "/run/s")));
	}

	@Test
	void endpointsAreEqualByWhereTheyAre() {
		WorkloadEndpoint endpoint = WorkloadEndpoint.parse("unix:///run/s");
		assertThat(endpoint).isNotEqualTo(WorkloadEndpoint.parse("unix:///run/t")).isNotEqualTo("unix:///run/s");
		assertThat(WorkloadEndpoint.parse("tcp://127.0.0.1:1"))
			.isNotEqualTo(WorkloadEndpoint.parse("tcp://127.0.0.1:2"));
	}

}
