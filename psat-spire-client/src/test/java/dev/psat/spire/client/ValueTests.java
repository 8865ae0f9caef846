package dev.psat.spire.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TestAuthority;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JwtSvid}, {@link AuthorizedEntry} and {@link Selector}.
 */
class ValueTests {

	private static final SpiffeId ORDERS = SpiffeId.parse(TestAuthority.ORDERS);

	@Test
	void jwtSvidDoesNotShowItsToken() {
		JwtSvid svid = new JwtSvid(ORDERS, "header.claims.signature", List.of("billing"), TestAuthority.NOW,
				TestAuthority.NOW.plusSeconds(300), "orders");
		assertThat(svid).hasToString("JwtSvid[spiffeId=%s, audience=[billing], issuedAt=2026-11-25T10:00:00Z, "
				+ "expiresAt=2026-11-25T10:05:00Z]", ORDERS);
		assertThat(svid.token()).isEqualTo("header.claims.signature");
	}

	@Test
	void audienceIsACopyThatCannotBeChanged() {
		List<String> names = new ArrayList<>(List.of("a"));
		JwtSvid svid = new JwtSvid(ORDERS, "token", names, Instant.EPOCH, Instant.EPOCH, null);
		names.clear();
		assertThat(svid.audience()).containsExactly("a").isUnmodifiable();
	}

	@Test
	void selectorIsWrittenAsSpireWritesIt() {
		assertThat(new Selector("k8s", "ns:shop")).hasToString("k8s:ns:shop");
	}

}
