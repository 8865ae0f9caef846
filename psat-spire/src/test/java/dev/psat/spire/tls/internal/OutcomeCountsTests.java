package dev.psat.spire.tls.internal;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PeerReport.OutcomeCounts}.
 */
class OutcomeCountsTests {

	private static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	private final PeerReport.OutcomeCounts counts = new PeerReport.OutcomeCounts();

	@Test
	void eachDirectionOutcomeAndTrustDomainIsCountedByItself() {
		this.counts.increment(Direction.INBOUND, HandshakeOutcome.ACCEPTED, PARTNER);
		this.counts.increment(Direction.INBOUND, HandshakeOutcome.ACCEPTED, null);
		this.counts.increment(Direction.OUTBOUND, HandshakeOutcome.UNAUTHORIZED, PARTNER);
		assertThat(this.counts.of(Direction.INBOUND, HandshakeOutcome.ACCEPTED, PARTNER)).isOne();
		assertThat(this.counts.of(Direction.INBOUND, HandshakeOutcome.ACCEPTED, null)).isOne();
		assertThat(this.counts.of(Direction.OUTBOUND, HandshakeOutcome.ACCEPTED, PARTNER)).isZero();
		assertThat(this.counts.of(Direction.OUTBOUND, HandshakeOutcome.UNAUTHORIZED, PARTNER)).isOne();
		assertThat(this.counts.of(Direction.INBOUND, HandshakeOutcome.ACCEPTED, TrustDomain.of("third.org"))).isZero();
		assertThat(this.counts.total(Direction.INBOUND, HandshakeOutcome.ACCEPTED)).isEqualTo(2);
		assertThat(this.counts.trustDomains()).containsExactly(PARTNER);
	}

	@Test
	void trustDomainsBeyondAHundredCountAsNone() {
		for (int i = 0; i < 150; i++) {
			TrustDomain trustDomain = TrustDomain.of("t%d.org".formatted(i));
			this.counts.increment(Direction.INBOUND, HandshakeOutcome.ACCEPTED, trustDomain);
			this.counts.increment(Direction.INBOUND, HandshakeOutcome.ACCEPTED, trustDomain);
		}
		assertThat(this.counts.trustDomains()).hasSize(100).contains(TrustDomain.of("t99.org"));
		assertThat(this.counts.names(TrustDomain.of("t99.org"))).isTrue();
		assertThat(this.counts.names(TrustDomain.of("t100.org"))).isFalse();
		assertThat(this.counts.of(Direction.INBOUND, HandshakeOutcome.ACCEPTED, null)).isEqualTo(100);
		assertThat(this.counts.of(Direction.INBOUND, HandshakeOutcome.ACCEPTED, TrustDomain.of("t100.org"))).isZero();
		assertThat(this.counts.total(Direction.INBOUND, HandshakeOutcome.ACCEPTED)).isEqualTo(300);
	}

	@Test
	void nothingIsLostBetweenThreadsThatMeetATrustDomainFirst() throws Exception {
		int threads = 4;
		int trustDomains = 120;
		CyclicBarrier barrier = new CyclicBarrier(threads);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<? extends Future<?>> tasks = IntStream.range(0, threads).mapToObj((thread) -> executor.submit(() -> {
				for (int i = 0; i < trustDomains; i++) {
					barrier.await(Patience.SECONDS, TimeUnit.SECONDS);
					this.counts.increment(Direction.INBOUND, HandshakeOutcome.ACCEPTED,
							TrustDomain.of("t%d.org".formatted(i)));
				}
				return null;
			})).toList();
			for (Future<?> task : tasks) {
				task.get(Patience.SECONDS, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(this.counts.trustDomains()).hasSize(100);
		assertThat(this.counts.total(Direction.INBOUND, HandshakeOutcome.ACCEPTED))
			.isEqualTo((long) threads * trustDomains);
		assertThat(this.counts.of(Direction.INBOUND, HandshakeOutcome.ACCEPTED, TrustDomain.of("t0.org")))
			.isEqualTo(threads);
		assertThat(this.counts.of(Direction.INBOUND, HandshakeOutcome.ACCEPTED, null))
			.isEqualTo((long) threads * (trustDomains - 100));
	}

}
