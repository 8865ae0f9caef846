package dev.psat.spire.tls.internal;

import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.tls.SeenPeer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PeerLog.KnownPeers}.
 */
class KnownPeersTests {

	private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

	private final PeerLog.KnownPeers peers = new PeerLog.KnownPeers();

	@Test
	void peersThatWereSeenLongAgoAreForgotten() {
		accept("own", 0, 250);
		assertThat(ids()).hasSize(200).startsWith(id("own", 249)).endsWith(id("own", 50));
		assertThat(this.peers.forgotten()).isEqualTo(50);
		accept("own", 50, 51);
		accept("own", 250, 251);
		assertThat(ids()).hasSize(200).startsWith(id("own", 250), id("own", 50)).endsWith(id("own", 52));
		assertThat(this.peers.forgotten()).isEqualTo(51);
	}

	@Test
	void floodOfRefusedPeersHidesNobodyWhoWasLetIn() {
		accept("own", 0, 150);
		refuse("partner", 0, 1000);
		assertThat(ids()).hasSize(200).containsAll(ids("own", 0, 150)).containsAll(ids("partner", 950, 1000));
		accept("own", 150, 160);
		assertThat(ids()).hasSize(200).containsAll(ids("own", 10, 160)).containsAll(ids("partner", 950, 1000));
	}

	@Test
	void peersThatWereLetInTakeTheRoomThatNobodyElseNeeds() {
		refuse("partner", 0, 200);
		accept("own", 0, 300);
		assertThat(ids()).hasSize(200).containsAll(ids("own", 150, 300)).containsAll(ids("partner", 150, 200));
	}

	@Test
	void peerThatIsLetInAtLastIsOneOfThem() {
		refuse("partner", 0, 1);
		accept("partner", 0, 1);
		refuse("partner", 1, 1000);
		assertThat(ids()).hasSize(200).contains(id("partner", 0));
		assertThat(this.peers.toList(Map.of())).last().satisfies((peer) -> {
			assertThat(peer.accepted()).isOne();
			assertThat(peer.refusals().count()).isOne();
		});
	}

	@Test
	void memoryOfAFloodIsReclaimed() {
		List<WeakReference<SpiffeId>> seen = new ArrayList<>();
		for (int i = 0; i < 10_000; i++) {
			PeerLog.KnownPeers.Sighting sighting = sighting("x".repeat(1000), i);
			seen.add(new WeakReference<>(sighting.id()));
			if (i % 2 == 0) {
				this.peers.refused(sighting, "The peer is not on the list");
			}
			else {
				this.peers.accepted(sighting, null);
			}
		}
		await().untilAsserted(() -> {
			System.gc();
			assertThat(seen.stream().filter((id) -> id.get() != null)).hasSizeLessThanOrEqualTo(200);
		});
		assertThat(this.peers.toList(Map.of())).hasSize(200);
		assertThat(this.peers.forgotten()).isEqualTo(9800);
	}

	@Test
	void handshakesOfManyThreadsAreAllCounted() {
		Stream.of(1, 2, 3, 4)
			.map((thread) -> CompletableFuture
				.runAsync(() -> IntStream.range(0, 1000).forEach((i) -> accept("own", 0, 50))))
			.toList()
			.forEach(CompletableFuture::join);
		assertThat(this.peers.toList(Map.of())).hasSize(50).extracting(SeenPeer::accepted).containsOnly(4000L);
	}

	private void accept(String path, int from, int to) {
		IntStream.range(from, to).forEach((i) -> this.peers.accepted(sighting(path, i), null));
	}

	private void refuse(String path, int from, int to) {
		IntStream.range(from, to).forEach((i) -> this.peers.refused(sighting(path, i), "The peer is not on the list"));
	}

	private List<String> ids() {
		return this.peers.toList(Map.of()).stream().map((peer) -> peer.id().toString()).toList();
	}

	private static List<String> ids(String path, int from, int to) {
		return IntStream.range(from, to).mapToObj((i) -> id(path, i)).toList();
	}

	private static PeerLog.KnownPeers.Sighting sighting(String path, int i) {
		return new PeerLog.KnownPeers.Sighting(SpiffeId.parse(id(path, i)), NOW.plusSeconds(i), NOW.plusSeconds(3600),
				"433ea0e03b56049c6f12ae8052311f889f6d76f7");
	}

	private static String id(String path, int i) {
		return "spiffe://example.org/%s/%d".formatted(path, i);
	}

}
