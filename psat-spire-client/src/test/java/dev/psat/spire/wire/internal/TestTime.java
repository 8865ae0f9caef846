package dev.psat.spire.wire.internal;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Selector;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.psat.support.VirtualTime;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes when a test says so, while the callers that it has started wait in
 * vain. For everybody else it stands still, so that a call waits for its answer however
 * slow the machine is.
 */
public final class TestTime implements Time {

	private final VirtualTime time = new VirtualTime();

	/** What is waited for, and how long. */
	private final List<Wait> waits = new CopyOnWriteArrayList<>();

	@Override
	public Clock clock() {
		return this.time.clock();
	}

	@Override
	public long nanos() {
		return this.time.nanos();
	}

	@Override
	public <T> T await(CompletableFuture<T> answer, long nanos)
			throws InterruptedException, ExecutionException, TimeoutException {
		return await(new Wait(answer, nanos, null), answer, nanos);
	}

	private <T> T await(Wait wait, CompletableFuture<T> answer, long nanos)
			throws InterruptedException, ExecutionException, TimeoutException {
		this.waits.add(wait);
		try {
			return this.time.await(answer, nanos);
		}
		finally {
			this.waits.remove(wait);
		}
	}

	@Override
	public void select(Selector selector, long millis) throws IOException {
		CompletableFuture<Integer> ready = run(selector::select, Thread::start);
		try {
			long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
			await(new Wait(ready, nanos, selector), ready, nanos);
		}
		catch (TimeoutException ex) {
			// as if nothing were ready
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException ex) {
			throw new ClosedSelectorException();
		}
		if (!ready.isDone()) {
			selector.wakeup();
		}
		ready.handle((keys, failure) -> keys).join();
	}

	/**
	 * Call something by a thread for which time passes.
	 */
	public <T> CompletableFuture<T> call(Callable<T> task) {
		return run(task, this.time::start);
	}

	private static <T> CompletableFuture<T> run(Callable<T> task, Consumer<Thread> starter) {
		CompletableFuture<T> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				result.complete(task.call());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "caller");
		thread.setDaemon(true);
		starter.accept(thread);
		return result;
	}

	/**
	 * Wait until somebody waits for an answer for as long as this.
	 */
	public void awaitWait(Duration time) {
		awaitUntil(() -> this.waits.stream()
			.anyMatch((wait) -> wait.nanos() == time.toNanos() && !wait.answer().isDone()));
	}

	/**
	 * Let time pass while whatever is not there by now never comes.
	 * @see VirtualTime#passInVain(Duration)
	 */
	public void passInVain(Duration time) {
		readAll();
		this.time.passInVain(time);
	}

	/** A selector may not have noticed yet what is there. */
	private void readAll() {
		List<Wait> selecting = this.waits.stream().filter((wait) -> wait.selector() != null).toList();
		selecting.forEach((wait) -> Objects.requireNonNull(wait.selector()).wakeup());
		awaitUntil(() -> this.waits.stream().noneMatch(selecting::contains));
	}

	private static void awaitUntil(Callable<Boolean> condition) {
		Awaitility.await().pollInterval(Duration.ofMillis(1)).until(condition);
	}

	private record Wait(CompletableFuture<?> answer, long nanos, @Nullable Selector selector) {

	}

}
