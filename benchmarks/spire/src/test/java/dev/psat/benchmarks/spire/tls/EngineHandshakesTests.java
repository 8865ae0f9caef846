package dev.psat.benchmarks.spire.tls;

import java.nio.file.Path;
import java.time.Duration;

import dev.psat.benchmarks.spire.World;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EngineHandshakes} and {@link PemClient}: whether those that are
 * compared are full handshakes.
 */
class EngineHandshakesTests {

	@AutoClose
	private static World world;

	@AutoClose
	private static ClientApplication application;

	@BeforeAll
	static void start(@TempDir Path directory) throws Exception {
		world = new World(directory, Duration.ZERO);
		application = new ClientApplication(world);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void oursChecksBothSidesEachTime(String protocol) throws Exception {
		long servers = count(Direction.OUTBOUND);
		long clients = count(Direction.INBOUND);
		EngineHandshakes.of(application, Bundle.SVID, protocol).measure(5);
		assertThat(count(Direction.OUTBOUND)).isEqualTo(servers + 5);
		assertThat(count(Direction.INBOUND)).isEqualTo(clients + 5);
	}

	private static long count(Direction direction) {
		return application.svidBundle().handshakes().count(direction, HandshakeOutcome.ACCEPTED);
	}

}
