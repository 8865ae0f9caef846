package dev.psat.spire.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

record Network(Resolver resolver, TransportThreads threads, AddressOrder order, Timeouts timeouts) {

	Network(Resolver resolver) {
		this(resolver, Timeouts.DEFAULT);
	}

	Network(Resolver resolver, Timeouts timeouts) {
		this(resolver, new TransportThreads(), new AddressOrder(), timeouts);
	}

	@FunctionalInterface
	interface Resolver {

		/** Caches a name for 30 seconds, or as {@code networkaddress.cache.ttl} says. */
		Resolver SYSTEM = (host) -> List.of(InetAddress.getAllByName(host));

		List<InetAddress> resolve(String host) throws UnknownHostException;

	}

	/**
	 * @param handshake longer, since a JVM that has just started takes seconds for its
	 * first handshake where it has little of a processor
	 * @param greeting until a server that has completed a handshake says something
	 * @param silence until a connection on which nothing is heard is probed
	 * @param judgement until the answer to a probe
	 * @param attestationJudgement the same while an attestation waits, which the verdict
	 * ends
	 */
	record Timeouts(Duration connect, Duration handshake, Duration greeting, Duration silence,
			Duration attestationSilence, Duration judgement, Duration attestationJudgement) {

		static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(5),
				Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(3),
				Duration.ofSeconds(5));

		Duration both() {
			return this.connect.plus(this.handshake);
		}

		Duration silence(GrpcCall call) {
			return call.isAttestation() ? this.attestationSilence : this.silence;
		}

		Duration judgement(GrpcCall call) {
			return call.isAttestation() ? this.attestationJudgement : this.judgement;
		}

	}

	/**
	 * Daemons that end after being idle for a second, so that nobody has to shut them
	 * down. They inherit no thread locals, context class loader or priority from their
	 * callers, and neither do the threads of an HTTP client that is created on one.
	 */
	static final class TransportThreads implements Executor {

		private final Executor threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS,
				new SynchronousQueue<>(), TransportThreads::create);

		private static Thread create(Runnable task) {
			Thread thread = new Thread(null, task, "psat-spire-transport", 0, false);
			thread.setDaemon(true);
			thread.setPriority(Thread.NORM_PRIORITY);
			thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
			return thread;
		}

		@Override
		public void execute(Runnable task) {
			this.threads.execute(task);
		}

		/** Run an uninterruptible task, so that nobody has to wait for it to end. */
		<T> CompletableFuture<T> submit(Callable<T> task) {
			CompletableFuture<T> result = new CompletableFuture<>();
			execute(() -> {
				try {
					result.complete(task.call());
				}
				catch (Throwable ex) {
					result.completeExceptionally(ex);
				}
			});
			return result;
		}

	}

}
