package dev.psat.benchmarks.spire.tls;

import java.math.BigInteger;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Succession}.
 */
class SuccessionTests {

	private final Succession succession = new Succession(
			List.of(publication(1, 0), publication(2, 100), publication(3, 200)));

	@Test
	void handshakeWithNewestCertificateIsNotStale() {
		List<Probe> probes = List.of(probe(50, 1), probe(100, 2), probe(199, 2), probe(300, 3));
		assertThat(this.succession.stale(probes)).isZero();
		assertThat(this.succession.lags(probes)).containsExactly(0L, 0L);
	}

	@Test
	void handshakeMayBeAheadOfThePublication() {
		List<Probe> probes = List.of(probe(50, 2), probe(120, 3));
		assertThat(this.succession.stale(probes)).isZero();
		assertThat(this.succession.lags(probes)).containsExactly(0L, 0L);
	}

	@Test
	void handshakeWithEarlierCertificateIsStaleOnceWhateverTheDistance() {
		assertThat(this.succession.stale(List.of(probe(101, 1), probe(230, 2), probe(250, 1)))).isEqualTo(3);
	}

	@Test
	void lagEndsWithTheLastHandshakeThatShowsAnEarlierCertificate() {
		assertThat(this.succession.lags(List.of(probe(110, 1), probe(130, 1), probe(240, 2)))).containsExactly(30L,
				40L);
	}

	@Test
	void certificateOfAnotherServerIsAnError() {
		assertThatIllegalStateException().isThrownBy(() -> this.succession.stale(List.of(probe(1, 9))));
	}

	@Test
	void certificateIsPublishedOnce() {
		List<Publication> publications = List.of(publication(1, 0), publication(1, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> new Succession(publications));
	}

	private static Publication publication(long serialNumber, long at) {
		return new Publication(BigInteger.valueOf(serialNumber), at);
	}

	private static Probe probe(long begun, long serialNumber) {
		return new Probe(begun, BigInteger.valueOf(serialNumber));
	}

}
