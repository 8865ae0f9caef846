package dev.psat.spire.client;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.psat.spire.wire.internal.TestTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AddressOrder}.
 */
class AddressOrderTests {

	private final TestTime time = new TestTime();

	private final AddressOrder order = new AddressOrder(this.time, Duration.ofSeconds(1));

	private final List<InetAddress> addresses;

	AddressOrderTests() throws Exception {
		this.addresses = GrpcTestServer.Addresses.of("10.0.0.1", "fd00::2", "10.0.0.3");
	}

	@Test
	void addressesKeepTheirOrderUntilOneFails() {
		assertThat(this.order.sort(this.addresses)).isEqualTo(this.addresses);
		this.order.failed(this.addresses.get(1));
		assertThat(this.order.sort(this.addresses)).containsExactly(this.addresses.get(0), this.addresses.get(2),
				this.addresses.get(1));
	}

	@Test
	void addressThatFailedTheLongestAgoComesFirstWhenAllHaveFailed() {
		for (int i : new int[] { 2, 0, 1, 2 }) {
			this.order.failed(this.addresses.get(i));
		}
		assertThat(this.order.sort(this.addresses)).isEqualTo(this.addresses);
	}

	@Test
	void addressThatIsNewOrCameBackIsKnownByWhatFailedThere() {
		this.order.failed(this.addresses.get(0));
		assertThat(this.order.sort(this.addresses.subList(0, 1))).containsExactly(this.addresses.get(0));
		assertThat(this.order.sort(List.of(this.addresses.get(0), this.addresses.get(2)))).first()
			.isEqualTo(this.addresses.get(2));
	}

	@Test
	void addressThatIsListedTwiceIsTriedOnce() {
		List<InetAddress> twice = new ArrayList<>(this.addresses);
		twice.addAll(this.addresses);
		assertThat(this.order.sort(twice)).isEqualTo(this.addresses);
	}

	@Test
	void oneHundredAddressesAreRemembered() throws Exception {
		List<InetAddress> many = new ArrayList<>();
		for (int i = 0; i <= 100; i++) {
			many.add(GrpcTestServer.Addresses.of("10.0.1." + i).get(0));
		}
		Collections.reverse(many);
		many.forEach(this.order::failed);
		assertThat(this.order.sort(this.addresses)).isEqualTo(this.addresses);
		List<InetAddress> later = new ArrayList<>(many);
		later.addAll(this.addresses);
		assertThat(this.order.sort(later)).startsWith(many.get(0)).endsWith(many.get(100)).hasSize(104);
	}

	@Test
	void addressRestsForASecond() {
		assertThat(this.order.isAnyRested(this.addresses)).isTrue();
		this.addresses.forEach(this.order::failed);
		this.time.passInVain(Duration.ofMillis(999));
		assertThat(this.order.isAnyRested(this.addresses)).isFalse();
		this.time.passInVain(Duration.ofMillis(1));
		assertThat(this.order.isAnyRested(this.addresses)).isTrue();
	}

	@Test
	void attemptThatFailsCountsUntilAServerIsReached() throws Exception {
		InetAddress address = InetAddress.getByName("127.0.0.1");
		this.order.failed(address);
		assertThat(this.order.isMissed(address)).isFalse();
		this.order.missed(address);
		this.order.failed(address);
		assertThat(this.order.isMissed(address)).isTrue();
		this.order.reached(address);
		assertThat(this.order.isMissed(address)).isFalse();
	}

}
