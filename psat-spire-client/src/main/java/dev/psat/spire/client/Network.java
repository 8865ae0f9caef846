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

import dev.psat.spire.wire.internal.Time;

record Network(Resolver resolver, TransportThreads threads, AddressOrder order, Timeouts timeouts, Time time) {

	Network(Resolver resolver, Timeouts timeouts, Time time) {
		this(resolver, new TransportThreads(timeouts.sockets().idle()), new AddressOrder(time, timeouts.rest()),
				timeouts, time);
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
	 * @param settling how long the first call on a connection keeps others from it
	 * @param silence until a connection on which nothing is heard is probed
	 * @param judgement until the answer to a probe
	 * @param attestationJudgement the same while an attestation waits, which the verdict
	 * ends
	 * @param probe until a probe is given up, for which nobody waits so long
	 * @param rest how long a failure at an address keeps calls from it
	 */
	record Timeouts(Duration connect, Duration handshake, Duration settling, Duration silence,
			Duration attestationSilence, Duration judgement, Duration attestationJudgement, Duration probe,
			Duration rest, Sockets sockets) {

		static Timeouts usual() {
			Duration connect = Duration.ofSeconds(3);
			Duration handshake = Duration.ofSeconds(5);
			Sockets sockets = new Sockets(connect, handshake, Duration.ofSeconds(3),
					connect.plus(handshake).plusSeconds(2), Duration.ofSeconds(1));
			return new Timeouts(connect, handshake, Duration.ofMillis(200), Duration.ofSeconds(2),
					Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(10),
					Duration.ofSeconds(1), sockets);
		}

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
	 * What the JDK measures itself, in real time.
	 *
	 * @param greeting until a server that has completed a handshake says something
	 * @param client until an HTTP client gives up connecting, longer than its callers
	 * @param idle until a thread ends that has nothing to do
	 */
	record Sockets(Duration connect, Duration handshake, Duration greeting, Duration client, Duration idle) {

	}

	/**
	 * Daemons that end after being idle for a while, so that nobody has to shut them
	 * down. They inherit no thread locals, context class loader or priority from their
	 * callers, and neither do the threads of an HTTP client that is created on one.
	 */
	static final class TransportThreads implements Executor {

		private final Executor threads;

		TransportThreads(Duration idle) {
			this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, idle.toNanos(), TimeUnit.NANOSECONDS,
					new SynchronousQueue<>(), TransportThreads::create);
		}

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
