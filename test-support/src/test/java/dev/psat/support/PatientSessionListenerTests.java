package dev.psat.support;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.core.ConditionEvaluationListener;
import org.awaitility.core.EvaluatedCondition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PatientSessionListenerTests {

	@Test
	void waitWithoutALimitIsPatient() {
		AtomicReference<Duration> left = new AtomicReference<>();
		await().conditionEvaluationListener(new ConditionEvaluationListener<>() {

			@Override
			public void conditionEvaluated(EvaluatedCondition<Object> condition) {
				left.set(Duration.ofMillis(condition.getRemainingTimeInMS() + condition.getElapsedTimeInMS()));
			}

		}).until(() -> true);
		assertThat(left.get()).isBetween(Patience.LIMIT.minusSeconds(1), Patience.LIMIT.plusSeconds(1));
	}

	@Test
	void waitDoesNotFailByWhatAnotherThreadThrows() {
		Thread library = new Thread(() -> {
			throw new IllegalStateException("Broken pipe");
		});
		AtomicInteger looks = new AtomicInteger();
		await().until(() -> {
			if (looks.getAndIncrement() == 0) {
				library.start();
				library.join();
			}
			return looks.get() > 1;
		});
		assertThat(library.isAlive()).isFalse();
	}

}
