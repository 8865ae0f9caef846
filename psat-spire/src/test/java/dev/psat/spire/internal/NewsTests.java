package dev.psat.spire.internal;

import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

import dev.psat.concurrent.internal.Delivery;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.server.TestEntry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Announcer.News}.
 */
@ExtendWith(OutputCaptureExtension.class)
class NewsTests {

	private final List<String> told = new CopyOnWriteArrayList<>();

	private volatile SpireStatus status = status(SpireState.STARTING, 0, 0);

	@AutoClose("close")
	private final Delivery<SpireStatus> delivery = Announcer.News.delivery(() -> this.status, Time.ofSystem());

	@Test
	void statesAndSvidsAndAuthoritiesAreNews() {
		this.delivery.add(this, this::record);
		change(SpireState.STARTING, 0, 0);
		change(SpireState.ATTESTING, 0, 0);
		awaitTold("STARTING 0 0 > ATTESTING 0 0");
		change(SpireState.ATTESTING, 0, 1);
		awaitTold("STARTING 0 0 > ATTESTING 0 0", "ATTESTING 0 0 > ATTESTING 0 1");
		change(SpireState.READY, 1, 1);
		awaitTold("STARTING 0 0 > ATTESTING 0 0", "ATTESTING 0 0 > ATTESTING 0 1", "ATTESTING 0 1 > READY 1 1");
		change(SpireState.READY, 1, 1);
		change(SpireState.READY, 2, 1);
		awaitTold("STARTING 0 0 > ATTESTING 0 0", "ATTESTING 0 0 > ATTESTING 0 1", "ATTESTING 0 1 > READY 1 1",
				"READY 1 1 > READY 2 1");
	}

	@Test
	void observerBeginsWithThePresentStatus() {
		change(SpireState.READY, 3, 2);
		this.delivery.add(this, this::record);
		awaitTold("STARTING 0 0 > READY 3 2");
	}

	@Test
	void observerThatThrowsIsWarnedOf(CapturedOutput output) {
		BiConsumer<SpireStatus, SpireStatus> failing = (previous, current) -> {
			throw new StackOverflowError("on purpose");
		};
		this.delivery.add(failing, failing);
		change(SpireState.READY, 1, 1);
		await().untilAsserted(() -> assertThat(output).contains("An observer of the SPIRE identity failed"));
	}

	private void change(SpireState state, long svid, long authorities) {
		this.status = status(state, svid, authorities);
		this.delivery.request();
	}

	private void record(SpireStatus previous, SpireStatus current) {
		this.told.add(text(previous) + " > " + text(current));
	}

	private void awaitTold(String... expected) {
		await().untilAsserted(() -> assertThat(this.told).containsExactly(expected));
	}

	private static String text(SpireStatus status) {
		Announcer.News news = Announcer.News.of(status);
		return "%s %d %d".formatted(news.state(), news.svid(), news.authorities());
	}

	private static SpireStatus status(SpireState state, long svid, long authorities) {
		return SpireStatus.builder(state)
			.svid((svid > 0) ? SpireStatus.Svid
				.builder(SpiffeId.parse(TestEntry.ORDERS), BigInteger.ONE, svid, ManualTime.START, ManualTime.START)
				.renewalDueAt(ManualTime.START)
				.build() : null)
			.trustBundle((authorities > 0) ? SpireStatus.Bundle.builder(1, authorities).build() : null)
			.build();
	}

}
