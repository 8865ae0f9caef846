package dev.psat.benchmarks.spire.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import dev.psat.benchmarks.spire.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PeerCertificates}.
 */
class PeerCertificatesTests {

	private @TempDir Path directory;

	@Test
	void neverHandsOutWhatTheJdkMayHaveVerified() throws Exception {
		try (World world = new World(this.directory, Duration.ZERO)) {
			PeerCertificates certificates = new PeerCertificates(world);
			Set<X509Certificate> handedOut = Collections.newSetFromMap(new IdentityHashMap<>());
			for (int batch = 0; batch < 11; batch++) {
				certificates.next(200).forEach((chain) -> assertThat(handedOut.add(chain[0])).isTrue());
			}
		}
	}

}
