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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcStatus;
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

	private static final Deadline SOON = Deadline.in(Duration.ofHours(1), Time.ofSystem());

	/** For an agent that begins to answer, on a busy machine. */
	private static final Duration LONG_ENOUGH_TO_BEGIN = Duration.ofSeconds(2);

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
		try (WorkloadCall call = phase.begin(this)) {
			long start = System.nanoTime();
			WorkloadException failure = catchThrowableOfType(WorkloadException.class,
					() -> call.next(Deadline.in(phase.time, Time.ofSystem())));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(phase.time.minusMillis(1));
			assertThat(failure.reason()).isEqualTo(phase.late);
			assertThat(failure).hasMessageContaining(phase.message);
			assertThat(catchThrowableOfType(WorkloadException.class, () -> call.next(Deadline.never(Time.ofSystem())))
				.reason()).isEqualTo(WorkloadFailureReason.CANCELLED);
		}
	}

	@ParameterizedTest
	@EnumSource
	void waitEndsWhenTheThreadIsInterruptedAndItStaysSo(Phase phase) throws Exception {
		try (WorkloadCall call = phase.begin(this)) {
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
		try (WorkloadCall call = phase.begin(this)) {
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
					assertThat(call.next(SOON)).isNotNull();
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
					assertThat(call.next(SOON)).isNotNull();
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
			WorkloadException failure = catchThrowableOfType(WorkloadException.class, () -> call.next(SOON));
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
			assertThat(catchThrowableOfType(WorkloadException.class, () -> call.next(SOON)).reason())
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
		}); WorkloadCall call = agent.call()) {
			Deadline deadline = Deadline.in(Duration.ofMillis(500), Time.ofSystem());
			assertThat(call.next(SOON)).isEqualTo("one".getBytes());
			Awaitility.await().until(deadline::isPassed);
			later.countDown();
			assertThat(call.next(Deadline.never(Time.ofSystem()))).isEqualTo("two".getBytes());
			assertThat(call.next(Deadline.never(Time.ofSystem()))).isNull();
		}
	}

	@Test
	void callGetsThroughWhenTheQueueIsNoLongerFull() throws Exception {
		Path socket = socket();
		try (ServerSocketChannel listener = listener(socket)) {
			fill(socket);
			Waiter waiter = new Waiter(call(socket));
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
		try (ScriptedAgent agent = new ScriptedAgent((peer) -> {
			peer.request().grpcHeaders().data((byte) 0, (byte) 0, (byte) 100, (byte) 0, (byte) 0);
			while (true) {
				peer.data((byte) 7);
				Thread.sleep(1);
			}
		}); WorkloadCall call = agent.call()) {
			assertThat(catchThrowableOfType(WorkloadException.class,
					() -> call.next(Deadline.in(Duration.ofMillis(300), Time.ofSystem())))
				.reason()).isEqualTo(WorkloadFailureReason.TIMED_OUT);
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

	private static WorkloadCall call(Path socket) {
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
			WorkloadCall begin(WorkloadCallWaitTests test) throws Exception {
				Path socket = test.socket();
				test.opened.add(listener(socket));
				test.fill(socket);
				return call(socket);
			}

		},

		READ(WorkloadFailureReason.TIMED_OUT, "did not answer") {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test) throws Exception {
				return agent(test, (peer) -> {
					peer.frame(FrameReader.Type.SETTINGS, 0, 0)
						.frame(FrameReader.Type.WINDOW_UPDATE, 0, 0, AgentPeer.numbers(1 << 30))
						.frame(FrameReader.Type.WINDOW_UPDATE, 0, 1, AgentPeer.numbers(1 << 30));
					new CountDownLatch(1).await();
				}).call(new byte[10_000_000]);
			}

		},

		BEGIN(WorkloadFailureReason.TIMED_OUT, "did not answer") {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test) throws Exception {
				return agent(test, AgentPeer::drain).call();
			}

		},

		ANSWER(WorkloadFailureReason.TIMED_OUT, "did not answer") {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test) throws Exception {
				return agent(test, AgentPeer::request).call();
			}

		},

		SEND(WorkloadFailureReason.TIMED_OUT, "did not send a whole message", LONG_ENOUGH_TO_BEGIN) {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test) throws Exception {
				return agent(test, (peer) -> peer.request().grpcHeaders()).call();
			}

		},

		COMPLETE(WorkloadFailureReason.TIMED_OUT, "did not send a whole message", LONG_ENOUGH_TO_BEGIN) {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test) throws Exception {
				return agent(test, (peer) -> peer.request().grpcHeaders().data(new byte[] { 0, 0, 0, 0, 9, 1 })).call();
			}

		},

		CONTINUE(WorkloadFailureReason.TIMED_OUT, "did not send a whole message") {

			@Override
			WorkloadCall begin(WorkloadCallWaitTests test) throws Exception {
				WorkloadCall call = agent(test, (peer) -> peer.request().grpcHeaders().message("one")).call();
				assertThat(call.next(SOON)).isNotNull();
				return call;
			}

		};

		private final WorkloadFailureReason late;

		private final String message;

		private final Duration time;

		Phase(WorkloadFailureReason late, String message) {
			this(late, message, Duration.ofMillis(150));
		}

		Phase(WorkloadFailureReason late, String message, Duration time) {
			this.late = late;
			this.message = message;
			this.time = time;
		}

		abstract WorkloadCall begin(WorkloadCallWaitTests test) throws Exception;

		private static ScriptedAgent agent(WorkloadCallWaitTests test, ScriptedAgent.Handler handler) {
			ScriptedAgent agent = ScriptedAgent.lasting(handler);
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
					call.next(Deadline.never(Time.ofSystem()));
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
