package dev.psat.spire.tls.internal;

import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.SeenAuthority;
import dev.psat.spire.tls.SeenPeer;
import dev.psat.spire.tls.SeenPeers;
import dev.psat.support.MutableClock;
import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PeerLog}.
 */
class PeerLogTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final SvidMint PARTNER = new SvidMint("partner");

	private static final TrustDomain PARTNER_ORG = TrustDomain.of("partner.org");

	private static final String ORDERS = "spiffe://example.org/orders";

	private static final String BANK = "spiffe://example.org/bank";

	private static final String MAILER = "spiffe://example.org/mailer";

	private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

	private static final Duration LIFE = Duration.ofHours(1);

	private final MutableClock clock = new MutableClock(NOW);

	private final MutableIdentity identity = new MutableIdentity();

	private final KeyedSvid own = this.identity.keyed(mint(ROOT, ORDERS));

	private final PeerLog log = new PeerLog(this.clock);

	private final SeenPeers peers = this.log.with(new OpenConnections(this.identity,
			new PeerReport(Time.of(this.clock)), Time.of(this.clock), OpenConnections.Timing.USUAL));

	@ParameterizedTest
	@EnumSource
	void peerIsKnownByWhatItHasShown(Direction direction) {
		Minted first = mint(ROOT, BANK);
		this.log.accepted(handshake(direction, ROOT, first), null);
		this.clock.advance(Duration.ofMinutes(5));
		this.log.refused(handshake(direction, ROOT, first), "The peer is not on the list");
		this.clock.advance(Duration.ofMinutes(30));
		SvidMint next = new SvidMint("next");
		Minted renewed = next.order(BANK).issuedAt(this.clock.instant(), LIFE).mint();
		this.log.accepted(handshake(direction, next, renewed), null);
		assertThat(this.peers.peers(direction)).singleElement()
			.returns(SpiffeId.parse(BANK), SeenPeer::id)
			.returns(NOW, SeenPeer::firstSeen)
			.returns(this.clock.instant(), SeenPeer::lastSeen)
			.returns(renewed.svid().expiresAt(), SeenPeer::expiresAt)
			.returns(keyId(next), SeenPeer::authority)
			.returns(2L, SeenPeer::accepted)
			.returns(null, SeenPeer::unlisted)
			.returns(0, SeenPeer::openConnections)
			.satisfies((peer) -> assertRefused(peer.refusals(), 1, NOW.plus(Duration.ofMinutes(5)),
					"The peer is not on the list"));
		assertThat(this.peers.peers(other(direction))).isEmpty();
		assertThat(this.peers.since()).isEqualTo(NOW);
	}

	@Test
	void peersSeenLastComeFirst() {
		accept(BANK);
		accept(MAILER);
		accept(BANK);
		assertThat(this.peers.peers(Direction.INBOUND)).extracting((peer) -> peer.id().toString())
			.containsExactly(BANK, MAILER);
	}

	@Test
	void peerWhoseListIsNotInForceIsKnownAsSuchUntilItIsListed() {
		this.log.accepted(handshake(Direction.INBOUND, ROOT, mint(ROOT, BANK)), "The peer is not listed");
		assertThat(this.peers.peers(Direction.INBOUND)).singleElement()
			.extracting(SeenPeer::unlisted)
			.isEqualTo("The peer is not listed");
		accept(BANK);
		assertThat(this.peers.peers(Direction.INBOUND)).singleElement().extracting(SeenPeer::unlisted).isNull();
	}

	@Test
	void strangersAreCountedWithoutTheirNames() {
		for (int i = 0; i < 10_000; i++) {
			this.log.untrusted(Direction.INBOUND,
					"The X.509-SVID of spiffe://example.org/%d does not chain".formatted(i));
		}
		assertRefused(this.peers.untrusted(Direction.INBOUND), 10_000, NOW,
				"The X.509-SVID of spiffe://example.org/9999 does not chain");
		assertThat(this.peers.peers(Direction.INBOUND)).isEmpty();
		assertRefused(this.peers.untrusted(Direction.OUTBOUND), 0, null, null);
	}

	@Test
	void reasonOfWhateverLengthIsKeptShort() {
		this.log.untrusted(Direction.INBOUND, "long".repeat(100_000));
		assertThat(this.peers.untrusted(Direction.INBOUND).lastReason()).startsWith("long").endsWith("…").hasSize(1001);
	}

	@Test
	void authorityIsKnownByTheLastPeerThatReliedOnIt() {
		accept(BANK);
		this.clock.advance(LIFE);
		this.log.refused(handshake(Direction.OUTBOUND, ROOT, mint(ROOT, MAILER)), "The peer is not on the list");
		this.log.accepted(handshake(Direction.INBOUND, PARTNER, mint(PARTNER, "spiffe://partner.org/a")), null);
		assertThat(this.peers.authorities())
			.extracting(SeenAuthority::trustDomain, SeenAuthority::keyId, SeenAuthority::openConnections,
					(seen) -> lastPeer(seen).id().toString(), (seen) -> lastPeer(seen).direction(),
					(seen) -> lastPeer(seen).seenAt())
			.containsExactlyInAnyOrder(
					tuple(SvidMint.TRUST_DOMAIN, keyId(ROOT), 0, MAILER, Direction.OUTBOUND, NOW.plus(LIFE)),
					tuple(PARTNER_ORG, keyId(PARTNER), 0, "spiffe://partner.org/a", Direction.INBOUND, NOW.plus(LIFE)));
	}

	@Test
	void openConnectionsAreThoseOfThePeerAndItsAuthority() throws Exception {
		MutableIdentity bank = MutableIdentity.of(ROOT, BANK);
		MutableIdentity orders = MutableIdentity.of(ROOT, ORDERS);
		SvidTls server = SvidTls.of(bank, PeerPolicies.of((peer) -> peer.path().equals("/orders")), TlsOptions.NONE,
				Time.ofSystem());
		SvidTls client = SvidTls.of(orders, PeerPolicies.of((peer) -> true), TlsOptions.NONE, Time.ofSystem());
		EngineHandshake first = handshake(client, server);
		EngineHandshake second = handshake(client, server);
		assertThat(server.peers().peers(Direction.INBOUND)).singleElement().satisfies((peer) -> {
			assertThat(peer.id()).hasToString(ORDERS);
			assertThat(peer.accepted()).isEqualTo(2);
			assertThat(peer.openConnections()).isEqualTo(2);
			assertThat(peer.authority()).isEqualTo(keyId(ROOT));
		});
		assertThat(server.peers().peers(Direction.OUTBOUND)).isEmpty();
		assertThat(client.peers().peers(Direction.OUTBOUND)).singleElement()
			.extracting(SeenPeer::openConnections)
			.isEqualTo(2);
		assertThat(server.peers().authorities()).singleElement()
			.extracting(SeenAuthority::openConnections)
			.isEqualTo(2);
		// another authority vouches by now, and the one before still does
		SvidMint next = new SvidMint("next");
		bank.trust(SvidMint.bundle(ROOT, next));
		orders.become(next.mint(ORDERS), SvidMint.bundle(ROOT, next));
		EngineHandshake third = handshake(client, server);
		assertThat(open(server, ROOT)).isEqualTo(2);
		assertThat(open(server, next)).isOne();
		first.server().closeOutbound();
		first.server().wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(32 * 1024));
		assertThat(open(server, ROOT)).isOne();
		bank.trust(next.bundle());
		await().untilAsserted(() -> assertThat(open(server, ROOT)).isZero());
		assertThat(second.server().isInboundDone()).isTrue();
		assertThat(third.server().isInboundDone()).isFalse();
		assertThat(open(server, next)).isOne();
		assertThat(server.peers().peers(Direction.INBOUND)).singleElement()
			.extracting(SeenPeer::authority, SeenPeer::openConnections)
			.containsExactly(keyId(next), 1);
	}

	/**
	 * The JDK holds the lock of an engine while it asks the policy.
	 */
	@Test
	void policyThatHangsKeepsNobodyFromReading() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch answer = new CountDownLatch(1);
		SvidTls server = SvidTls.of(MutableIdentity.of(ROOT, BANK), PeerPolicies.of((peer) -> {
			if (peer.path().equals("/mailer")) {
				asked.countDown();
				awaitLatch(answer);
			}
			return true;
		}), TlsOptions.NONE, Time.ofSystem());
		CompletableFuture<EngineHandshake> hanging = CompletableFuture.supplyAsync(() -> call(server, MAILER),
				(task) -> new Thread(task, "hanging").start());
		try {
			awaitLatch(asked);
			EngineHandshake open = call(server, ORDERS);
			assertThat(CompletableFuture.supplyAsync(() -> server.peers().peers(Direction.INBOUND).size()))
				.succeedsWithin(Patience.LIMIT)
				.isEqualTo(1);
			assertThat(CompletableFuture.supplyAsync(() -> server.tls().connections().open(Direction.INBOUND)))
				.succeedsWithin(Patience.LIMIT)
				.isEqualTo(1);
			assertThat(open.server().isInboundDone()).isFalse();
		}
		finally {
			answer.countDown();
		}
		assertThat(hanging).succeedsWithin(Patience.LIMIT);
		assertThat(server.peers().peers(Direction.INBOUND)).hasSize(2);
	}

	private static EngineHandshake call(SvidTls server, String id) {
		try {
			return handshake(SvidTls.of(MutableIdentity.of(ROOT, id), PeerPolicies.of((peer) -> true), TlsOptions.NONE,
					Time.ofSystem()), server);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void requestOfAConnectedClientIsNoSighting() {
		this.identity.become(mint(ROOT, ORDERS), ROOT.bundle());
		SvidTls server = SvidTls.of(this.identity, PeerPolicies.of((peer) -> false), TlsOptions.NONE,
				Time.of(this.clock));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> server.verifyClient(mint(ROOT, BANK).chain()));
		assertThat(server.peers().peers(Direction.INBOUND)).isEmpty();
	}

	private static EngineHandshake handshake(SvidTls client, SvidTls server) throws Exception {
		return EngineHandshake.begin(client.tls().context(), server.tls().context(), "TLSv1.3").end();
	}

	private static int open(SvidTls tls, SvidMint authority) {
		return tls.peers()
			.authorities()
			.stream()
			.filter((seen) -> seen.keyId().equals(keyId(authority)))
			.mapToInt(SeenAuthority::openConnections)
			.sum();
	}

	private void accept(String id) {
		this.log.accepted(handshake(Direction.INBOUND, ROOT, mint(ROOT, id)), null);
	}

	private OpenConnection.Handshake handshake(Direction direction, SvidMint authority, Minted peer) {
		List<X509Authority> authorities = List.of(new X509Authority(authority.certificate(), false));
		TrustBundle bundle = authority.bundleOf(peer.svid().spiffeId().trustDomain());
		try {
			PeerVerifier.Vouching vouching = new PeerVerifier.Vouching(bundle.verify(peer.svid(), this.clock.instant()),
					authorities);
			return new OpenConnection.Handshake(direction, peer.svid(), vouching, null, 0, this.own);
		}
		catch (CertificateException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static SeenAuthority.LastPeer lastPeer(SeenAuthority authority) {
		return Objects.requireNonNull(authority.lastPeer());
	}

	private static void assertRefused(SeenPeer.Refusals refusals, long count, @Nullable Instant lastAt,
			@Nullable String lastReason) {
		assertThat(refusals.count()).isEqualTo(count);
		assertThat(refusals.lastAt()).isEqualTo(lastAt);
		assertThat(refusals.lastReason()).isEqualTo(lastReason);
	}

	private static Direction other(Direction direction) {
		return (direction == Direction.INBOUND) ? Direction.OUTBOUND : Direction.INBOUND;
	}

	private static String keyId(SvidMint authority) {
		return new X509Authority(authority.certificate(), false).keyId();
	}

	private static Minted mint(SvidMint authority, String id) {
		return authority.order(id).issuedAt(NOW, LIFE.multipliedBy(2)).mint();
	}

}
