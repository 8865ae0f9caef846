package dev.psat.token;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Observers}.
 */
class ObserversTests {

	@AutoClose
	final SourceLog log = new SourceLog();

	private final Observers observers = new Observers(Runnable::run);

	private final List<String> told = new CopyOnWriteArrayList<>();

	@Test
	void tellsEveryObserverOfEveryLook() {
		this.observers.add((outcome, sinceCause) -> this.told.add("one " + outcome));
		this.observers.add((outcome, sinceCause) -> this.told.add("other " + outcome));
		this.observers.looked(LookOutcome.ACCEPTED, Duration.ofMillis(1));
		assertThat(this.told).containsExactly("one ACCEPTED", "other ACCEPTED");
	}

	@Test
	void replaysTheSumsOfEarlierLooks() {
		this.observers.looked(LookOutcome.ACCEPTED, Duration.ofMillis(1));
		this.observers.looked(LookOutcome.UNCHANGED, Duration.ofMillis(2));
		this.observers.looked(LookOutcome.UNCHANGED, Duration.ofMillis(4));
		this.observers.add((outcome, sinceCause) -> this.told.add(outcome + " " + sinceCause.toMillis()));
		assertThat(this.told).containsExactly("UNCHANGED 3", "UNCHANGED 3", "ACCEPTED 1");
		this.observers.looked(LookOutcome.MISSING, Duration.ofMillis(5));
		assertThat(this.told).last().isEqualTo("MISSING 5");
	}

	@Test
	void observerThatFailsHindersNoOtherAndIsWarnedOfOncePerIncident() {
		boolean[] failing = { true };
		this.observers.add((outcome, sinceCause) -> {
			if (failing[0]) {
				throw new IllegalStateException("on purpose");
			}
		});
		this.observers.add((outcome, sinceCause) -> this.told.add(outcome.name()));
		look(3);
		assertThat(this.told).hasSize(3);
		assertThat(this.log.warnings()).hasSize(1);
		failing[0] = false;
		look(1);
		failing[0] = true;
		look(3);
		assertThat(this.log.warnings()).hasSize(2);
	}

	@Test
	void observerThatThrowsWhatItDoesNotDeclareHindersNoOther() {
		this.observers
			.add((outcome, sinceCause) -> ObserversTests.<RuntimeException>sneak(new IOException("on purpose")));
		this.observers.add((outcome, sinceCause) -> this.told.add(outcome.name()));
		look(1);
		assertThat(this.told).hasSize(1);
		assertThat(this.log.warnings()).hasSize(1);
	}

	/**
	 * Throws what it does not declare, as whatever is not written in Java may do.
	 */
	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable failure) throws T {
		throw (T) failure;
	}

	@Test
	void interruptFlagThatAnObserverLeavesStaysWithNobody() {
		this.observers.add((outcome, sinceCause) -> Thread.currentThread().interrupt());
		this.observers
			.add((outcome, sinceCause) -> this.told.add(String.valueOf(Thread.currentThread().isInterrupted())));
		look(1);
		assertThat(this.told).containsExactly("false");
		assertThat(Thread.interrupted()).isFalse();
	}

	private void look(int times) {
		for (int look = 0; look < times; look++) {
			this.observers.looked(LookOutcome.UNCHANGED, Duration.ZERO);
		}
	}

}
