package dev.psat.tlstests.tomcat.storm;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.support.Matrix;
import dev.psat.support.soak.Violations;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Doorkeeper}.
 */
@Matrix
class DoorkeeperTests {

	private static final SpiffeId ORDERS = SpiffeId.parse("spiffe://example.org/ns/shop/sa/orders");

	private static final Duration GRACE = Duration.ofSeconds(2);

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().build();

	@AutoClose
	private final SimulatedSpireServer other = SimulatedSpireServer.builder().build();

	private final Violations violations = new Violations();

	private final Guests guests = new Guests(List.of(ORDERS), Set.of(), GRACE);

	private final TrustingIdentity identity = new TrustingIdentity(this.server);

	private final Doorkeeper doorkeeper = new Doorkeeper(ORDERS, this.identity, this.guests, this.violations);

	@Test
	void guestIsServed() {
		this.doorkeeper.receive(chain(this.server, ORDERS.toString(), Duration.ZERO));
		assertThat(this.violations.first()).isEmpty();
	}

	@Test
	void nobodyIsServedWithoutACertificate() {
		this.doorkeeper.receive(null);
		assertThat(this.violations.first()).singleElement().asString().startsWith("A client without a certificate");
	}

	@Test
	void strangerIsNotServed() {
		this.doorkeeper.receive(chain(this.server, "spiffe://example.org/ns/shop/sa/mailer", Duration.ZERO));
		assertThat(this.violations.first()).singleElement().asString().contains("which is no guest");
	}

	@Test
	void guestIsServedForAWhileAfterItWasRefused() {
		X509Certificate[] chain = chain(this.server, ORDERS.toString(), Duration.ZERO);
		this.guests.refuse(List.of(ORDERS));
		this.doorkeeper.receive(chain);
		assertThat(this.violations.first()).isEmpty();
		awaitViolation(chain);
		assertThat(this.violations.first().get(0)).contains("which is no guest");
	}

	@Test
	void guestIsServedForAWhileAfterItsAuthorityWasRevoked() {
		X509Certificate[] chain = chain(this.other, ORDERS.toString(), Duration.ZERO);
		this.doorkeeper.receive(chain);
		assertThat(this.violations.first()).isEmpty();
		awaitViolation(chain);
		assertThat(this.violations.first().get(0)).contains("no authority vouches");
	}

	@Test
	void whatWasNotSeenForAWhileBeginsAnew() {
		X509Certificate[] chain = chain(this.other, ORDERS.toString(), Duration.ZERO);
		this.doorkeeper.receive(chain);
		await().pollDelay(GRACE.multipliedBy(2)).until(() -> true);
		this.doorkeeper.receive(chain);
		assertThat(this.violations.first()).isEmpty();
		this.doorkeeper.forget();
		this.doorkeeper.receive(chain);
		assertThat(this.violations.first()).isEmpty();
	}

	@Test
	void guestIsNotServedLongAfterItsSvidHasExpired() {
		this.doorkeeper.receive(chain(this.server, ORDERS.toString(), Duration.ofSeconds(115)));
		assertThat(this.violations.first()).isEmpty();
		this.doorkeeper.receive(chain(this.server, ORDERS.toString(), Duration.ofSeconds(130)));
		assertThat(this.violations.first()).singleElement().asString().contains("which expired at");
	}

	@Test
	void nobodyIsServedWithoutAnOwnSvidForLong() {
		this.identity.expired = true;
		X509Certificate[] chain = chain(this.server, ORDERS.toString(), Duration.ZERO);
		this.doorkeeper.receive(chain);
		assertThat(this.violations.first()).isEmpty();
		awaitViolation(chain);
		assertThat(this.violations.first().get(0)).contains("without an SVID");
	}

	private void awaitViolation(X509Certificate[] chain) {
		await().until(() -> {
			this.doorkeeper.receive(chain);
			return this.violations.count() > 0;
		});
	}

	private static X509Certificate[] chain(SimulatedSpireServer server, String spiffeId, Duration expired) {
		Duration ttl = Duration.ofHours(1);
		return server
			.mintX509Svid(spiffeId, Instant.now().minus(expired.isZero() ? Duration.ZERO : ttl.plus(expired)), ttl)
			.chain()
			.toArray(X509Certificate[]::new);
	}

	/**
	 * An identity that trusts a server, and nothing else.
	 */
	private static final class TrustingIdentity implements SpireIdentity {

		private final SimulatedSpireServer server;

		private boolean expired;

		TrustingIdentity(SimulatedSpireServer server) {
			this.server = server;
		}

		@Override
		public X509Svid x509Svid() {
			throw new UnsupportedOperationException();
		}

		@Override
		public JwtSvid jwtSvid(String audience, String... more) {
			throw new UnsupportedOperationException();
		}

		@Override
		public TrustBundle trustBundle() {
			return TrustBundle.parse(TrustDomain.of(this.server.trustDomain()),
					this.server.trustBundle().toJwks().getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public SpireStatus status() {
			return SpireStatus.builder(SpireState.READY).svid(svid()).build();
		}

		private SpireStatus.@Nullable Svid svid() {
			if (this.expired) {
				return null;
			}
			Instant now = Instant.now();
			return SpireStatus.Svid.builder(ORDERS, BigInteger.ONE, 1, now, now.plus(Duration.ofHours(1))).build();
		}

	}

}
