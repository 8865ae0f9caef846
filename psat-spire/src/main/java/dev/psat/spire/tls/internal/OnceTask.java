package dev.psat.spire.tls.internal;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task of whoever uses a connection, which runs once something has happened, and only
 * once. One that fails hinders nobody else.
 */
final class OnceTask {

	private static final Runnable HAPPENED = () -> {
	};

	private static final Logger logger = LoggerFactory.getLogger(TlsIdentity.class);

	private final AtomicReference<@Nullable Runnable> task = new AtomicReference<>();

	/**
	 * Have a task run once it has happened, or now if it has.
	 * @param task the task, which takes the place of an earlier one
	 */
	void set(Runnable task) {
		Objects.requireNonNull(task, "'task' must not be null");
		if (this.task.getAndUpdate((current) -> (current != HAPPENED) ? task : current) == HAPPENED) {
			task.run();
		}
	}

	/**
	 * Return whether there is a task that has not run.
	 */
	boolean isPending() {
		Runnable task = this.task.get();
		return task != null && task != HAPPENED;
	}

	/**
	 * Run the task if there is one, since it has happened.
	 */
	void run() {
		Runnable task = this.task.getAndSet(HAPPENED);
		if (task == null) {
			return;
		}
		try {
			task.run();
		}
		// an error of the task says nothing of the connection, which is counted
		catch (Throwable ex) {
			logger.debug("A connection could not be taken out of use", ex);
		}
	}

}
