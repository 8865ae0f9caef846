package dev.psat.benchmarks.spire.tls;

import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PeerCertificates}.
 */
class PeerCertificatesTests {

	@Test
	void neverHandsOutWhatTheJdkMayHaveVerified() throws Exception {
		try (World world = World.create()) {
			PeerCertificates certificates = new PeerCertificates(world);
			Set<X509Certificate> handedOut = Collections.newSetFromMap(new IdentityHashMap<>());
			for (int batch = 0; batch < 11; batch++) {
				certificates.next(200).forEach((chain) -> assertThat(handedOut.add(chain[0])).isTrue());
			}
		}
	}

}
