package dev.psat.tlstests.tomcat.storm;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.psat.spiffe.SpiffeId;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Guests}.
 */
@Matrix
class GuestsTests {

	private static final SpiffeId ORDERS = SpiffeId.parse("spiffe://example.org/ns/shop/sa/orders");

	private static final SpiffeId STOCK = SpiffeId.parse("spiffe://example.org/ns/shop/sa/stock");

	private static final SpiffeId STRANGER = SpiffeId.parse("spiffe://example.org/ns/shop/sa/mailer");

	private final Guests guests = new Guests(List.of(ORDERS, STOCK), Set.of(), Duration.ofSeconds(2));

	@Test
	void letsInGuestsAlone() {
		assertThat(this.guests.refusal(ORDERS)).isNull();
		assertThat(this.guests.refusal(STRANGER)).isNotNull();
		assertThat(this.guests.keptOutSince(ORDERS)).isNull();
		assertThat(this.guests.keptOutSince(STRANGER)).isNotNull();
	}

	@Test
	void whoIsRefusedIsKeptOutAfterAWhile() {
		this.guests.refuse(List.of(ORDERS));
		assertThat(this.guests.keptOutSince(ORDERS)).isNull();
		assertThat(this.guests.refusal(ORDERS)).isNotNull();
		assertThat(this.guests.refusal(STOCK)).isNull();
		await().until(() -> this.guests.keptOutSince(ORDERS) != null);
		assertThat(this.guests.keptOutSince(STOCK)).isNull();
		this.guests.recover();
		assertThat(this.guests.keptOutSince(ORDERS)).isNull();
		assertThat(this.guests.refusal(ORDERS)).isNull();
	}

	@Test
	void everybodyIsKeptOutWhenItBreaks() {
		this.guests.breakDown();
		assertThatIllegalStateException().isThrownBy(() -> this.guests.refusal(ORDERS));
		await().until(() -> this.guests.keptOutSince(STOCK) != null);
	}

	@Test
	void answersOnceItNoLongerHangs() {
		this.guests.hang();
		CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(() -> this.guests.refusal(ORDERS) == null);
		assertThat(answer).isNotDone();
		assertThat(this.guests.keptOutSince(ORDERS)).isNull();
		this.guests.recover();
		assertThat(answer).succeedsWithin(Patience.LIMIT).isEqualTo(true);
	}

}
