package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

import dev.psat.support.RunningThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Delivery}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DeliveryTests {

	private static final String THREAD = "delivery-under-test";

	private final List<String> told = new CopyOnWriteArrayList<>();

	private volatile Status status = new Status(0, "first");

	private final Set<Integer> threadsWithout = ConcurrentHashMap.newKeySet();

	private final AtomicInteger threads = new AtomicInteger();

	private final Delivery<Status> delivery = new Delivery<>((work) -> {
		if (this.threadsWithout.contains(this.threads.incrementAndGet())) {
			throw new OutOfMemoryError("unable to create native thread: on purpose");
		}
		return Threads.create(THREAD, work);
	}, DeliveryTests::failure, new Status(0, "nothing"), () -> this.status, DeliveryTests::isNews, Time.ofSystem());

	@AfterEach
	void close() {
		this.delivery.close();
		// a thread that is about to end by itself is not waited for
		await().until(this::isIdle);
	}

	@Test
	void listenerThatComesLateIsToldTheNewestAlone() {
		change(2);
		change(3);
		add(this::record);
		awaitTold("nothing 0 > a 3");
	}

	@Test
	void nothingIsToldBeforeThereIsNews() {
		add(this::record);
		this.delivery.request();
		change(1);
		awaitTold("nothing 0 > a 1");
	}

	@Test
	void newsIsToldWithWhatTheListenerKnew() {
		add(this::record);
		change(1);
		awaitTold("nothing 0 > a 1");
		change(2);
		awaitTold("nothing 0 > a 1", "a 1 > a 2");
		this.status = new Status(2, "b");
		this.delivery.request();
		await().until(this::isIdle);
		change(3);
		awaitTold("nothing 0 > a 1", "a 1 > a 2", "a 2 > a 3");
	}

	@Test
	void slowListenerIsToldTheNewestAndDelaysNobody() {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		List<String> seen = new CopyOnWriteArrayList<>();
		add((previous, current) -> {
			seen.add(previous + " > " + current);
			begun.countDown();
			awaitLatch(go);
		});
		change(1);
		awaitLatch(begun);
		add(this::record);
		awaitTold("nothing 0 > a 1");
		change(2);
		change(3);
		await().until(() -> this.told.get(this.told.size() - 1).endsWith("a 3"));
		assertThat(seen).containsExactly("nothing 0 > a 1");
		go.countDown();
		await().untilAsserted(() -> assertThat(seen).containsExactly("nothing 0 > a 1", "a 1 > a 3"));
	}

	@Test
	void listenerThatThrowsIsWarnedOfAndToldWhatComesNextAndHindersNobody(CapturedOutput output) {
		List<String> seen = new CopyOnWriteArrayList<>();
		add((previous, current) -> {
			seen.add(previous + " > " + current);
			throw (current.number() == 1) ? new StackOverflowError("on purpose") : new LinkageError("on purpose");
		});
		add(this::record);
		change(1);
		awaitTold("nothing 0 > a 1");
		await().untilAsserted(() -> assertThat(seen).containsExactly("nothing 0 > a 1"));
		change(2);
		awaitTold("nothing 0 > a 1", "a 1 > a 2");
		await().untilAsserted(() -> assertThat(seen).containsExactly("nothing 0 > a 1", "a 1 > a 2"));
		await().untilAsserted(
				() -> assertThat(output.getOut().lines().filter((line) -> line.contains("A listener failed")))
					.hasSize(2));
	}

	@Test
	void listenerThatHasLeftIsToldNothing() {
		BiConsumer<Status, Status> leaving = this::record;
		BiConsumer<Status, Status> other = this::record;
		add(leaving);
		change(1);
		awaitTold("nothing 0 > a 1");
		this.delivery.remove(other);
		this.delivery.remove(leaving);
		this.delivery.remove(leaving);
		change(2);
		add(other);
		awaitTold("nothing 0 > a 1", "nothing 0 > a 2");
	}

	@Test
	void listenerMayAddAnotherAndLeaveAndClose() {
		this.delivery.add(this, (previous, current) -> {
			this.delivery.remove(this);
			add(this::record);
			this.told.add("left");
		});
		change(1);
		await().untilAsserted(() -> assertThat(this.told).containsExactlyInAnyOrder("left", "nothing 0 > a 1"));
		add((previous, current) -> this.delivery.close());
		await().until(this::isIdle);
		change(2);
		assertThat(this.told).hasSize(2);
	}

	@Test
	void listenerWithoutAThreadKeepsNothingFromTheOthersAndIsToldWithTheNextRequest() {
		List<Integer> first = new CopyOnWriteArrayList<>();
		add((previous, current) -> first.add(current.number()));
		add(this::record);
		await().until(this::isIdle);
		this.threadsWithout.add(3);
		this.status = new Status(1, "a");
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this.delivery::request);
		awaitTold("nothing 0 > a 1");
		assertThat(first).isEmpty();
		this.delivery.request();
		await().untilAsserted(() -> assertThat(first).containsExactly(1));
		awaitTold("nothing 0 > a 1");
	}

	@Test
	void listenerThatCouldNotBeAddedIsNotThere() {
		this.threadsWithout.add(1);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> add(this::record));
		add(this::record);
		change(1);
		awaitTold("nothing 0 > a 1");
	}

	@Test
	void interruptFlagThatAListenerLeavesReachesNobody() {
		add((previous, current) -> {
			this.told.add(String.valueOf(Thread.currentThread().isInterrupted()));
			Thread.currentThread().interrupt();
		});
		change(1);
		awaitTold("false");
		add(this::record);
		awaitTold("false", "nothing 0 > a 1");
		change(2);
		await().untilAsserted(() -> assertThat(this.told).containsExactlyInAnyOrder("false", "nothing 0 > a 1", "false",
				"a 1 > a 2"));
	}

	@Test
	void nothingIsToldAfterTheEnd() {
		add(this::record);
		CountDownLatch begun = new CountDownLatch(1);
		add((previous, current) -> {
			this.told.add("hanging " + current.number());
			begun.countDown();
			awaitLatch(new CountDownLatch(1));
		});
		change(1);
		awaitLatch(begun);
		await().untilAsserted(() -> assertThat(this.told).hasSize(2));
		change(2);
		await().untilAsserted(() -> assertThat(this.told).hasSize(3));
		this.delivery.close();
		await().until(this::isIdle);
		change(3);
		add(this::record);
		await().during(Duration.ofMillis(200)).until(() -> this.told.size() == 3);
		assertThat(this.told).containsExactlyInAnyOrder("nothing 0 > a 1", "hanging 1", "a 1 > a 2");
	}

	@Test
	void listenersThatHangSilenceNobodyAndAreGivenTheirTimeTogether() {
		CountDownLatch begun = new CountDownLatch(120);
		CountDownLatch interrupted = new CountDownLatch(120);
		for (int i = 0; i < 120; i++) {
			add((previous, current) -> {
				begun.countDown();
				if (!awaitLatch(new CountDownLatch(1))) {
					interrupted.countDown();
				}
			});
		}
		add(this::record);
		change(1);
		awaitTold("nothing 0 > a 1");
		awaitLatch(begun);
		change(2);
		awaitTold("nothing 0 > a 1", "a 1 > a 2");
		long began = System.nanoTime();
		this.delivery.close();
		// one after the other, they would take a minute
		assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(55));
		await().untilAsserted(() -> assertThat(interrupted.getCount()).isZero());
		await().until(this::isIdle);
	}

	@Test
	void listenerRunsAsNobodyInParticular() throws Exception {
		InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
		Delivery<Status> named = new Delivery<>(THREAD, DeliveryTests::failure, this.status, () -> new Status(1, "a"),
				DeliveryTests::isNews, Time.ofSystem());
		Thread request = new Thread(() -> {
			user.set("somebody");
			named.add(this, (previous, current) -> {
				Thread thread = Thread.currentThread();
				this.told.add("%s %s %s".formatted(thread.getName(), user.get(),
						thread.getContextClassLoader() == Delivery.class.getClassLoader()));
			});
		});
		request.setContextClassLoader(new ClassLoader() {
		});
		request.start();
		request.join();
		awaitTold(THREAD + " null true");
		named.close();
	}

	private void add(BiConsumer<Status, Status> listener) {
		this.delivery.add(listener, listener);
	}

	private void change(int number) {
		this.status = new Status(number, "a");
		this.delivery.request();
	}

	private void record(Status previous, Status current) {
		this.told.add(previous + " > " + current);
	}

	private void awaitTold(String... expected) {
		await().untilAsserted(() -> assertThat(this.told).containsExactly(expected));
	}

	private boolean isIdle() {
		return RunningThreads.named(THREAD).isEmpty();
	}

	private static boolean isNews(Status known, Status current) {
		return known.number() != current.number();
	}

	private static RepeatedError failure() {
		return new RepeatedError(Delivery.class, "A listener failed");
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

	/**
	 * A status, of which the number is news and the name is not.
	 */
	private record Status(int number, String name) {

		@Override
		public String toString() {
			return this.name + " " + this.number;
		}

	}

}
