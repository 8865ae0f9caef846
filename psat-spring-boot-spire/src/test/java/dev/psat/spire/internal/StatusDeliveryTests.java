package dev.psat.spire.internal;

import java.math.BigInteger;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.server.TestEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link StatusDelivery}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StatusDeliveryTests {

	private static final String THREAD = "psat-test-events";

	private final List<String> told = new CopyOnWriteArrayList<>();

	private volatile SpireStatus status = status(SpireState.STARTING, 0);

	private final Set<Integer> threadsWithout = new HashSet<>();

	private final AtomicInteger threads = new AtomicInteger();

	private final StatusDelivery delivery = new StatusDelivery((work) -> {
		if (this.threadsWithout.contains(this.threads.incrementAndGet())) {
			throw new OutOfMemoryError("unable to create native thread: on purpose");
		}
		return new Thread(work, THREAD);
	}, () -> this.status);

	@AfterEach
	void close() {
		this.delivery.close();
	}

	@Test
	void observerBeginsWithThePresentStatus() {
		this.status = status(SpireState.READY, 3);
		this.delivery.add(new Teller());
		awaitTold("STARTING 0 > READY 3");
	}

	@Test
	void nothingIsToldBeforeAnythingWasTried() {
		this.delivery.add(new Teller());
		this.delivery.request();
		this.status = status(SpireState.ATTESTING, 0);
		this.delivery.request();
		awaitTold("STARTING 0 > ATTESTING 0");
	}

	@Test
	void observerLearnsOfStatesAndOfSvids() {
		this.delivery.add(new Teller());
		change(SpireState.ATTESTING, 0);
		awaitTold("STARTING 0 > ATTESTING 0");
		change(SpireState.READY, 1);
		awaitTold("STARTING 0 > ATTESTING 0", "ATTESTING 0 > READY 1");
		change(SpireState.READY, 1);
		change(SpireState.READY, 2);
		awaitTold("STARTING 0 > ATTESTING 0", "ATTESTING 0 > READY 1", "READY 1 > READY 2");
	}

	@Test
	void slowObserverLearnsTheLatestAndHoldsUpNobody() {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		List<Long> seen = new CopyOnWriteArrayList<>();
		this.delivery.add(new SpireObserver() {

			@Override
			public void changed(SpireStatus previous, SpireStatus current) {
				seen.add(generation(current));
				begun.countDown();
				awaitLatch(go);
			}

		});
		change(SpireState.READY, 1);
		awaitLatch(begun);
		this.delivery.add(new Teller());
		awaitTold("STARTING 0 > READY 1");
		change(SpireState.READY, 2);
		change(SpireState.READY, 3);
		await().until(() -> this.told.get(this.told.size() - 1).endsWith("READY 3"));
		assertThat(seen).containsExactly(1L);
		go.countDown();
		await().untilAsserted(() -> assertThat(seen).containsExactly(1L, 3L));
	}

	@Test
	void observerThatThrowsIsWarnedOfAndLearnsWhatComesNext(CapturedOutput output) {
		this.delivery.add(new SpireObserver() {

			@Override
			public void changed(SpireStatus previous, SpireStatus current) {
				StatusDeliveryTests.this.told.add("throws at " + generation(current));
				throw new StackOverflowError("on purpose");
			}

		});
		change(SpireState.READY, 1);
		awaitTold("throws at 1");
		change(SpireState.READY, 2);
		awaitTold("throws at 1", "throws at 2");
		await().untilAsserted(() -> assertThat(output).contains("An observer of the SPIRE identity failed"));
	}

	@Test
	void observerThatHasLeftIsToldNothing() {
		Teller leaving = new Teller();
		this.delivery.add(leaving);
		change(SpireState.READY, 1);
		awaitTold("STARTING 0 > READY 1");
		this.delivery.remove(new Teller());
		this.delivery.remove(leaving);
		this.delivery.remove(leaving);
		change(SpireState.READY, 2);
		this.delivery.add(new Teller());
		awaitTold("STARTING 0 > READY 1", "STARTING 0 > READY 2");
	}

	@Test
	void observerWithoutAThreadKeepsNothingFromTheOthersAndLearnsWithTheNextRequest() {
		List<String> first = new CopyOnWriteArrayList<>();
		this.delivery.add(new SpireObserver() {

			@Override
			public void changed(SpireStatus previous, SpireStatus current) {
				first.add(current.state() + " " + generation(current));
			}

		});
		this.delivery.add(new Teller());
		await().until(this::isIdle);
		this.threadsWithout.add(3);
		this.status = status(SpireState.READY, 1);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this.delivery::request);
		awaitTold("STARTING 0 > READY 1");
		assertThat(first).isEmpty();
		this.delivery.request();
		await().untilAsserted(() -> assertThat(first).containsExactly("READY 1"));
		awaitTold("STARTING 0 > READY 1");
	}

	@Test
	void observerThatCouldNotBeAddedIsNotThere() {
		this.threadsWithout.add(1);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.delivery.add(new Teller()));
		this.delivery.add(new Teller());
		change(SpireState.READY, 1);
		awaitTold("STARTING 0 > READY 1");
	}

	private boolean isIdle() {
		return Thread.getAllStackTraces().keySet().stream().noneMatch((thread) -> thread.getName().equals(THREAD));
	}

	@Test
	void nothingIsToldAfterTheEnd() {
		this.delivery.add(new Teller());
		change(SpireState.READY, 1);
		awaitTold("STARTING 0 > READY 1");
		this.delivery.close();
		change(SpireState.READY, 2);
		this.delivery.add(new Teller());
		await().during(Duration.ofMillis(200)).until(() -> this.told.size() == 1);
	}

	@Test
	void observersThatHangAreGivenTheirTimeTogether() {
		CountDownLatch begun = new CountDownLatch(8);
		CountDownLatch interrupted = new CountDownLatch(8);
		for (int i = 0; i < 8; i++) {
			this.delivery.add(new SpireObserver() {

				@Override
				public void changed(SpireStatus previous, SpireStatus current) {
					begun.countDown();
					if (!awaitLatch(new CountDownLatch(1))) {
						interrupted.countDown();
					}
				}

			});
		}
		change(SpireState.READY, 1);
		awaitLatch(begun);
		long began = System.nanoTime();
		this.delivery.close();
		assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
		assertThat(interrupted.getCount()).isZero();
	}

	private void change(SpireState state, long generation) {
		this.status = status(state, generation);
		this.delivery.request();
	}

	private void awaitTold(String... expected) {
		await().untilAsserted(() -> assertThat(this.told).containsExactly(expected));
	}

	private static SpireStatus status(SpireState state, long generation) {
		SpireStatus.Svid svid = (generation > 0) ? new SpireStatus.Svid(SpiffeId.parse(TestEntry.ORDERS),
				BigInteger.ONE, generation, ManualTime.START, ManualTime.START, ManualTime.START) : null;
		return new SpireStatus(state, null, null, null, null, null, svid, null, null, null);
	}

	private static long generation(SpireStatus status) {
		return (status.svid() != null) ? status.svid().generation() : 0;
	}

	private static boolean awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
			return true;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	private final class Teller implements SpireObserver {

		@Override
		public void changed(SpireStatus previous, SpireStatus current) {
			StatusDeliveryTests.this.told.add("%s %d > %s %d".formatted(previous.state(), generation(previous),
					current.state(), generation(current)));
		}

	}

}
