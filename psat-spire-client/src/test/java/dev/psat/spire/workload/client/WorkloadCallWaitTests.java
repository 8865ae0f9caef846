package dev.psat.spire.workload.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.TestTime;
import dev.psat.spire.wire.internal.Time;
import dev.psat.support.Patience;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for the waits of a {@link WorkloadCall}, each of which ends by its deadline, by
 * an interrupt and by a close, whatever the agent does not do.
 */
@Timeout(Patience.SECONDS)
class WorkloadCallWaitTests {

	private final TestTime time = new TestTime();

	/** Whether the agent has said all that it says. */
	private final CountDownLatch said = new CountDownLatch(1);

	private final List<AutoCloseable> opened = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (int i = this.opened.size() - 1; i >= 0; i--) {
			this.opened.get(i).close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void waitEndsAtItsDeadline(Phase phase) throws Exception {
		Duration timeout = Duration.ofMillis(150);
		try (WorkloadCall call = phase.begin(this, this.time)) {
			CompletableFuture<WorkloadException> failure = this.time
				.call(() -> catchThrowableOfType(WorkloadException.class,
						() -> call.next(Deadline.in(timeout, this.time))));
			if (phase.isSaid) {
				this.said.await();
			}
			this.time.passInVain(timeout.minusMillis(1));
			assertThat(failure).isNotDone();
			this.time.passInVain(Duration.ofMillis(2));
			assertThat(failure).succeedsWithin(Patience.LIMIT)
				.extracting(WorkloadException::reason)
				.isEqualTo(phase.late);
			assertThat(failure.get()).hasMessageContaining(phase.message);
			assertThat(catchThrowableOfType(WorkloadException.class, () -> call.next(never())).reason())
				.isEqualTo(WorkloadFailureReason.CANCELLED);
		}
	}

	@ParameterizedTest
	@EnumSource
	void waitEndsWhenTheThreadIsInterruptedAndItStaysSo(Phase phase) throws Exception {
		try (WorkloadCall call = phase.begin(this, Time.ofSystem())) {
			Waiter waiter = new Waiter(call);
			waiter.thread.interrupt();
			assertThat(waiter.failure().reason()).isEqualTo(WorkloadFailureReason.CANCELLED);
			assertThat(waiter.failure()).hasMessage("The calling thread was interrupted");
			assertThat(waiter.interrupted).isTrue();
		}
	}

	@ParameterizedTest
	@EnumSource
	void waitEndsWhenTheCallIsClosed(Phase phase) throws Exception {
		try (WorkloadCall call = phase.begin(this, Time.ofSystem())) {
			Waiter waiter = new Waiter(call);
			call.close();
			assertThat(waiter.failure().reason()).isEqualTo(WorkloadFailureReason.CANCELLED);
			assertThat(waiter.failure()).hasMessage("The call was closed");
			assertThat(waiter.interrupted).isFalse();
		}
	}

	@Test
	void closeAtAnyMomentEndsTheCallAndLeavesNoDescriptor() throws Exception {
		try (ScriptedAgent agent = ScriptedAgent.lasting((peer) -> peer.request().grpcHeaders().message("one"))) {
			for (int i = 0; i < 400; i++) {
				closeAfter(agent, i * 2000L);
			}
			long before = descriptors();
			for (int i = 0; i < 400; i++) {
				closeAfter(agent, i * 2000L);
			}
			Awaitility.await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before + 2));
		}
	}

	private static void closeAfter(ScriptedAgent agent, long nanos) throws Exception {
		WorkloadCall call = agent.call();
		FutureTask<@Nullable Exception> task = new FutureTask<>(() -> {
			try {
				while (true) {
					assertThat(call.next(never())).isNotNull();
				}
			}
			catch (Exception ex) {
				return ex;
			}
		});
		new Thread(task).start();
		long start = System.nanoTime();
		while (System.nanoTime() - start < nanos) {
			Thread.onSpinWait();
		}
		call.close();
		assertThat(task.get(Patience.SECONDS, TimeUnit.SECONDS)).isInstanceOfSatisfying(WorkloadException.class,
				(failure) -> assertThat(failure.reason()).isEqualTo(WorkloadFailureReason.CANCELLED));
	}

	@Test
	void interruptAtAnyMomentEndsTheCallAndLeavesNoDescriptor() throws Exception {
		try (ScriptedAgent agent = ScriptedAgent.lasting((peer) -> peer.request().grpcHeaders().message("one"))) {
			for (int i = 0; i < 400; i++) {
				interruptAfter(agent, i * 2000L);
			}
			long before = descriptors();
			for (int i = 0; i < 400; i++) {
				interruptAfter(agent, i * 2000L);
			}
			Awaitility.await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before + 2));
		}
	}

	private static void interruptAfter(ScriptedAgent agent, long nanos) throws Exception {
		FutureTask<Exception> task = new FutureTask<>(() -> {
			try (WorkloadCall call = agent.call()) {
				while (true) {
					assertThat(call.next(never())).isNotNull();
				}
			}
			catch (WorkloadException ex) {
				assertThat(Thread.currentThread().isInterrupted()).isTrue();
				return ex;
			}
		});
		Thread thread = new Thread(task);
		thread.start();
		long start = System.nanoTime();
		while (System.nanoTime() - start < nanos) {
			Thread.onSpinWait();
		}
		thread.interrupt();
		assertThat(task.get(Patience.SECONDS, TimeUnit.SECONDS)).isInstanceOfSatisfying(WorkloadException.class,
				(failure) -> assertThat(failure.reason()).isEqualTo(WorkloadFailureReason.CANCELLED));
	}

	@Test
	void threadThatIsInterruptedDoesNotBegin() throws Exception {
		try (ScriptedAgent agent = ScriptedAgent.lasting(AgentPeer::request); WorkloadCall call = agent.call()) {
			Thread.currentThread().interrupt();
			WorkloadException failure = catchThrowableOfType(WorkloadException.class, () -> call.next(never()));
			assertThat(Thread.interrupted()).isTrue();
			assertThat(failure.reason()).isEqualTo(WorkloadFailureReason.CANCELLED);
			assertThat(agent.accepted).isEmpty();
		}
	}

	@Test
	void callThatWasClosedDoesNotBegin() throws Exception {
		try (ScriptedAgent agent = ScriptedAgent.lasting(AgentPeer::request); WorkloadCall call = agent.call()) {
			call.close();
			call.close();
			assertThat(catchThrowableOfType(WorkloadException.class, () -> call.next(never())).reason())
				.isEqualTo(WorkloadFailureReason.CANCELLED);
			assertThat(agent.accepted).isEmpty();
		}
	}

	@Test
	void streamMayBeSilentAfterAMessage() throws Exception {
		CountDownLatch later = new CountDownLatch(1);
		try (ScriptedAgent agent = ScriptedAgent.lasting((peer) -> {
			peer.request().grpcHeaders().message("one");
			later.await();
			peer.message("two").ok();
		}); WorkloadCall call = agent.call(new byte[0], this.time)) {
			assertThat(call.next(Deadline.in(Duration.ofMillis(500), this.time))).isEqualTo("one".getBytes());
			CompletableFuture<byte[]> second = this.time.call(() -> call.next(Deadline.never(this.time)));
			this.time.passInVain(Duration.ofMinutes(10));
			assertThat(second).isNotDone();
			later.countDown();
			assertThat(second).succeedsWithin(Patience.LIMIT).isEqualTo("two".getBytes());
			assertThat(call.next(Deadline.never(this.time))).isNull();
		}
	}

	@Test
	void callGetsThroughWhenTheQueueIsNoLongerFull() throws Exception {
		Path socket = socket();
		try (ServerSocketChannel listener = listener(socket)) {
			fill(socket);
			Waiter waiter = new Waiter(call(socket, Time.ofSystem()));
			listener.accept().close();
			listener.accept().close();
			try (SocketChannel channel = listener.accept()) {
				new AgentPeer(channel).request().trailers(":status", "200", "grpc-status", "7");
				assertThat(waiter.outcome()).isInstanceOf(GrpcStatus.NotOkException.class);
			}
		}
	}

	@Test
	void messageThatTricklesForEverEndsAtTheDeadline() throws Exception {
		Semaphore more = new Semaphore(0);
		Semaphore sent = new Semaphore(0);
		try (ScriptedAgent agent = new ScriptedAgent((peer) -> {
			peer.request().grpcHeaders().data((byte) 0, (byte) 0, (byte) 100, (byte) 0, (byte) 0);
			while (true) {
				more.acquire();
				peer.data((byte) 7);
				sent.release();
			}
		}); WorkloadCall call = agent.call(new byte[0], this.time)) {
			CompletableFuture<WorkloadException> failure = this.time
				.call(() -> catchThrowableOfType(WorkloadException.class,
						() -> call.next(Deadline.in(Duration.ofMillis(300), this.time))));
			for (int i = 0; i < 29; i++) {
				more.release();
				sent.acquire();
				this.time.passInVain(Duration.ofMillis(10));
			}
			assertThat(failure).isNotDone();
			more.release();
			sent.acquire();
			this.time.passInVain(Duration.ofMillis(11));
			assertThat(failure).succeedsWithin(Patience.LIMIT)
				.extracting(WorkloadException::reason)
				.isEqualTo(WorkloadFailureReason.TIMED_OUT);
		}
	}

	@Test
	void agentThatNeverPausesDoesNotKeepTheCallOpen() throws Exception {
		try (ScriptedAgent agent = new ScriptedAgent((peer) -> {
			peer.request().grpcHeaders().data((byte) 0, (byte) 0, (byte) 255, (byte) 255, (byte) 255);
			while (true) {
				peer.data((byte) 7);
			}
		}); WorkloadCall call = agent.call()) {
			Waiter waiter = new Waiter(call);
			call.close();
			assertThat(waiter.failure().reason()).isEqualTo(WorkloadFailureReason.CANCELLED);
		}
	}

	@Test
	void callOverTcpWaitsForNothingElse() throws Exception {
		try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
				WorkloadCall call = new WorkloadCall(
						WorkloadEndpoint.parse("tcp://127.0.0.1:" + listener.getLocalPort()), "x", new byte[0], "t",
						Time.ofSystem())) {
			Waiter waiter = new Waiter(call);
			try (Socket socket = listener.accept()) {
				socket.getOutputStream().write(AgentPeer.encode(FrameReader.Type.SETTINGS, 0, 0));
				socket.getOutputStream()
					.write(AgentPeer.encode(FrameReader.Type.HEADERS, 5, 1,
							AgentPeer.block(":status", "200", "grpc-status", "12")));
				assertThat(waiter.outcome()).isInstanceOf(GrpcStatus.NotOkException.class);
			}
		}
	}

	private Path socket() throws IOException {
		Path directory = Files.createTempDirectory("waits");
		Path socket = directory.resolve("s");
		this.opened.add(() -> {
			Files.deleteIfExists(socket);
			Files.delete(directory);
		});
		return socket;
	}

	private static ServerSocketChannel listener(Path socket) throws IOException {
		ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		return listener.bind(UnixDomainSocketAddress.of(socket), 1);
	}

	/**
	 * Fill the queue of a listener that accepts nothing.
	 */
	private void fill(Path socket) throws IOException {
		for (int i = 0; i < 2; i++) {
			this.opened.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
		}
	}

	private static Deadline never() {
		return Deadline.never(Time.ofSystem());
	}

	private static WorkloadCall call(Path socket, Time time) {
		return new WorkloadCall(WorkloadEndpoint.parse("unix://" + socket), "x", new byte[0], "test/1",
				Time.ofSystem());
	}

	private static long descriptors() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.count();
		}
	}

	/**
	 * What the agent does not do.
	 */
	enum Phase {

		ACCEPT(WorkloadFailureReason.UNREACHABLE, "accepts no connection") {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test, Time time) throws Exception {
				Path socket = test.socket();
				test.opened.add(listener(socket));
				test.fill(socket);
				return call(socket, time);
			}

		},

		READ(WorkloadFailureReason.TIMED_OUT, "did not answer") {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test, Time time) throws Exception {
				return agent(test, (peer) -> {
					peer.frame(FrameReader.Type.SETTINGS, 0, 0)
						.frame(FrameReader.Type.WINDOW_UPDATE, 0, 0, AgentPeer.numbers(1 << 30))
						.frame(FrameReader.Type.WINDOW_UPDATE, 0, 1, AgentPeer.numbers(1 << 30));
					new CountDownLatch(1).await();
				}).call(new byte[10_000_000], time);
			}

		},

		BEGIN(WorkloadFailureReason.TIMED_OUT, "did not answer") {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test, Time time) throws Exception {
				return agent(test, AgentPeer::drain).call(new byte[0], time);
			}

		},

		ANSWER(WorkloadFailureReason.TIMED_OUT, "did not answer") {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test, Time time) throws Exception {
				return agent(test, AgentPeer::request).call(new byte[0], time);
			}

		},

		SEND(WorkloadFailureReason.TIMED_OUT, "did not send a whole message", true) {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test, Time time) throws Exception {
				return agent(test, (peer) -> peer.request().grpcHeaders()).call(new byte[0], time);
			}

		},

		COMPLETE(WorkloadFailureReason.TIMED_OUT, "did not send a whole message", true) {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test, Time time) throws Exception {
				return agent(test, (peer) -> peer.request().grpcHeaders().data(new byte[] { 0, 0, 0, 0, 9, 1 }))
					.call(new byte[0], time);
			}

		},

		CONTINUE(WorkloadFailureReason.TIMED_OUT, "did not send a whole message") {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test, Time time) throws Exception {
				WorkloadCall call = agent(test, (peer) -> peer.request().grpcHeaders().message("one")).call(new byte[0],
						time);
				assertThat(call.next(never())).isNotNull();
				return call;
			}

		};

		private final WorkloadFailureReason late;

		private final String message;

		private final boolean isSaid;

		Phase(WorkloadFailureReason late, String message) {
			this(late, message, false);
		}

		Phase(WorkloadFailureReason late, String message, boolean isSaid) {
			this.late = late;
			this.message = message;
			this.isSaid = isSaid;
		}

		abstract WorkloadCall begin(WorkloadCallWaitTests test, Time time) throws Exception;

		private static ScriptedAgent agent(WorkloadCallWaitTests test, ScriptedAgent.Handler handler) {
			ScriptedAgent agent = ScriptedAgent.lasting((peer) -> {
				handler.handle(peer);
				test.said.countDown();
			});
			test.opened.add(agent);
			return agent;
		}

	}

	/**
	 * A thread that waits for an answer.
	 */
	private static final class Waiter {

		private final FutureTask<@Nullable Exception> task;

		private final Thread thread;

		private volatile boolean interrupted;

		Waiter(WorkloadCall call) {
			Callable<@Nullable Exception> wait = () -> {
				try {
					call.next(never());
					return null;
				}
				catch (Exception ex) {
					return ex;
				}
				finally {
					this.interrupted = Thread.currentThread().isInterrupted();
				}
			};
			this.task = new FutureTask<>(wait);
			this.thread = new Thread(this.task, "waiter");
			this.thread.setDaemon(true);
			this.thread.start();
			Awaitility.await()
				.pollInterval(Duration.ofMillis(1))
				.until(() -> Stream.of(this.thread.getStackTrace())
					.anyMatch((element) -> element.getMethodName().equals("exchange")
							|| element.getMethodName().equals("select")));
		}

		@Nullable Exception outcome() throws Exception {
			return this.task.get(Patience.SECONDS, TimeUnit.SECONDS);
		}

		WorkloadException failure() throws Exception {
			return (WorkloadException) Objects.requireNonNull(outcome());
		}

	}

}
