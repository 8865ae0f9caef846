package dev.psat.spire.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.psat.support.Latches;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link LateStart}.
 */
class LateStartTests {

	private final List<String> calls = new ArrayList<>();

	private final LateStart<TestRun> lateStart = new LateStart<>(this::run);

	private String failing = "nothing";

	private Runnable meanwhile = () -> {
	};

	@Test
	void startsOnceWhenItIsUsed() {
		this.lateStart.startOnUse();
		this.lateStart.startOnUse();
		this.lateStart.start();
		assertThat(this.calls).containsExactly("start", "listen");
	}

	@Test
	void useDoesNotStartWhatWasStopped() {
		this.lateStart.stop();
		this.lateStart.startOnUse();
		assertThat(this.lateStart.current()).isNull();
		assertThat(this.calls).isEmpty();
	}

	@Test
	void eachStartCreatesAnotherRun() {
		this.lateStart.start();
		TestRun first = this.lateStart.current();
		this.lateStart.stop();
		assertThat(this.lateStart.current()).isNull();
		this.lateStart.start();
		assertThat(this.lateStart.current()).isNotNull().isNotSameAs(first);
		assertThat(this.calls).containsExactly("start", "listen", "close", "ceaseToListen", "start", "listen");
	}

	@Test
	void doesNotStartAfterTheEnd() {
		this.lateStart.close();
		this.lateStart.startOnUse();
		assertThat(this.calls).isEmpty();
		assertThatIllegalStateException().isThrownBy(this.lateStart::start).withMessage("The SPIRE identity is closed");
	}

	@Test
	void leavesNothingBehindIfTheStartFails() {
		this.failing = "start";
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this.lateStart::start);
		assertThat(this.lateStart.current()).isNull();
		assertThat(this.calls).containsExactly("start", "close");
	}

	@Test
	void leavesNothingBehindIfItCannotListen() {
		this.failing = "listen";
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this.lateStart::startOnUse);
		assertThat(this.lateStart.current()).isNull();
		assertThat(this.calls).containsExactly("start", "listen", "close", "ceaseToListen");
	}

	@Test
	void ceasesToListenEvenIfItCannotEnd() {
		this.lateStart.start();
		this.failing = "close";
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this.lateStart::stop);
		assertThat(this.lateStart.current()).isNull();
		assertThat(this.calls).containsExactly("start", "listen", "close", "ceaseToListen");
	}

	@Test
	void useWhileAnotherThreadStartsWaitsUntilItRuns() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch resumed = new CountDownLatch(1);
		this.meanwhile = () -> {
			begun.countDown();
			Latches.await(resumed);
		};
		Thread starter = new Thread(this.lateStart::start);
		starter.start();
		begun.await();
		Thread user = new Thread(this.lateStart::startOnUse);
		user.start();
		await().until(() -> user.getState() == Thread.State.BLOCKED);
		resumed.countDown();
		user.join();
		assertThat(this.lateStart.current()).isNotNull();
		starter.join();
		assertThat(this.calls).containsExactly("start", "listen");
	}

	private TestRun run() {
		this.meanwhile.run();
		return new TestRun();
	}

	private final class TestRun implements LateStart.Run {

		@Override
		public void start() {
			called("start");
		}

		@Override
		public void listen() {
			called("listen");
		}

		@Override
		public void close() {
			called("close");
		}

		@Override
		public void ceaseToListen() {
			called("ceaseToListen");
		}

		private void called(String name) {
			assertThat(Thread.holdsLock(LateStartTests.this.lateStart))
				.isEqualTo(name.equals("start") || name.equals("close"));
			LateStartTests.this.calls.add(name);
			if (name.equals(LateStartTests.this.failing)) {
				throw new OutOfMemoryError("on purpose");
			}
		}

	}

}
