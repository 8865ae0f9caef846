package dev.psat.benchmarks.spire.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.benchmarks.spire.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Strangers}.
 */
class StrangersTests {

	private @TempDir Path directory;

	@Test
	void eachCertificateIsNewAndOfTheAuthorityByNameAlone() throws Exception {
		try (World world = new World(this.directory, Duration.ZERO)) {
			Strangers strangers = new Strangers(world);
			Set<X509Certificate> all = new HashSet<>();
			for (X509Certificate[] chain : strangers.next(20)) {
				assertThat(chain).hasSize(Strangers.LENGTH).allSatisfy((certificate) -> {
					assertThat(all.add(certificate)).isTrue();
					assertThat(certificate.getIssuerX500Principal())
						.isEqualTo(strangers.authority().getSubjectX500Principal());
					assertThatExceptionOfType(GeneralSecurityException.class)
						.isThrownBy(() -> certificate.verify(strangers.authority().getPublicKey()));
				});
			}
		}
	}

	@Test
	void isRefusedAsSomebodyWhoseSignaturesAreWrong() throws Exception {
		try (World world = new World(this.directory, Duration.ZERO)) {
			X509Certificate[] chain = new Strangers(world).next(1).get(0);
			TrustBundle bundle = TrustBundle.parse(TrustDomain.of("example.org"),
					Files.readAllBytes(world.trustBundle()));
			X509Svid stranger = X509Svid.of(List.of(chain), null);
			assertThatExceptionOfType(GeneralSecurityException.class)
				.isThrownBy(() -> bundle.verify(stranger, Instant.now()))
				.withMessageContaining("too many of its signatures do not hold");
		}
	}

}
