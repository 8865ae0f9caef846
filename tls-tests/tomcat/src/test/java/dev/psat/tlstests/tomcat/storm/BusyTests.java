package dev.psat.tlstests.tomcat.storm;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.psat.support.Matrix;
import dev.psat.support.soak.Violations;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Busy} and {@link Weather}.
 */
@Matrix
class BusyTests {

	private static final Duration BOUND = Duration.ofSeconds(20);

	private static final Duration SHORT = Duration.ofMillis(500);

	private final Violations violations = new Violations();

	private final Weather weather = new Weather(BOUND);

	@Test
	void doesTheSameAllTheTime() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		Busy busy = busy((calm) -> calls.incrementAndGet());
		await().until(() -> calls.get() > 3);
		busy.end();
		assertThat(busy.isAlive()).isFalse();
		assertThat(this.violations.first()).isEmpty();
	}

	@Test
	void whateverACallThrowsIsAViolationAndTheNextOneFollows() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		Busy busy = busy((calm) -> {
			calls.incrementAndGet();
			throw new LinkageError("broken");
		});
		await().until(() -> calls.get() > 1);
		busy.end();
		assertThat(this.violations.first().get(0)).startsWith("busy ended with java.lang.LinkageError: broken");
	}

	@Test
	void callThatTakesTooLongIsAViolationAndSoIsOneThatDoesNotEnd() throws Exception {
		AtomicBoolean begun = new AtomicBoolean();
		AtomicBoolean released = new AtomicBoolean();
		Weather weather = new Weather(SHORT);
		Busy busy = new Busy("busy", weather, (calm) -> {
			begun.set(true);
			while (!released.get()) {
				LockSupport.parkNanos(1_000_000);
			}
		}, SHORT, Duration.ofMillis(1), this.violations);
		await().untilTrue(begun);
		assertThatIllegalStateException().isThrownBy(() -> weather.set(false))
			.withMessageStartingWith("A call has not ended within");
		busy.end();
		assertThat(this.violations.first()).singleElement().asString().startsWith("busy has not ended");
		released.set(true);
		busy.join();
		assertThat(this.violations.first().get(1)).startsWith("busy took PT");
	}

	@Test
	void weatherChangesBetweenCallsAlone() throws Exception {
		AtomicInteger storms = new AtomicInteger();
		Busy busy = busy((calm) -> storms.addAndGet(calm ? 0 : 1));
		this.weather.set(false);
		await().until(() -> storms.get() > 0);
		this.weather.set(true);
		int before = storms.get();
		this.weather.whileNobodyCalls(() -> assertThat(storms.get()).isEqualTo(before));
		busy.end();
	}

	private Busy busy(Weather.Call call) {
		return new Busy("busy", this.weather, call, BOUND, Duration.ofMillis(1), this.violations);
	}

}
