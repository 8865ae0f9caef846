package dev.psat.spire.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.internal.SvidPreference;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RunningIdentity}.
 */
class RunningIdentityTests {

	private final ServerDoor.Settings settings = new ServerDoor.Settings(() -> {
		throw new IllegalStateException("on purpose");
	}, ServerAddress.parse("localhost:1"), TrustDomain.of("example.org"), Path.of("none"), Duration.ofSeconds(20),
			false, new SvidPreference(null, null), KeyType.EC_P256, Duration.ofHours(1), List.of(), null,
			Time.ofSystem());

	private final SpirePublication publication = new SpirePublication(List.of(), this.settings.time(), () -> {
	});

	@Test
	void jarOfAnotherVersionIsTheFailureOfAVisit() {
		RunningIdentity running = new RunningIdentity(this.settings, this.publication, () -> {
			throw new NoClassDefFoundError("dev/psat/spire/client/SpireClient");
		});
		running.start();
		try {
			await().until(() -> this.publication.snapshot().course().lastError() != null);
			assertThat(this.publication.snapshot().course().lastError()).isNotNull()
				.extracting(SpireStatus.LastError::message)
				.asString()
				.contains("dev.psat.spire.client.SpireClient");
			assertThat(this.publication.snapshot().status(this.settings, this.settings.time().now()).state())
				.isEqualTo(SpireState.ATTESTING);
		}
		finally {
			running.close();
		}
	}

}
